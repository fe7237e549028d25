//! What a layer of a WaveNet keeps.

use super::{Affine, Map};
use crate::kernel::{Buffer, Real};
use crate::layer::{Layer, Memory, Scratch, Tape};
use crate::layers::{CausalConv1d, CausalTape};
use crate::shape::{Dimension, Vector};

/// What a layer of a WaveNet keeps: `C` channels, `K` taps, the dilation `D`, `Z` inputs of the
/// activation `F`, a condition of `N`.
pub struct WaveNetLayerTape<C, K, D, Z, N, F, T>
where
    C: Dimension,
    K: Dimension,
    D: Dimension,
    Z: Dimension,
    N: Dimension,
    F: Layer<Vector<Z>>,
    T: Real,
{
    pub(super) conv: CausalTape<CausalConv1d<Z, K, D>, Vector<C>, T>,
    pub(super) mix: CausalTape<Map<Z>, Vector<N>, T>,
    pub(super) out: CausalTape<Affine<C>, Vector<C>, T>,
    pub(super) activation: F::Tape<T>,
    /// `Z x columns`: what goes into the activation.
    pub(super) z: Buffer<T>,
    /// `C x columns`: what comes out of it.
    pub(super) a: Buffer<T>,
    /// `C x columns`, `N x columns`: what came in.
    pub(super) signal: Buffer<T>,
    pub(super) condition: Buffer<T>,
    /// The gradients by them, and what is added to those by the signal and the condition.
    pub(super) dz: Buffer<T>,
    pub(super) da: Buffer<T>,
    pub(super) ds: Buffer<T>,
    pub(super) more_ds: Buffer<T>,
    pub(super) more_dc: Buffer<T>,
}

impl<C, K, D, Z, N, F, T> Tape for WaveNetLayerTape<C, K, D, Z, N, F, T>
where
    C: Dimension,
    K: Dimension,
    D: Dimension,
    Z: Dimension,
    N: Dimension,
    F: Layer<Vector<Z>>,
    T: Real,
{
    const MEMORY: Memory = <CausalTape<CausalConv1d<Z, K, D>, Vector<C>, T> as Tape>::MEMORY
        .and(<CausalTape<Map<Z>, Vector<N>, T> as Tape>::MEMORY)
        .and(<CausalTape<Affine<C>, Vector<C>, T> as Tape>::MEMORY)
        .and(<F::Tape<T> as Tape>::MEMORY)
        .and(Memory::per_column(2 * Z::USIZE + 5 * C::USIZE + 2 * N::USIZE));
    const INFERENCE: Memory = <CausalTape<CausalConv1d<Z, K, D>, Vector<C>, T> as Tape>::INFERENCE
        .and(<CausalTape<Map<Z>, Vector<N>, T> as Tape>::INFERENCE)
        .and(<CausalTape<Affine<C>, Vector<C>, T> as Tape>::INFERENCE)
        .and(<F::Tape<T> as Tape>::INFERENCE)
        .and(Memory::per_column(Z::USIZE))
        .and(Memory::per_column(C::USIZE));
    const SCRATCH: Scratch = <CausalTape<CausalConv1d<Z, K, D>, Vector<C>, T> as Tape>::SCRATCH
        .or(<CausalTape<Map<Z>, Vector<N>, T> as Tape>::SCRATCH)
        .or(<CausalTape<Affine<C>, Vector<C>, T> as Tape>::SCRATCH)
        .or(<F::Tape<T> as Tape>::SCRATCH);

    fn new(columns: usize, lanes: usize, training: bool) -> Self {
        let always = |rows: usize| Buffer::zeroed(rows * columns);
        let for_backward = |rows: usize| Buffer::zeroed(if training { rows * columns } else { 0 });
        Self {
            conv: Tape::new(columns, lanes, training),
            mix: Tape::new(columns, lanes, training),
            out: Tape::new(columns, lanes, training),
            activation: Tape::new(columns, lanes, training),
            z: always(Z::USIZE),
            a: always(C::USIZE),
            signal: for_backward(C::USIZE),
            condition: for_backward(N::USIZE),
            dz: for_backward(Z::USIZE),
            da: for_backward(C::USIZE),
            ds: for_backward(C::USIZE),
            more_ds: for_backward(C::USIZE),
            more_dc: for_backward(N::USIZE),
        }
    }
}
