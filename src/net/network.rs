//! Whole networks: what `network!` implements.

use crate::kernel::Real;
use crate::layer::{Layer, Memory, Plain, State, Tape};
use crate::shape::{Sample, Shape, differs};
use alloc::string::String;
use nalgebra::{DimName, Dyn, MatrixView, MatrixViewMut};

/// A network with concrete dimensions, as `network!` declares it.
///
/// Its facts are constants, so that a program can insist on them:
///
/// ```
/// use formwork::prelude::*;
///
/// network! {
///     struct Gate: Vector<2> => Vector<1> { fc1: Dense<8>, Tanh, fc2: Dense<1> }
/// }
///
/// const _: () = assert!(Gate::PARAMETERS == 2 * 8 + 8 + 8 + 1);
/// const _: () = assert!(Gate::PARAMETER_BYTES < 1024);
/// const _: () = assert!(Gate::WORKSPACE.bytes(32) < 16 * 1024);
/// ```
#[diagnostic::on_unimplemented(
    message = "this is no network whose dimensions are known",
    label = "one that is generic in its dimensions is a layer of another",
    note = "`network! {{ struct Mine: Vector<8> => Vector<2> {{ inner: Generic<32> }} }}`"
)]
pub trait Network: Layer<Self::Input, Out = Self::Output> {
    /// The shape that goes in.
    type Input: Shape;
    /// The shape that comes out.
    type Output: Shape;
    /// What one sample is, in plain numbers.
    type Sample: Sample;
    /// The number of outputs, in plain numbers: `Const<10>`.
    type Outputs: DimName;
    /// The network's name.
    const NAME: &'static str;

    /// The number of trained parameters.
    const PARAMETERS: usize = <Self::Params<f32> as Plain<f32>>::LEN;
    /// Bytes of the trained parameters in `f32`.
    const PARAMETER_BYTES: usize = 4 * Self::PARAMETERS;
    /// Memory that training needs beside the parameters and their gradient: activations, their
    /// gradients, what layers keep for backward, and outputs. Each piece of it is rounded up to a
    /// multiple of 64 bytes. Whatever the network, each thread that multiplies larger matrices has
    /// 272 KiB of its own besides, from its first such product on.
    const WORKSPACE: Memory = <Self::Tape<f32> as Tape>::MEMORY
        .and(<Self::Tape<f32> as Tape>::SCRATCH.memory())
        .and(copy_of::<Self::Input>())
        .and(
            Memory::per_column(2 * Self::Output::SIZE)
                .and(copy_of::<Self::Output>())
                .and(copy_of::<Self::Output>())
                .after(Self::STEPS),
        );
    /// Memory that a [`Stream`](crate::Stream) of one sequence takes of a [`Heap`](crate::Heap), the
    /// whole of it, in bytes: all but the parameters and statistics.
    ///
    /// ```
    /// use formwork::prelude::*;
    ///
    /// network! { struct Sine: Vector<1> => Vector<1> { fc1: Dense<16>, Relu, fc2: Dense<1> } }
    ///
    /// const _: () = assert!(Sine::STREAM <= 1024); // or it does not compile
    /// ```
    const STREAM: usize = <Self::Tape<f32> as Tape>::INFERENCE
        .and(Memory::fixed(size_of::<Self::Tape<f32>>().div_ceil(4)))
        .and(<Self::State<f32> as State<f32>>::MEMORY)
        .and(<Self::Tape<f32> as Tape>::SCRATCH.inference(1))
        .and(copy_of::<Self::Input>())
        .and(
            Memory::per_column(Self::Output::SIZE)
                .and(copy_of::<Self::Output>())
                .after(Self::STEPS),
        )
        .lines(1);
    /// How many steps of a sequence an output depends on, the last of which is its own: 1 for a network
    /// that treats each step alone, [`UNLIMITED`](crate::layer::UNLIMITED) for one with recurrent layers. Layers in a stack add to
    /// it; of branches, the one counts that looks back furthest. They are steps of the input, and where
    /// several go in at a time, the last of these is an output's own.
    ///
    /// ```
    /// use formwork::prelude::*;
    ///
    /// network! {
    ///     struct Echo: Vector<1> => Vector<1> {
    ///         conv1: CausalConv1d<4, 3>,
    ///         Tanh,
    ///         conv2: CausalConv1d<1, 3, dilation = 2>,
    ///     }
    /// }
    /// const _: () = assert!(Echo::RECEPTIVE_FIELD == 1 + 2 + 2 * 2);
    /// ```
    const RECEPTIVE_FIELD: usize = Self::LOOKS_BACK.saturating_add(1);
    /// Floating-point operations of a forward pass, for one sample.
    const FLOP: usize = Self::OPERATIONS;

    /// The network as a table: layers, output shapes, parameters, operations.
    ///
    /// ```
    /// use formwork::prelude::*;
    ///
    /// network! {
    ///     struct Gate: Vector<2> => Vector<1> { fc1: Dense<8>, Tanh, fc2: Dense<1> }
    /// }
    /// assert!(Gate::summary().contains("Dense<8>"));
    /// ```
    fn summary() -> String {
        super::summary::summary::<Self>()
    }
}

/// Memory for the columns of a shape in another order, where the two orders differ.
const fn copy_of<S: Shape>() -> Memory {
    Memory::per_column(if differs::<S>() { S::SIZE } else { 0 })
}

/// What comes out of the network `N`: a column for each sample, images in the order channels, height,
/// width.
pub type OutputMatrix<'a, N, T> = crate::loss::OutputMatrix<'a, T, <N as Network>::Outputs>;
/// As [`OutputMatrix`], to be written: the gradient of a loss by the outputs.
pub type OutputMatrixMut<'a, N, T> = crate::loss::OutputMatrixMut<'a, T, <N as Network>::Outputs>;

/// Outputs as a matrix.
pub(super) fn outputs<N: Network, T: Real>(outputs: &[T]) -> OutputMatrix<'_, N, T> {
    let columns = Dyn(outputs.len() / N::Outputs::DIM.max(1));
    // SAFETY: that many columns have no more elements than there are.
    unsafe { MatrixView::from_slice_generic_unchecked(outputs, 0, N::Outputs::name(), columns) }
}

/// As [`outputs`], to be written.
pub(super) fn outputs_mut<N: Network, T: Real>(outputs: &mut [T]) -> OutputMatrixMut<'_, N, T> {
    let columns = Dyn(outputs.len() / N::Outputs::DIM.max(1));
    // SAFETY: as in `outputs`.
    unsafe { MatrixViewMut::from_slice_generic_unchecked(outputs, 0, N::Outputs::name(), columns) }
}
