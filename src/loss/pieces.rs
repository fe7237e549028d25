//! Columns with their targets, cut into pieces for threads to share.

use super::{OutputMatrix, OutputMatrixMut};
use crate::kernel::{Real, parallel};
use nalgebra::Const;

/// Outputs that one thread takes at a time, in whole columns.
const PIECE: usize = 1 << 14;

/// Some columns: their outputs, their targets, and where the gradient by the outputs goes.
pub(super) struct Columns<'a, T, A> {
    pub outputs: &'a [T],
    pub targets: &'a [A],
    pub gradient: Option<&'a mut [T]>,
}

impl<'a, T: Real, A: Sync> Columns<'a, T, A> {
    /// All columns of a batch, of `N` outputs and `answers` targets each.
    #[track_caller]
    pub fn new<const N: usize>(
        outputs: OutputMatrix<'a, T, Const<N>>,
        targets: &'a [A],
        gradient: Option<OutputMatrixMut<'a, T, Const<N>>>,
        answers: usize,
    ) -> Self {
        let outputs = outputs.data.into_slice();
        let gradient = gradient.map(|gradient| gradient.data.into_slice_mut());
        let columns = targets.len() / answers;
        assert_eq!(
            outputs.len(),
            N * columns,
            "outputs for {columns} targets of a network with {N} outputs"
        );
        if let Some(gradient) = &gradient {
            assert_eq!(gradient.len(), outputs.len(), "the gradient has the size of the outputs");
        }
        Self { outputs, targets, gradient }
    }

    /// The sum of `loss` over pieces of columns of `size` outputs each.
    ///
    /// The tree of pieces depends on the number of columns alone, so a sum has the same bits on
    /// any number of threads. `cost` is about how many nanoseconds all take together on one core.
    pub fn sum(self, size: usize, cost: usize, loss: &(impl Fn(Self) -> T + Sync)) -> T {
        let fork = parallel::threads_for(cost) > 1;
        self.sum_pieces(size, (PIECE / size).max(1), fork, loss)
    }

    fn sum_pieces(
        self,
        size: usize,
        piece: usize,
        fork: bool,
        loss: &(impl Fn(Self) -> T + Sync),
    ) -> T {
        let columns = self.outputs.len() / size;
        let pieces = columns.div_ceil(piece);
        if pieces <= 1 {
            return loss(self);
        }
        let (left, right) = self.split_at(pieces / 2 * piece, columns);
        let left = || left.sum_pieces(size, piece, fork, loss);
        let right = || right.sum_pieces(size, piece, fork, loss);
        let (left, right) = if fork { parallel::halves(left, right) } else { (left(), right()) };
        left + right
    }

    /// The first `at` of the `columns`, and the others.
    fn split_at(self, at: usize, columns: usize) -> (Self, Self) {
        let outputs = self.outputs.split_at(self.outputs.len() / columns * at);
        let targets = self.targets.split_at(self.targets.len() / columns * at);
        let gradient = self.gradient.map(|gradient| gradient.split_at_mut(outputs.0.len())).unzip();
        (
            Self { outputs: outputs.0, targets: targets.0, gradient: gradient.0 },
            Self { outputs: outputs.1, targets: targets.1, gradient: gradient.1 },
        )
    }
}
