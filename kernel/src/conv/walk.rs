//! How filters walk over an image: steps of pointers, whatever the stride, dilation and groups.

use super::geometry::{Convolution, spread};

/// A walk over one group's share of an image.
///
/// Invariant: all that the steps describe lies inside a slice that is borrowed for as long.
pub struct Walk<T> {
    /// The image at the first tap of the first position.
    pub image: *const T,
    /// Positions down and across, and from one to the next.
    pub positions: [usize; 2],
    pub step: [usize; 2],
    /// Taps down and across; a tap across may cover several when they lie side by side.
    pub taps: [usize; 2],
    pub tap_step: [usize; 2],
    /// Scalars of a tap, side by side.
    pub run: usize,
}

impl<T> Walk<T> {
    /// Inputs of a filter.
    #[inline(always)]
    pub fn inputs(&self) -> usize {
        self.taps[0] * self.taps[1] * self.run
    }
}

/// What the walks of a convolution have in common, forwards or, as its adjoint, backwards.
#[derive(Clone, Copy)]
pub struct Direction {
    /// Channels, and rows and columns with the border, of the image that is walked over.
    pub ins: usize,
    pub size: [usize; 2],
    /// Pixels from one position to the next.
    pub stride: [usize; 2],
    /// Channels, and rows and columns, of what comes out: a position each.
    pub outs: usize,
    pub positions: [usize; 2],
}

impl Direction {
    /// Over an input with its border.
    pub fn forward(conv: &Convolution) -> Self {
        let (v, h) = (&conv.vertical, &conv.horizontal);
        Self {
            ins: conv.channels,
            size: [v.padded(), h.padded()],
            stride: [v.stride, h.stride],
            outs: conv.filters,
            positions: [v.positions, h.positions],
        }
    }

    /// Over an output with zeros between and around.
    pub fn adjoint(conv: &Convolution) -> Self {
        let (v, h) = (&conv.vertical, &conv.horizontal);
        Self {
            ins: conv.filters,
            size: [spread(v), spread(h)],
            stride: [1, 1],
            outs: conv.channels,
            positions: [v.size, h.size],
        }
    }

    /// The walk of a group.
    pub fn walk<T>(&self, conv: &Convolution, group: usize, image: &[T]) -> Walk<T> {
        let Self { ins, size, stride, positions, .. } = *self;
        assert_eq!(image.len(), ins * size[0] * size[1], "an image with its border");
        let (v, h) = (&conv.vertical, &conv.horizontal);
        let (row, share) = (size[1] * ins, ins / conv.groups);
        let down = v.dilation * row;
        let (taps, tap_step, run) = if h.dilation == 1 && share == ins {
            ([v.kernel, 1], [down, 0], h.kernel * ins)
        } else {
            ([v.kernel, h.kernel], [down, h.dilation * ins], share)
        };
        let image = image[group * share..].as_ptr();
        Walk { image, positions, step: [stride[0] * row, stride[1] * ins], taps, tap_step, run }
    }
}
