//! What a causal convolution keeps, and its gradients.

use super::{Biases, Count, Filters, History, Share, Width, dilation, stride};
use crate::kernel::{Buffer, Real, elementwise, time};
use crate::layer::{
    AsMatrix, Context, Memory, Plain, Row, Scalars, Scratch, Tape, as_mut_slice, as_slice,
};
use crate::layers::conv::{Inputs, Pass};
use crate::shape::{
    Columns, ColumnsMut, Dimension, Shape, Transpose, Vector, add_sum_from, product,
};
use core::marker::PhantomData;
use nalgebra::{DMatrixView, DMatrixViewMut, Dyn};
use typenum::Unsigned;

/// What a causal convolution keeps.
pub struct CausalTape<L: Filters, In: Shape, T: Real> {
    /// The weights in the order in which they are used.
    pub(crate) filters: time::Filters<T>,
    /// `In x steps of the history x lanes`: what came before the call.
    pub(super) before: Buffer<T>,
    /// `In x columns that come out`: with a stride, what a tap sees, and the gradient by that.
    pub(super) seen: Buffer<T>,
    pub(super) dseen: Buffer<T>,
    layer: PhantomData<fn(L, In)>,
}

/// The channels that a filter sees.
pub(super) type Channels<L, In> = Share<L, <In as Shape>::Channels>;

impl<L: Filters, In: Shape, T: Real> Tape for CausalTape<L, In, T> {
    const MEMORY: Memory = Memory::fixed(Self::SIZES.scalars())
        .and(Memory::per_column(Self::STEPS * In::SIZE))
        .and(Self::SEEN)
        .and(Self::SEEN);
    const INFERENCE: Memory = Memory::fixed(Self::SIZES.scalars());
    const SCRATCH: Scratch = {
        let none = Scalars { fixed: 0, per_piece: 0 };
        let both = Scalars { fixed: 2 * Self::WEIGHTS, per_piece: 0 };
        Scratch { forward: none, backward: both }
    };

    fn new(columns: usize, lanes: usize, training: bool) -> Self {
        let before = if training { Self::STEPS * In::SIZE * lanes } else { 0 };
        let strided = training && stride::<L>() > 1;
        let seen = if strided { columns.div_ceil(stride::<L>()) * In::SIZE } else { 0 };
        Self {
            filters: time::Filters::zeroed(Self::SIZES),
            before: Buffer::zeroed(before),
            seen: Buffer::zeroed(seen),
            dseen: Buffer::zeroed(seen),
            layer: PhantomData,
        }
    }
}

impl<L: Filters, In: Shape, T: Real> CausalTape<L, In, T> {
    const SIZES: time::Sizes = time::Sizes {
        groups: L::Groups::USIZE,
        filters: Share::<L, Count<L>>::USIZE,
        channels: Channels::<L, In>::USIZE,
        taps: Width::<L>::USIZE,
    };
    /// With a stride, what one tap sees.
    const SEEN: Memory = match stride::<L>() {
        0 | 1 => Memory::NONE,
        stride => Memory::per_column(In::SIZE.div_ceil(stride)),
    };
    pub(super) const TAPS: usize = Width::<L>::USIZE;
    /// The steps that are looked back on.
    pub(super) const STEPS: usize = Self::TAPS.saturating_sub(1) * dilation::<L>();
    /// All weights.
    const WEIGHTS: usize = Count::<L>::USIZE * Channels::<L, In>::USIZE * Self::TAPS;

    /// Puts the weights in order, unless they are.
    #[inline]
    pub(crate) fn pack(
        &mut self,
        weight: &impl Plain<T>,
        bias: &Row<T, Biases<L>>,
        cx: &Context<'_, T>,
    ) {
        if !cx.unchanged {
            self.filters.pack(as_slice(weight), bias);
        }
    }

    /// Keeps the history for backward.
    #[inline]
    pub(crate) fn keep<K: Dimension, D: Dimension>(
        &mut self,
        history: &History<In::Channels, K, D, T>,
        cx: &Context<'_, T>,
    ) {
        if cx.is_training() {
            history.copy_to(&mut self.before, cx.lanes);
        }
    }

    /// The gradients, tap by tap.
    pub(crate) fn backward<W: AsMatrix<T, L::Count, Inputs<L, In>>>(
        &mut self,
        weight: &[T],
        (dw, db): (&mut W, &mut Row<T, Biases<L>>),
        (x, dy, mut dx): Pass<'_, T, In, Vector<L::Count>>,
        mut cx: Context<'_, T>,
    ) {
        let lanes = cx.lanes.min(x.ncols());
        let (mask, beta) = (cx.fused.before, cx.beta());
        cx.start(db);
        add_sum_from(db, &dy, 0);
        let [turned, sums] = cx.scratch([Self::WEIGHTS; 2]);
        turn::<L, In>(|turned_at, at| turned[turned_at] = weight[at]);
        if let Some(dx) = &mut dx {
            dx.fill(T::ZERO);
        }
        if stride::<L>() > 1 {
            self.taps_of_strides(turned, sums, (&x, &dy, &mut dx), lanes);
        } else {
            self.taps(turned, sums, (&x, &dy, &mut dx), lanes);
        }
        let dw = as_mut_slice(dw);
        turn::<L, In>(|at, weight| {
            dw[weight] = sums[at] + if beta == T::ZERO { T::ZERO } else { dw[weight] }
        });
        if let (Some(dx), true) = (&mut dx, mask) {
            elementwise::zip(dx.as_mut_slice(), x.as_slice(), |dx, x| {
                if x > T::ZERO { dx } else { T::ZERO }
            });
        }
    }

    /// The gradients by the weights, a tap after the other, and what each adds to that by the input.
    fn taps(
        &self,
        turned: &[T],
        sums: &mut [T],
        (x, dy, dx): Seen<'_, '_, T, In, Vector<L::Count>>,
        lanes: usize,
    ) {
        let n = x.ncols();
        let (groups, channels, filters) =
            (L::Groups::USIZE, Channels::<L, In>::USIZE, Share::<L, Count<L>>::USIZE);
        let before = DMatrixView::from_slice(
            &self.before[..Self::STEPS * lanes * In::SIZE],
            In::SIZE,
            Self::STEPS * lanes,
        );
        for tap in 0..Self::TAPS {
            // The columns that the tap looks back: of the first ones on the history.
            let back = (Self::TAPS - 1 - tap) * dilation::<L>() * lanes;
            let (early, later) = (back.min(n), n.saturating_sub(back));
            for group in 0..groups {
                let (row, out) = (group * channels, group * filters);
                let at = (tap * groups + group) * filters * channels;
                let (c, f) = (Dyn(channels), Dyn(filters));
                let (dy_early, dy_later) = (
                    dy.generic_view((out, 0), (f, Dyn(early))),
                    dy.generic_view((out, early), (f, Dyn(later))),
                );
                let mut dw = DMatrixViewMut::from_slice(&mut sums[at..], channels, filters);
                let x = x.generic_view((row, 0), (c, Dyn(later)));
                product(&x, &dy_later.t()).store(&mut dw);
                let x = before.generic_view((row, Self::STEPS * lanes - back), (c, Dyn(early)));
                product(&x, &dy_early.t()).accumulate(T::ONE, &mut dw);
                if let Some(dx) = dx {
                    let w = DMatrixView::from_slice(&turned[at..], channels, filters);
                    let mut dx = dx.generic_view_mut((row, 0), (c, Dyn(later)));
                    product(&w, &dy_later).accumulate(T::ONE, &mut dx);
                }
            }
        }
    }
}

/// `x`, `dy` and `dx` of a backward pass, as its parts see them.
pub(super) type Seen<'a, 'p, T, In, Out> = (
    &'a Columns<'p, T, <In as Shape>::Features>,
    &'a ColumnsMut<'p, T, <Out as Shape>::Features>,
    &'a mut Option<ColumnsMut<'p, T, <In as Shape>::Features>>,
);

/// Calls `each` with the place of every weight in the order of taps, filters and channels, and with
/// that in the order of filters, channels and taps.
fn turn<L: Filters, In: Shape>(mut each: impl FnMut(usize, usize)) {
    let (taps, channels) = (Width::<L>::USIZE, Channels::<L, In>::USIZE);
    for tap in 0..taps {
        for filter in 0..Count::<L>::USIZE {
            for channel in 0..channels {
                let row = filter * channels + channel;
                each(tap * Count::<L>::USIZE * channels + row, row * taps + tap);
            }
        }
    }
}
