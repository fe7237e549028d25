//! The long short-term memory.

use super::gradients::{are_right, of_all_shapes_are_right};
use super::reference::{assert_close, carried, training};
use crate::harness::cases;
use formwork::kernel::recurrent::gates;
use formwork::optim::{Adam, Sgd};
use formwork::prelude::*;
use formwork::typenum::{U1, U2, U3, U4, U5, U17};
use proptest::prelude::*;

proptest! {
    #![proptest_config(cases(6))]

    #[test]
    fn gradients(seed in 0..1000_u64, steps in 1..5_usize, lanes in 1..4_usize) {
        of_all_shapes_are_right::<Lstm<U1>, Lstm<U5>>(seed, steps, lanes);
    }
}

/// More units than the widest block of the packed product has rows, more lanes than its widest tile.
#[test]
fn gradients_of_more_than_a_tile() {
    are_right::<Lstm<U17>, Vector<U2>>(1, 2, 11);
}

/// An image enters with its channels innermost, but the weights index it channel by channel.
#[test]
fn gradients_of_images() {
    are_right::<Lstm<U2>, Image<U2, U3, U1>>(1, 2, 2);
}

#[test]
fn values_and_gradients_agree_with_pytorch() {
    let state = carried::<Lstm<U4>>("lstm");
    assert_close("lstm.c", &state[1]);
}

network! { struct Speaker: Token<7> => Vector<7> { embed: Embedding<4>, cell: Lstm<4>, head: Dense<7> } }
network! {
    struct Tied: Token<7> => Vector<7> { embed: Embedding<4>, cell: Lstm<4>, head: Dense<7> tied to embed }
}
training!(ten_steps_of_sgd_agree_with_pytorch, Speaker, "lstm.model", Sgd::new(0.5), head);
training!(ten_steps_of_adam_agree_with_pytorch, Speaker, "lstm.adam", Adam::new(0.1), head);
training!(ten_steps_of_a_tied_model_agree_with_pytorch, Tied, "tied.model", Sgd::new(0.5));

/// One unit with gates of given size: `i = f = o = 1/(1 + e^-a)` and `g = tanh(a)`, over a grid.
#[test]
fn gates_are_right_to_5e_7() {
    for step in -4000..=4000 {
        let a = step as f32 / 250.0;
        let (mut gates, mut cells, mut h) = ([a; 4], [0.0], [0.0]);
        let before = [0.0];
        gates::Forward {
            hidden: 1,
            gates: &mut gates,
            before: &before,
            cells: &mut cells,
            h: &mut h,
        }
        .run::<Lstm, 4>();
        let sigmoid = 1.0 / (1.0 + (-f64::from(a)).exp());
        let tanh = f64::from(a).tanh();
        for (found, expected) in gates.into_iter().zip([sigmoid, sigmoid, tanh, sigmoid]) {
            assert!((f64::from(found) - expected).abs() < 5e-7, "{a}: {expected} {found}");
        }
        assert_eq!(cells[0], gates[0] * gates[2]);
    }
}

/// The better model of the book: one embedding, two LSTMs of 650, the output tied to the embedding.
/// An LSTM has a second bias here, of 4 times its units.
#[test]
fn the_number_of_parameters_is_the_books_but_for_the_second_bias() {
    network! {
        struct Better: Token<10_000> => Vector<10_000> {
            embed: Embedding<650>, lstm1: Lstm<650>, lstm2: Lstm<650>,
            head: Dense<10_000> tied to embed,
        }
    }
    network! {
        struct Small: Token<10_000> => Vector<10_000> {
            embed: Embedding<100>, lstm: Lstm<100>, head: Dense<10_000>,
        }
    }
    const _: () = assert!(Better::PARAMETERS == 13_275_200 + 2 * 4 * 650);
    const _: () = assert!(Small::PARAMETERS == 2_090_400 + 4 * 100);
    assert!(Better::summary().starts_with("Better: 10000 => 10000"));
}
