//! A network's parameters and statistics, owned.

use super::Network;
use crate::kernel::Real;
use crate::layer::{Layer, Nonlinearity, as_mut_slice, as_slice, zeroed};
use crate::optim::Groups;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use core::fmt::{self, Debug, Formatter};
use core::ops::{Deref, DerefMut};
use rand::Rng;

/// The parameters of a network, and what it keeps beside them, such as running means.
///
/// Both lie on the heap. A model dereferences to its parameters, which are the fields of the
/// network's struct: `model.fc1.weight`.
///
/// ```
/// use formwork::prelude::*;
/// use rand::SeedableRng;
///
/// network! {
///     pub struct Gate: Vector<2> => Vector<1> { fc1: Dense<8>, Tanh, fc2: Dense<1> }
/// }
///
/// let mut rng = Generator::seed_from_u64(1);
/// let mut model = Model::<Gate>::new(&mut rng);
/// model.fc2.bias[0] = 0.5;
/// assert_eq!(model.parameters().len(), Gate::PARAMETERS);
/// ```
pub struct Model<N: Network, T: Real = f32> {
    /// What is trained.
    pub params: Box<N::Params<T>>,
    /// What is not.
    pub stats: Box<N::Stats<T>>,
}

impl<N: Network, T: Real> Model<N, T> {
    /// A model with initial parameters drawn from `rng`.
    pub fn new(rng: &mut impl Rng) -> Self {
        let mut model = Self::zeroed();
        <N as Layer<N::Input>>::init(
            &mut model.params,
            &mut model.stats,
            Nonlinearity::Linear,
            rng,
        );
        model
    }

    /// A model with all parameters and statistics zero.
    pub fn zeroed() -> Self {
        Self { params: zeroed(), stats: zeroed() }
    }

    /// All parameters, in the order of the layers.
    pub fn parameters(&self) -> &[T] {
        as_slice(&*self.params)
    }

    /// All parameters, in the order of the layers, to be written.
    pub fn parameters_mut(&mut self) -> &mut [T] {
        as_mut_slice(&mut *self.params)
    }

    /// The tensors among the parameters, for an optimiser that does not treat all of them alike.
    pub fn groups() -> Groups {
        Groups::of::<T, N::Params<T>>()
    }

    /// All statistics, in the order of the layers.
    pub fn statistics(&self) -> &[T] {
        as_slice(&*self.stats)
    }

    /// All statistics, in the order of the layers, to be written.
    pub fn statistics_mut(&mut self) -> &mut [T] {
        as_mut_slice(&mut *self.stats)
    }

    /// The model as an expression of Rust, [`Weights`](super::Weights) in constants: what a build script
    /// writes for a program that has no files. Each number is written as short as makes it the same.
    ///
    /// ```no_run
    /// use formwork::prelude::*;
    ///
    /// network! { struct Gate: Vector<2> => Vector<1> { fc1: Dense<8>, Tanh, fc2: Dense<1> } }
    ///
    /// // build.rs
    /// fn main() -> Result<(), Box<dyn std::error::Error>> {
    ///     let model = Model::<Gate>::load("gate.safetensors")?; // names and shapes are checked
    ///     std::fs::write(format!("{}/gate.rs", std::env::var("OUT_DIR")?), model.to_source())?;
    ///     Ok(())
    /// }
    ///
    /// // main.rs
    /// // static GATE: Weights<Gate> = include!(concat!(env!("OUT_DIR"), "/gate.rs"));
    /// ```
    pub fn to_source(&self) -> String {
        let (parameters, statistics) = (self.parameters(), self.statistics());
        format!("::formwork::Weights::new(&{parameters:?}, &{statistics:?})\n")
    }

    /// Takes over the parameters and statistics of another model of the same network.
    pub fn copy_from(&mut self, other: &Self) {
        self.parameters_mut().copy_from_slice(other.parameters());
        self.statistics_mut().copy_from_slice(other.statistics());
    }
}

impl<N: Network, T: Real> Clone for Model<N, T> {
    fn clone(&self) -> Self {
        let mut clone = Self::zeroed();
        clone.copy_from(self);
        clone
    }
}

/// Without the values, of which there may be millions.
impl<N: Network, T: Real> Debug for Model<N, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "Model<{}> of {} parameters", N::NAME, N::PARAMETERS)
    }
}

impl<N: Network, T: Real> Deref for Model<N, T> {
    type Target = N::Params<T>;

    fn deref(&self) -> &Self::Target {
        &self.params
    }
}

impl<N: Network, T: Real> DerefMut for Model<N, T> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.params
    }
}
