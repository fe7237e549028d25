//! The geometry of a convolution, and how much memory it takes.

use crate::{
    axis::Axis,
    sizes::{product, round_up, sum},
};

/// Scalars of the widest vector; packed weights are padded to it.
pub(super) const WIDEST: usize = 16;

/// The geometry of a convolution: `filters` filters over an image of `channels` channels.
#[derive(Clone, Copy, Debug)]
pub struct Convolution {
    pub(super) channels: usize,
    pub(super) filters: usize,
    pub(super) groups: usize,
    pub(super) vertical: Axis,
    pub(super) horizontal: Axis,
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
        let conv = Self { channels, filters, groups, vertical, horizontal };
        // What these give once they give always.
        let _ = (conv.input(), conv.padded(), conv.output(), conv.spread());
        let _ = (conv.weights(), conv.packed_adjoint(), conv.sums());
        conv
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

    /// Scalars of an input with its border, or 0 where there is no border.
    pub const fn padded(&self) -> usize {
        const fn as_it_is(axis: &Axis) -> bool {
            axis.before == 0 && axis.after == 0
        }
        if as_it_is(&self.vertical) && as_it_is(&self.horizontal) {
            return 0;
        }
        product(&[self.channels, self.vertical.padded(), self.horizontal.padded()])
    }

    /// Scalars of an output as the adjoint walks over it, or 0 where it does over the output.
    pub const fn spread(&self) -> usize {
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
        product(&[self.groups, round_up(self.group_filters(), WIDEST), self.group_inputs()])
    }

    /// Scalars of the packed weights for the adjoint, which [`backward`](super::backward) and [`transposed`](super::transposed) take.
    pub const fn packed_adjoint(&self) -> usize {
        let channels = round_up(self.group_channels(), WIDEST);
        product(&[self.groups, channels, self.taps(), self.group_filters()])
    }

    /// Scalars of the sums of weight gradients of one piece: packed weights, and a bias for each
    /// filter (or, transposed, for each channel).
    pub const fn sums(&self) -> usize {
        let biases = if self.filters > self.channels { self.filters } else { self.channels };
        sum(&[self.packed(), round_up(biases, WIDEST)])
    }

    /// Floating-point operations for one sample.
    pub const fn operations(&self) -> usize {
        self.output().saturating_mul(self.group_inputs()).saturating_mul(2)
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

/// The pixels of an output on an axis with zeros between and around, as the adjoint walks over it.
pub(super) const fn spread(axis: &Axis) -> usize {
    axis.size + axis.reach()
}
