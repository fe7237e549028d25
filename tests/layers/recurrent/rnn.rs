//! The simple recurrent layer.

use super::gradients::{are_right, of_all_shapes_are_right};
use super::reference::{carried, training};
use crate::harness::cases;
use formwork::optim::{Adam, Sgd};
use formwork::prelude::*;
use formwork::typenum::{U1, U2, U4, U5, U17};
use proptest::prelude::*;

proptest! {
    #![proptest_config(cases(6))]

    #[test]
    fn gradients(seed in 0..1000_u64, steps in 1..5_usize, lanes in 1..4_usize) {
        of_all_shapes_are_right::<Rnn<U1>, Rnn<U5>>(seed, steps, lanes);
    }
}

/// More units than the widest block of the packed product has rows, more lanes than its widest tile.
#[test]
fn gradients_of_more_than_a_tile() {
    are_right::<Rnn<U17>, Vector<U2>>(3, 2, 23);
}

#[test]
fn values_and_gradients_agree_with_pytorch() {
    carried::<Rnn<U4>>("rnn");
}

network! { struct Speaker: Token<7> => Vector<7> { embed: Embedding<4>, cell: Rnn<4>, head: Dense<7> } }
training!(ten_steps_of_sgd_agree_with_pytorch, Speaker, "rnn.model", Sgd::new(0.5), head);
training!(ten_steps_of_adam_agree_with_pytorch, Speaker, "rnn.adam", Adam::new(0.1), head);
