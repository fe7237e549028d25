//! A network's parameters and statistics, wherever they lie.

use super::{Model, Network};
use crate::kernel::Real;
use crate::layer::{Plain, as_slice, from_slice};
use alloc::boxed::Box;
use alloc::rc::Rc;
#[cfg(target_has_atomic = "ptr")]
use alloc::sync::Arc;
use core::fmt::{self, Debug, Formatter};

/// The parameters and statistics of a network, seen where they lie: in a [`Model`], or in the constants
/// of a program, which on a microcontroller are in flash.
///
/// ```
/// use formwork::{Weights, prelude::*};
///
/// network! { struct Gate: Vector<2> => Vector<1> { fc: Dense<1> } }
///
/// // `Model::to_source` writes this expression.
/// static GATE: Weights<Gate> = Weights::new(&[0.5, -0.5, 1.0], &[]);
///
/// let mut stream = Stream::new(GATE, 1);
/// assert_eq!(stream.step(&[4.0, 2.0])[0], 0.5 * 4.0 - 0.5 * 2.0 + 1.0);
/// ```
///
/// Those of another network do not compile:
///
/// ```compile_fail
/// use formwork::{Weights, prelude::*};
///
/// network! { struct Gate: Vector<2> => Vector<1> { fc: Dense<1> } }
///
/// static GATE: Weights<Gate> = Weights::new(&[0.5, -0.5], &[]); // as many parameters as it has
/// ```
pub struct Weights<'a, N: Network, T: Real = f32> {
    /// What is trained.
    pub params: &'a N::Params<T>,
    /// What is not.
    pub stats: &'a N::Stats<T>,
}

impl<'a, N: Network, T: Real> Weights<'a, N, T> {
    /// Of parameters in the order of [`Model::parameters`], and statistics in that of
    /// [`Model::statistics`].
    ///
    /// # Panics
    /// If there are more or fewer than the network has; in a constant, that is an error of compilation.
    pub const fn new(parameters: &'a [T], statistics: &'a [T]) -> Self {
        assert!(
            parameters.len() == <N::Params<T> as Plain<T>>::LEN,
            "weights have as many parameters as their network"
        );
        assert!(
            statistics.len() == <N::Stats<T> as Plain<T>>::LEN,
            "weights have as many statistics as their network"
        );
        Self { params: from_slice(parameters), stats: from_slice(statistics) }
    }

    /// All parameters, in the order of the layers.
    pub fn parameters(self) -> &'a [T] {
        as_slice(self.params)
    }

    /// All statistics, in the order of the layers.
    pub fn statistics(self) -> &'a [T] {
        as_slice(self.stats)
    }
}

impl<N: Network, T: Real> Clone for Weights<'_, N, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<N: Network, T: Real> Copy for Weights<'_, N, T> {}

impl<N: Network, T: Real> Debug for Weights<'_, N, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "Weights<{}> of {} parameters", N::NAME, N::PARAMETERS)
    }
}

/// What has the weights of a network: a [`Model`], [`Weights`], and whatever refers to one of them.
pub trait HasWeights {
    /// The network.
    type Network: Network;
    /// What it computes in.
    type Scalar: Real;

    /// The weights.
    fn weights(&self) -> Weights<'_, Self::Network, Self::Scalar>;
}

impl<N: Network, T: Real> HasWeights for Model<N, T> {
    type Network = N;
    type Scalar = T;

    fn weights(&self) -> Weights<'_, N, T> {
        Weights { params: &self.params, stats: &self.stats }
    }
}

impl<N: Network, T: Real> HasWeights for Weights<'_, N, T> {
    type Network = N;
    type Scalar = T;

    fn weights(&self) -> Weights<'_, N, T> {
        *self
    }
}

macro_rules! refers {
    ($($(#[$if:meta])? $refers:ty,)*) => {$(
        $(#[$if])?
        impl<M: HasWeights> HasWeights for $refers {
            type Network = M::Network;
            type Scalar = M::Scalar;

            fn weights(&self) -> Weights<'_, M::Network, M::Scalar> {
                (**self).weights()
            }
        }
    )*};
}
refers! { &M, Box<M>, Rc<M>, #[cfg(target_has_atomic = "ptr")] Arc<M>, }
