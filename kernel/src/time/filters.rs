//! Weights in the order in which they are used.

use super::FEW;
use crate::{
    Buffer,
    scalar::Scalar,
    sizes::{product, sum},
};

/// The weights of filters over time, for each of some groups, in the order in which they are used.
pub struct Filters<T> {
    /// For each group a column of biases, and one for each tap and channel.
    pub(super) columns: Buffer<T>,
    pub(super) sizes: Sizes,
}

/// How many filters there are, and what each is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// The groups that channels and filters are dealt to, which know nothing of each other.
    pub groups: usize,
    /// The filters of a group.
    pub filters: usize,
    /// The channels of a group.
    pub channels: usize,
    /// The taps of a filter.
    pub taps: usize,
}

impl Sizes {
    /// From a column of weights to the next: as many rows as tiles of one vector read, or of two where
    /// the filters do not fit in one.
    #[inline(always)]
    pub(super) const fn stride(filters: usize) -> usize {
        filters.next_multiple_of(match filters {
            0..=FEW => FEW,
            n if n <= 2 * FEW => 2 * FEW,
            _ => 4 * FEW,
        })
    }

    /// Scalars of the weights of a group.
    const fn group(self) -> usize {
        let columns = sum(&[1, product(&[self.channels, self.taps])]);
        product(&[Self::stride(self.filters), columns])
    }

    /// Scalars of all weights, in the order in which they are used.
    pub const fn scalars(self) -> usize {
        product(&[self.group(), self.groups])
    }
}

impl<T: Scalar> Filters<T> {
    /// Weights of zero.
    ///
    /// # Panics
    /// If they are more than memory can hold.
    pub fn zeroed(sizes: Sizes) -> Self {
        Self { columns: Buffer::zeroed(sizes.scalars()), sizes }
    }

    /// Takes over weights, `filters x channels of a group x taps`, and a bias for each filter or none.
    ///
    /// # Panics
    /// If there are not as many.
    pub fn pack(&mut self, weight: &[T], bias: &[T]) {
        let Sizes { groups, filters, channels, taps } = self.sizes;
        let (size, stride) = (channels * taps, Sizes::stride(filters));
        assert_eq!(weight.len(), groups * filters * size, "weights of filters over time");
        assert!(bias.is_empty() || bias.len() == groups * filters, "biases of filters over time");
        for filter in 0..groups * filters {
            let (group, row) = (filter / filters, filter % filters);
            let columns = &mut self.columns[group * self.sizes.group()..];
            if let Some(&bias) = bias.get(filter) {
                columns[row] = bias;
            }
            for c in 0..channels {
                for k in 0..taps {
                    let weight = weight[filter * size + c * taps + k];
                    columns[(1 + k * channels + c) * stride + row] = weight;
                }
            }
        }
    }
}
