//! The weights of a small recurrent layer, in the order of a single step.
//!
//! The weights of some units lie side by side: for each term of their sums, a bias, an input or a
//! hidden value, those of the first gate of all these units, then those of the next gate. So all gates
//! of a unit are summed up in the same lane of registers. A logistic function is a hyperbolic tangent of
//! half the argument, scaled and shifted, and the half is in the weights.

use super::{Cell, Squash};
use crate::{
    Buffer, Real,
    sizes::{product, sum},
};
use core::marker::PhantomData;
use typenum::Unsigned;

/// The units that lie side by side: as many as the widest vector has lanes.
pub(super) const BLOCK: usize = 16;
/// So many do where there are no more left.
pub(super) const FEW: usize = BLOCK / 2;
/// The most gates of all units that there may be.
pub(super) const MOST: usize = 1024;

/// The weights of a layer with `H` hidden units of the cell `C`, in the order of a single step.
pub struct Single<C, H, T, const GATES: usize> {
    /// For each block of units: biases and columns for each input, of all gates, and a column for each
    /// hidden value, of the gates that these are weighted for.
    pub(super) blocks: Buffer<T>,
    pub(super) inputs: usize,
    /// Whether the next step begins with the last units: their weights are those that the step before
    /// ended with, and still in the cache.
    pub(super) backwards: bool,
    layer: PhantomData<(C, H)>,
}

/// The parameters of a layer. Of their rows, `H` for each gate, the last `APART H` are those of what
/// comes of the input apart from what comes of the hidden values.
pub struct Weights<'a, T> {
    /// `rows x inputs`, row-major.
    pub input: &'a [T],
    /// `rows x H`, row-major.
    pub hidden: &'a [T],
    /// A scalar for each row, for what comes of the input.
    pub input_bias: &'a [T],
    /// A scalar for each row, for what comes of the hidden values.
    pub hidden_bias: &'a [T],
}

/// A term of the sum of a gate.
#[derive(Clone, Copy)]
pub(super) enum Term {
    Bias,
    Input(usize),
    Hidden(usize),
}

impl<C: Cell<GATES>, H: Unsigned, T: Real, const GATES: usize> Single<C, H, T, GATES> {
    /// Whether a layer is small enough, and has units and gates at all.
    pub const SUITS: bool =
        size_of::<T>() == 4 && GATES > 0 && H::USIZE > 0 && GATES * Self::UNITS <= MOST;

    /// The units that there is room for.
    const UNITS: usize = H::USIZE.next_multiple_of(FEW);
    /// The gates that hidden values are weighted for: the first ones.
    pub(super) const WEIGHTED: usize = GATES - C::APART;

    /// Scalars of the weights for so many inputs.
    pub const fn scalars(inputs: usize) -> usize {
        let of_inputs = product(&[GATES, sum(&[1, inputs])]);
        product(&[Self::UNITS, sum(&[of_inputs, product(&[Self::WEIGHTED, H::USIZE])])])
    }

    /// Of zeros, for so many inputs.
    ///
    /// # Panics
    /// If they are more than memory can hold.
    pub fn zeroed(inputs: usize) -> Self {
        let blocks = Buffer::zeroed(Self::scalars(inputs));
        Self { blocks, inputs, backwards: false, layer: PhantomData }
    }

    /// How many units lie side by side in the block of a unit.
    #[inline(always)]
    pub(super) fn width(unit: usize) -> usize {
        BLOCK.min(Self::UNITS - unit / BLOCK * BLOCK)
    }

    /// Where the weight of a term lies, for the first gate of a unit; those of its other gates follow, as
    /// far apart as the block is [wide](Self::width).
    #[inline(always)]
    pub(super) fn place(&self, unit: usize, term: Term) -> usize {
        let (block, width) = (unit / BLOCK * BLOCK, Self::width(unit));
        let of_inputs = GATES * (1 + self.inputs);
        let rows = match term {
            Term::Bias => 0,
            Term::Input(i) => GATES * (1 + i),
            Term::Hidden(i) => of_inputs + Self::WEIGHTED * i,
        };
        block * (of_inputs + Self::WEIGHTED * H::USIZE) + rows * width + unit % BLOCK
    }

    /// Takes over the parameters.
    ///
    /// # Panics
    /// If these are of another layer, or of one of no units or another number of inputs.
    pub fn pack(&mut self, weights: Weights<'_, T>) {
        let Weights { input, hidden, input_bias, hidden_bias } = weights;
        let (rows, apart) = (input_bias.len(), C::APART * H::USIZE);
        let inputs = input.len().checked_div(rows).unwrap_or(0);
        let sizes = [rows, input.len(), hidden.len(), hidden_bias.len()];
        let expected = Self::WEIGHTED * H::USIZE;
        assert!(rows > 0, "weights of no units");
        assert_eq!(
            sizes,
            [expected, rows * inputs, rows * H::USIZE, rows],
            "rows, weights of inputs and of hidden values, and biases"
        );
        assert_eq!(self.inputs, inputs, "weights for so many inputs");
        for row in 0..rows {
            let mut row_of_input = row;
            if row < rows - apart {
                self.set(row, Term::Bias, input_bias[row] + hidden_bias[row]);
            } else {
                row_of_input += apart;
                self.set(row, Term::Bias, hidden_bias[row]);
                self.set(row_of_input, Term::Bias, input_bias[row]);
            }
            for (i, &weight) in input[row * inputs..][..inputs].iter().enumerate() {
                self.set(row_of_input, Term::Input(i), weight);
            }
            for (i, &weight) in hidden[row * H::USIZE..][..H::USIZE].iter().enumerate() {
                self.set(row, Term::Hidden(i), weight);
            }
        }
    }

    /// Sets a weight in the row of a gate of a unit: all that goes into a logistic function is halved.
    fn set(&mut self, row: usize, term: Term, value: T) {
        let (gate, unit) = (row / H::USIZE, row % H::USIZE);
        let factor = T::of(if C::SQUASH[gate] == Squash::Sigmoid { 0.5 } else { 1.0 });
        let place = self.place(unit, term) + gate * Self::width(unit);
        self.blocks[place] = value * factor;
    }
}
