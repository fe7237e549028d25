//! What a layer that a condition modulates keeps.

use super::Map;
use crate::kernel::{Buffer, Real};
use crate::layer::{Layer, Memory, Scratch, Tape};
use crate::layers::CausalTape;
use crate::shape::{Dimension, Shape, Vector};

/// What is kept of `C` channels beside a condition of `N`, from which the layers `F` make `Outs`.
pub struct FilmTape<C, N, F, T>
where
    C: Dimension,
    N: Dimension,
    F: Layer<Vector<C>>,
    T: Real,
{
    pub(super) layers: F::Tape<T>,
    pub(super) map: MapTape<C, N, F, T>,
    /// `C x columns`, `N x columns`: what came in.
    pub(super) signal: Buffer<T>,
    pub(super) condition: Buffer<T>,
    /// `Outs x columns`: what the layers make of the signal.
    pub(super) made: Buffer<T>,
    /// `2 Outs x columns`: `gamma` and `beta`.
    pub(super) modulation: Buffer<T>,
    /// The gradients by all of them.
    pub(super) dsignal: Buffer<T>,
    pub(super) dcondition: Buffer<T>,
    pub(super) dmade: Buffer<T>,
    pub(super) dmodulation: Buffer<T>,
}

type Outs<C, F> = <<F as Layer<Vector<C>>>::Out as Shape>::Features;
type MapTape<C, N, F, T> = CausalTape<Map<Outs<C, F>>, Vector<N>, T>;

impl<C, N, F, T> Tape for FilmTape<C, N, F, T>
where
    C: Dimension,
    N: Dimension,
    F: Layer<Vector<C>>,
    T: Real,
{
    const MEMORY: Memory = <F::Tape<T> as Tape>::MEMORY
        .and(<MapTape<C, N, F, T> as Tape>::MEMORY)
        .and(Self::VALUES)
        .and(Self::VALUES)
        .and(Memory::per_column(2 * N::USIZE));
    const INFERENCE: Memory = <F::Tape<T> as Tape>::INFERENCE
        .and(<MapTape<C, N, F, T> as Tape>::INFERENCE)
        .and(Self::VALUES);
    const SCRATCH: Scratch =
        <F::Tape<T> as Tape>::SCRATCH.or(<MapTape<C, N, F, T> as Tape>::SCRATCH);

    fn new(columns: usize, lanes: usize, training: bool) -> Self {
        let always = |rows: usize| Buffer::zeroed(rows * columns);
        let for_backward = |rows: usize| Buffer::zeroed(if training { rows * columns } else { 0 });
        Self {
            layers: Tape::new(columns, lanes, training),
            map: Tape::new(columns, lanes, training),
            signal: always(C::USIZE),
            condition: for_backward(N::USIZE),
            made: always(F::Out::SIZE),
            modulation: always(2 * F::Out::SIZE),
            dsignal: for_backward(C::USIZE),
            dcondition: for_backward(N::USIZE),
            dmade: for_backward(F::Out::SIZE),
            dmodulation: for_backward(2 * F::Out::SIZE),
        }
    }
}

impl<C, N, F, T> FilmTape<C, N, F, T>
where
    C: Dimension,
    N: Dimension,
    F: Layer<Vector<C>>,
    T: Real,
{
    /// The values that every pass needs.
    const VALUES: Memory = Memory::per_column(C::USIZE)
        .and(Memory::per_column(F::Out::SIZE))
        .and(Memory::per_column(2 * F::Out::SIZE));
}
