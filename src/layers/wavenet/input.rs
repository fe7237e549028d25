//! Where a WaveNet begins.
//!
//! ```text
//! forward   s = W x    k = 0    c = x
//! backward  dW = ds x^T    dx = W^T ds + dc
//! ```
//!
//! Shapes: `x` is `Vector<N>`; the column `(s, k, c)` that comes out is `Vector<2 C + N>`; `W` is
//! `C x N x 1`, as of a convolution with one tap.

use super::{Map, rows};
use crate::kernel::time::{Filter, Finish};
use crate::kernel::{Buffer, Real};
use crate::layer::{
    Backward, Forward, Init, Layer, Memory, Nonlinearity, Scratch, Tape, Value, as_slice,
};
use crate::layers::CausalTape;
use crate::shape::{Check, Dimension, Reborrow, Shape, Vector, columns_mut};
use rand::Rng;
use typenum::U1;

crate::layer! {
    /// The beginning of a WaveNet of `Channels` channels: makes a signal of the input, an empty sum of
    /// skip connections, and has the input beside them as the condition.
    ///
    /// A [`WaveNetLayer`](super::WaveNetLayer) shows a whole one.
    pub struct WaveNetInput<Channels>(Init);
}

/// What the beginning of a WaveNet keeps.
pub struct WaveNetInputTape<C: Dimension, V: Value<Init> + 'static, In: Shape, T: Real> {
    map: CausalTape<Map<C, V>, In, T>,
    /// `C x columns`
    ds: Buffer<T>,
}

impl<C: Dimension, V: Value<Init> + 'static, In: Shape, T: Real> Tape
    for WaveNetInputTape<C, V, In, T>
{
    const MEMORY: Memory =
        <CausalTape<Map<C, V>, In, T> as Tape>::MEMORY.and(Memory::per_column(C::USIZE));
    const SCRATCH: Scratch = <CausalTape<Map<C, V>, In, T> as Tape>::SCRATCH;

    fn new(columns: usize, lanes: usize, training: bool) -> Self {
        let ds = if training { C::USIZE * columns } else { 0 };
        Self { map: Tape::new(columns, lanes, training), ds: Buffer::zeroed(ds) }
    }
}

impl<In: Shape, C: Dimension, V: Value<Init> + 'static> Layer<In> for WaveNetInput<C, V> {
    type Out = Vector<<C::Double as Dimension>::Plus<In::Channels>>;
    crate::keeps! {
        params: <Map<C, V> as Layer<In>>::Params<T>,
        tape: WaveNetInputTape<C, V, In, T>,
    }

    const CHECK: Check = Check::require(C::USIZE > 0, "WaveNetInput needs at least one channel")
        .and(<Map<C, V> as Layer<In>>::CHECK);
    const OPERATIONS: usize = <Map<C, V> as Layer<In>>::OPERATIONS;

    fn init<T: Real>(
        params: &mut Self::Params<T>,
        _: &mut (),
        follows: Nonlinearity,
        rng: &mut dyn Rng,
    ) {
        <Map<C, V> as Layer<In>>::init(params, &mut (), follows, rng);
    }

    #[inline]
    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { params, tape, x, mut y, cx, .. } = pass;
        let (count, channels) = (x.ncols(), C::USIZE);
        tape.map.pack(&params.weight, &params.bias, &cx);
        let (x, size) = (x.as_slice(), 2 * channels + In::SIZE);
        for (y, x) in y.as_mut_slice().chunks_exact_mut(size).zip(x.chunks_exact(In::SIZE)) {
            y[channels..2 * channels].fill(T::ZERO);
            y[2 * channels..].copy_from_slice(x);
        }
        Filter {
            filters: &tape.map.filters,
            x,
            x_stride: In::SIZE,
            columns: count,
            first: 0,
            shift: 0,
            count,
            y: y.as_mut_slice(),
            y_stride: size,
            finish: Finish::default(),
        }
        .run::<In::Channels, C, U1>();
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { params, gradient, tape, x, dy, mut dx, mut cx, .. } = pass;
        let (channels, size) = (C::USIZE, 2 * C::USIZE + In::SIZE);
        let ds = &mut tape.ds[..channels * x.ncols()];
        rows::gather(ds, dy.as_slice(), size, 0..channels);
        let own = (&mut gradient.weight, &mut gradient.bias);
        let given = (x, columns_mut(ds), dx.as_mut().map(|dx| dx.reborrow()));
        tape.map.backward(as_slice(&params.weight), own, given, cx.inner());
        if let Some(dx) = &mut dx {
            let dc = dy.as_slice().chunks_exact(size).flat_map(|dy| &dy[2 * channels..]);
            dx.iter_mut().zip(dc).for_each(|(dx, dc)| *dx += *dc);
        }
    }
}
