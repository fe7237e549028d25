//! Facts that are constants, the summary, and where the parameters lie.

use formwork::layer::{Plain, TensorVisitor};
use formwork::prelude::*;

const HIDDEN: usize = 8;

network! {
    /// Has one of everything.
    pub struct Small: Image<2, 4, 3> => Vector<5> {
        /// Sees the image as 24 numbers.
        fc1: Dense<HIDDEN>,
        Relu,
        block: Residual { fc: Dense<8>, Relu },
        Dense<{ HIDDEN / 2 }>(Init::Zeros),
        Relu,
        fc2: Dense<5>,
    }
}

const PARAMETERS: usize = (24 * 8 + 8) + (8 * 8 + 8) + (8 * 4 + 4) + (4 * 5 + 5);
// Of a dense layer 2 (one multiplication, one addition) for each weight; of a rectifier and of the
// sum behind a residual connection 1 for each output.
const OPERATIONS: usize = 2 * 24 * 8 + 8 + (2 * 8 * 8 + 8 + 8) + 2 * 8 * 4 + 4 + 2 * 4 * 5;

const _: () = assert!(Small::PARAMETERS == PARAMETERS);
const _: () = assert!(Small::PARAMETER_BYTES == 4 * PARAMETERS);
const _: () = assert!(Small::FLOP == OPERATIONS);
const _: () = assert!(Small::WORKSPACE.bytes(2) < 2 * Small::WORKSPACE.bytes(1) + 1);

#[test]
fn the_summary_is_a_table() {
    assert_eq!(
        Small::summary(),
        "\
Small: 2x4x3 => 5
layer    declared as                         output  parameters  operations
-------  ----------------------------------  ------  ----------  ----------
fc1      Dense<HIDDEN>                            8         200         384
relu1    Relu                                     8           0           8
block    Residual { .. }                          8          72         144
  fc     Dense<8>                                 8          72         128
  relu1  Relu                                     8           0           8
dense1   Dense<{ HIDDEN / 2 }>(Init::Zeros)       4          36          64
relu2    Relu                                     4           0           4
fc2      Dense<5>                                 5          25          40
-------  ----------------------------------  ------  ----------  ----------
total                                                       333         644
"
    );
}

#[test]
fn tensors_lie_in_the_order_of_the_layers() {
    let mut found = Vec::new();
    let mut each = |path: &str, dims: &[usize], place: std::ops::Range<usize>| {
        found.push((path.to_string(), dims.to_vec(), place));
    };
    <Small as Plain<f32>>::tensors(&mut TensorVisitor::new(&mut each));
    let expected = [
        ("fc1.weight", vec![8, 24], 0..192),
        ("fc1.bias", vec![8], 192..200),
        ("block.fc.weight", vec![8, 8], 200..264),
        ("block.fc.bias", vec![8], 264..272),
        ("dense1.weight", vec![4, 8], 272..304),
        ("dense1.bias", vec![4], 304..308),
        ("fc2.weight", vec![5, 4], 308..328),
        ("fc2.bias", vec![5], 328..333),
    ];
    let expected = expected.map(|(path, dims, place)| (path.to_string(), dims, place));
    assert_eq!(found, expected);
}

#[test]
fn fields_are_views_of_the_parameters() {
    let mut model = Model::<Small>::zeroed();
    model.block.fc.bias[1] = 2.0;
    model.dense1.weight[3][7] = 3.0;
    let nonzero: Vec<_> =
        model.parameters().iter().enumerate().filter(|(_, v)| **v > 0.0).collect();
    assert_eq!(nonzero, [(265, &2.0), (303, &3.0)]);
}
