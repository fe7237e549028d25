//! The gradients of a convolution over time with a stride.

use super::tape::{Channels, Seen};
use super::{CausalTape, Count, Filters, Share, dilation, stride};
use crate::kernel::{Real, elementwise};
use crate::shape::{Shape, Transpose, Vector, product};
use nalgebra::{DMatrixView, DMatrixViewMut, Dyn};
use typenum::Unsigned;

impl<L: Filters, In: Shape, T: Real> CausalTape<L, In, T> {
    /// As [`taps`](Self::taps): what a tap sees is gathered, and the gradient by that added where it
    /// belongs.
    pub(super) fn taps_of_strides(
        &mut self,
        turned: &[T],
        sums: &mut [T],
        (x, dy, dx): Seen<'_, '_, T, In, Vector<L::Count>>,
        lanes: usize,
    ) {
        let (groups, channels, filters) =
            (L::Groups::USIZE, Channels::<L, In>::USIZE, Share::<L, Count<L>>::USIZE);
        let (n, step) = (dy.ncols(), (lanes * In::SIZE).max(1));
        let Self { before, seen, dseen, .. } = self;
        let (seen, dseen) = (&mut seen[..n * In::SIZE], &mut dseen[..n * In::SIZE]);
        for tap in 0..Self::TAPS {
            let back = (Self::TAPS - 1 - tap) * dilation::<L>();
            // The step that each output sees, or how many there are from it to the end of the history.
            let sees = |output: usize| {
                let last = (output + 1) * stride::<L>() - 1;
                last.checked_sub(back).ok_or(back.saturating_sub(last))
            };
            for (output, seen) in seen.chunks_exact_mut(step).enumerate() {
                seen.copy_from_slice(match sees(output) {
                    Ok(at) => &x.as_slice()[at * step..][..step],
                    Err(at) => &before[(Self::STEPS - at) * step..][..step],
                });
            }
            let of_taps = DMatrixView::from_slice(seen, In::SIZE, n);
            for group in 0..groups {
                let (row, out) = (group * channels, group * filters);
                let at = (tap * groups + group) * filters * channels;
                let dy = dy.generic_view((out, 0), (Dyn(filters), Dyn(n)));
                let x = of_taps.generic_view((row, 0), (Dyn(channels), Dyn(n)));
                let mut dw = DMatrixViewMut::from_slice(&mut sums[at..], channels, filters);
                product(&x, &dy.t()).store(&mut dw);
                if dx.is_some() {
                    let w = DMatrixView::from_slice(&turned[at..], channels, filters);
                    let mut all = DMatrixViewMut::from_slice(dseen, In::SIZE, n);
                    let mut dseen = all.generic_view_mut((row, 0), (Dyn(channels), Dyn(n)));
                    product(&w, &dy).store(&mut dseen);
                }
            }
            if let Some(dx) = dx {
                for (output, dseen) in dseen.chunks_exact(step).enumerate() {
                    if let Ok(at) = sees(output) {
                        elementwise::add(&mut dx.as_mut_slice()[at * step..][..step], dseen);
                    }
                }
            }
        }
    }
}
