//! Sums over all ranks.

use super::communicator::{self, Communicator};
use super::error::TrainError;
use crate::kernel::{Buffer, Scalar, bytes, elementwise};
use core::ops::Range;

/// Scalars that are exchanged at once. What has arrived is added while it is in the cache.
const PIECE: usize = 1 << 18;

/// Adds up slices of numbers over all ranks: for a [loop of one's own](crate::train#a-loop-of-ones-own)
/// in which each rank has a part of each batch. Where the parts are alike, one over the ranks as the scale
/// of [`step_scaled`](crate::optim::Optimizer::step_scaled) makes a mean of the sum.
///
/// The ranks are the leaves of a binary tree, of neighbours first: `((0 + 1) + (2 + 3)) + ..`. At each
/// level a rank meets the one whose number differs in one bit; each keeps one half of what both have,
/// and adds the other's. In the end each has a part of the sum, and on the way back each part goes to
/// all (R. Rabenseifner, "Optimization of Collective Reduction Operations", 2004). So a rank sends and
/// receives `2 (1 - 1 / ranks)` times the numbers, however many ranks there are; and each number of the
/// sum is computed once, so that all have the same bits.
///
/// ```
/// use formwork::train::{AllReduce, Alone};
///
/// let mut gradient = [1.0_f32, 2.0];
/// AllReduce::new(&Alone).sum(&mut gradient)?;
/// assert_eq!(gradient, [1.0, 2.0]);
/// # Ok::<(), formwork::train::TrainError>(())
/// ```
pub struct AllReduce<'a, T> {
    ranks: &'a dyn Communicator,
    room: Buffer<T>,
}

impl<'a, T: Scalar> AllReduce<'a, T> {
    /// Memory for sums over these ranks: at most 2^18 numbers, however many are added up.
    ///
    /// # Panics
    /// If the number of ranks is no power of two.
    #[track_caller]
    pub fn new(ranks: &'a dyn Communicator) -> Self {
        let count = communicator::ranks(ranks);
        assert!(count.is_power_of_two(), "ranks must be a power of two, found {count}");
        Self { ranks, room: Buffer::zeroed(if count == 1 { 0 } else { PIECE }) }
    }

    /// Replaces `values`, of which each rank has as many, by their sum over the ranks.
    ///
    /// # Errors
    /// [`TrainError::Lost`] where another rank cannot be reached.
    pub fn sum(&mut self, values: &mut [T]) -> Result<(), TrainError> {
        sum(self.ranks, 1, values, &mut self.room)
    }
}

/// The sum over the ranks whose numbers differ in the bit `distance` or higher ones.
fn sum<T: Scalar>(
    ranks: &dyn Communicator,
    distance: usize,
    values: &mut [T],
    room: &mut [T],
) -> Result<(), TrainError> {
    if distance >= communicator::ranks(ranks) {
        return Ok(());
    }
    let other = ranks.rank() ^ distance;
    let (low, high) = values.split_at_mut(values.len() / 2);
    let (kept, given) = if ranks.rank() < other { (low, high) } else { (high, low) };
    for start in starts(kept, given) {
        let (own, others) = (piece(start, kept.len()), piece(start, given.len()));
        let room = &mut room[..own.len()];
        exchange(ranks, other, bytes::of(&given[others]), bytes::of_mut(room))?;
        elementwise::add(&mut kept[own], room);
    }
    sum(ranks, 2 * distance, kept, room)?;
    for start in starts(kept, given) {
        let (own, others) = (piece(start, kept.len()), piece(start, given.len()));
        exchange(ranks, other, bytes::of(&kept[own]), bytes::of_mut(&mut given[others]))?;
    }
    Ok(())
}

/// Where the pieces of two halves begin, one of which may be longer by a number.
fn starts<T>(kept: &[T], given: &[T]) -> impl Iterator<Item = usize> + use<T> {
    (0..kept.len().max(given.len())).step_by(PIECE)
}

fn piece(start: usize, len: usize) -> Range<usize> {
    start.min(len)..(start + PIECE).min(len)
}

/// That all ranks have the same number.
pub(super) fn agree(ranks: &dyn Communicator, number: u64) -> Result<(), TrainError> {
    let (rank, mut distance) = (ranks.rank(), 1);
    while distance < ranks.ranks() {
        let (other, mut found) = (rank ^ distance, [0; 8]);
        exchange(ranks, other, &number.to_ne_bytes(), &mut found)?;
        if u64::from_ne_bytes(found) != number {
            return Err(TrainError::RanksDiffer { rank, other });
        }
        distance *= 2;
    }
    Ok(())
}

fn exchange(
    ranks: &dyn Communicator,
    other: usize,
    sent: &[u8],
    received: &mut [u8],
) -> Result<(), TrainError> {
    let rank = ranks.rank();
    let exchanged = ranks.exchange(other, sent, received);
    exchanged.map_err(|error| TrainError::Lost { rank, other, error })
}
