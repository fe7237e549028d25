//! Depth costs neither a recursion limit nor, in checking, more than in proportion.

use formwork::prelude::*;

/// Repeats twenty layers for each number.
macro_rules! deep {
    ([$($layers:tt)*]) => {
        network! { struct Deep: Vector<8> => Vector<8> { $($layers)* } }
    };
    ([$($layers:tt)*] $_:literal $($more:literal)*) => {
        deep! {
            [
                $($layers)*
                Dense<8>, Relu, Dense<4>, Relu, Dense<8>, Tanh, Residual { Dense<8>, Relu },
                Dense<4>, Tanh, Dense<8>, Dense<4>, Relu, Dense<8>, Tanh, Dense<8>, Relu,
                Dense<4>, Relu, Dense<8>, Relu,
            ]
            $($more)*
        }
    };
}

deep! { [] 1 2 3 4 5 6 7 8 9 10 }

#[test]
fn two_hundred_layers_compile() {
    assert_eq!(<Deep as formwork::layer::Layer<<Deep as Network>::Input>>::LAYERS.len(), 200);
    // Of twenty layers: 8 to 8 twice and once in a residual connection, 8 to 4 and 4 to 8 four
    // times each.
    let twenty = 3 * (8 * 8 + 8) + 4 * ((8 * 4 + 4) + (4 * 8 + 8));
    assert_eq!(Deep::PARAMETERS, 10 * twenty);
}

macro_rules! deep_block {
    ([$($layers:tt)*]) => {
        network! { struct Block<C>: Image<C, 8, 8> => Image<C, 8, 8> { $($layers)* } }
    };
    ([$($layers:tt)*] $_:literal $($more:literal)*) => {
        deep_block! {
            [
                $($layers)*
                Conv2d<C, 3, pad = 1>, BatchNorm, Relu, Residual { Conv2d<C, 1>, Relu },
                Conv2d<C, 3, pad = 1>, BatchNorm, Relu, BatchNorm, Relu, Conv2d<C, 1>,
            ]
            $($more)*
        }
    };
}

deep_block! { [] 1 2 3 4 5 6 7 8 9 }

network! { struct Blocks: Image<2, 8, 8> => Image<2, 8, 8> { Block<2>, Block<2> } }

#[test]
fn ninety_layers_of_a_generic_network_compile() {
    let ten = 2 * (2 * 2 * 9 + 2) + 2 * (2 * 2 + 2) + 3 * 4;
    assert_eq!(Blocks::PARAMETERS, 2 * 9 * ten);
}
