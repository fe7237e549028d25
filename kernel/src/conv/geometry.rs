//! The geometry of a convolution, and how much memory it takes.

use super::winograd;
use crate::{
    axis::Axis,
    sizes::{product, round_up, sum},
};

/// Scalars of the widest vector; packed weights are padded to it.
pub(super) const WIDEST: usize = 16;

/// Packed weights of which two pieces sum up the gradients.
const MANY: usize = 1 << 15;

/// The geometry of a convolution: `filters` filters over an image of `channels` channels.
#[derive(Clone, Copy, Debug)]
pub struct Convolution {
    pub(super) channels: usize,
    pub(super) filters: usize,
    pub(super) groups: usize,
    pub(super) vertical: Axis,
    pub(super) horizontal: Axis,
    /// Whether products are saved by [Winograd's transforms](super::winograd).
    pub(super) transformed: bool,
}

impl Convolution {
    /// Convolutions of `groups` groups side by side, each with its share of the channels and of
    /// the filters. A number of groups that does not divide both counts as one group.
    ///
    /// # Panics
    /// If an image, the weights or the memory of a piece is larger than memory can be.
    pub const fn new(
        channels: usize,
        filters: usize,
        groups: usize,
        vertical: Axis,
        horizontal: Axis,
    ) -> Self {
        let divides =
            groups > 0 && channels.is_multiple_of(groups) && filters.is_multiple_of(groups);
        let groups = if divides { groups } else { 1 };
        let whole = channels.is_multiple_of(WIDEST) && filters.is_multiple_of(WIDEST);
        let transformed = cfg!(feature = "batches")
            && whole
            && groups == 1
            && has_tiles(&vertical)
            && has_tiles(&horizontal);
        let conv = Self { channels, filters, groups, vertical, horizontal, transformed };
        // What these give once they give always.
        let _ = (conv.input(), conv.padded(), conv.output(), conv.spread());
        let _ = (conv.weights(), conv.packed_adjoint(), conv.sums(), conv.image());
        conv
    }

    /// The same without transforms, each output being a sum of products of its inputs.
    #[must_use]
    pub const fn direct(self) -> Self {
        Self { transformed: false, ..self }
    }

    /// Whether [transforms](Self::direct) save products: of 3 x 3 taps on all pixels, between channels and
    /// filters that are whole vectors, where inputs and outputs have even sizes.
    pub const fn saves_products(&self) -> bool {
        self.transformed
    }

    /// Scalars of an input.
    pub const fn input(&self) -> usize {
        product(&[self.channels, self.vertical.size, self.horizontal.size])
    }

    /// Scalars of an output.
    pub const fn output(&self) -> usize {
        product(&[self.filters, self.vertical.positions, self.horizontal.positions])
    }

    /// Scalars of the weights, `filters x channels / groups x height x width`.
    pub const fn weights(&self) -> usize {
        product(&[self.filters, self.group_channels(), self.taps()])
    }

    /// Scalars that a piece takes for an input with its border, if there is one, and for transforms.
    pub const fn padded(&self) -> usize {
        self.bordered() + self.room([self.vertical.positions, self.horizontal.positions])
    }

    /// Scalars that a piece takes for an output as the adjoint walks over it, if that is another, and
    /// for transforms.
    pub const fn spread(&self) -> usize {
        self.surrounded() + self.room([self.vertical.size, self.horizontal.size])
    }

    /// Scalars that a piece takes for both, one after the other: [`padded`](Self::padded) and
    /// [`spread`](Self::spread).
    pub const fn image(&self) -> usize {
        let (padded, spread) = (self.padded(), self.spread());
        if padded > spread { padded } else { spread }
    }

    /// Scalars of transformed tiles, of so many outputs down and across.
    const fn room(&self, positions: [usize; 2]) -> usize {
        if !self.transformed {
            return 0;
        }
        winograd::room(positions, self.channels + self.filters)
    }

    /// How many pieces share the gradient by the weights of the same samples. Many weights are halved,
    /// so that there are as many pieces without as many sums: transformed ones, or those of many
    /// filters.
    pub(super) const fn shares(&self) -> usize {
        let halves = self.groups == 1 && self.filters.is_multiple_of(4 * WIDEST);
        if self.packed() > MANY && (self.transformed || halves) { 2 } else { 1 }
    }

    /// Scalars of an input with its border, or 0 where there is no border.
    pub(super) const fn bordered(&self) -> usize {
        const fn as_it_is(axis: &Axis) -> bool {
            axis.before == 0 && axis.after == 0
        }
        if as_it_is(&self.vertical) && as_it_is(&self.horizontal) {
            return 0;
        }
        product(&[self.channels, self.vertical.padded(), self.horizontal.padded()])
    }

    /// Scalars of an output as the adjoint walks over it, or 0 where it does over the output.
    pub(super) const fn surrounded(&self) -> usize {
        const fn as_it_is(axis: &Axis) -> bool {
            axis.stride == 1 && axis.reach() == axis.before && axis.reach() == axis.after
        }
        if as_it_is(&self.vertical) && as_it_is(&self.horizontal) {
            return 0;
        }
        product(&[self.filters, spread(&self.vertical), spread(&self.horizontal)])
    }

    /// Scalars of the packed weights for [`forward`](super::forward).
    pub const fn packed(&self) -> usize {
        let filters = round_up(self.group_filters(), WIDEST);
        self.planes(product(&[self.groups, filters, self.group_channels()]))
    }

    /// Scalars of the packed weights for the adjoint, [`transposed`](super::transposed).
    pub const fn packed_adjoint(&self) -> usize {
        let channels = round_up(self.group_channels(), WIDEST);
        self.planes(product(&[self.groups, channels, self.group_filters()]))
    }

    /// Scalars of the sums of weight gradients of one piece: its share of the packed weights, and a
    /// bias for each filter (or, transposed, for each channel).
    pub const fn sums(&self) -> usize {
        sum(&[self.packed() / self.shares(), self.biases()])
    }

    /// Scalars of the sums of biases.
    pub(super) const fn biases(&self) -> usize {
        let biases = if self.filters > self.channels { self.filters } else { self.channels };
        round_up(biases, WIDEST)
    }

    /// Floating-point operations for one sample.
    pub const fn operations(&self) -> usize {
        self.output().saturating_mul(self.group_inputs()).saturating_mul(2)
    }

    /// Scalars of so many for each tap, or for each number of a transformed filter.
    const fn planes(&self, scalars: usize) -> usize {
        if self.transformed {
            product(&[winograd::PLANES, winograd::plane(scalars)])
        } else {
            product(&[self.taps(), scalars])
        }
    }

    pub(super) const fn taps(&self) -> usize {
        product(&[self.vertical.kernel, self.horizontal.kernel])
    }

    pub(super) const fn group_channels(&self) -> usize {
        self.channels / self.groups
    }

    pub(super) const fn group_filters(&self) -> usize {
        self.filters / self.groups
    }

    /// Inputs of one output.
    pub(super) const fn group_inputs(&self) -> usize {
        product(&[self.group_channels(), self.taps()])
    }

    /// About how many nanoseconds `samples` samples take.
    pub(super) fn cost(&self, samples: usize) -> usize {
        samples.saturating_mul(self.operations()) / 100
    }
}

/// Whether an axis is made of tiles, forwards and backwards.
const fn has_tiles(axis: &Axis) -> bool {
    let Axis { size, kernel, stride, dilation, positions, before, after } = *axis;
    kernel == 3
        && stride == 1
        && dilation == 1
        && positions > 0
        && positions.is_multiple_of(2)
        && size.is_multiple_of(2)
        && before <= 2
        && after <= 2
}

/// The pixels of an output on an axis with zeros between and around, as the adjoint walks over it.
pub(super) const fn spread(axis: &Axis) -> usize {
    axis.size + axis.reach()
}
