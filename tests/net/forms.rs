//! The forms that a declaration may take.

use formwork::data::{Batch, Grid};
use formwork::layer::{Plain, TensorVisitor};
use formwork::prelude::*;
use rand::SeedableRng;

/// Networks for others to use.
pub(crate) mod nets {
    use formwork::prelude::*;

    network! {
        /// Generic in its dimensions, one of which is called like a type of the macro.
        pub(crate) struct Head<In, T>: Vector<In> => Vector<T> {
            hidden: Dense<In>,
            Residual { fc: Dense<In>, Relu },
            out: Dense<T>,
        }
    }

    network! {
        /// Concrete.
        pub(crate) struct Half: Vector<8> => Vector<4> { fc: Dense<4>, Relu }
    }
}

network! {
    /// Two sizes of one network, and one network in two places.
    pub(crate) struct Nested: Vector<8> => Vector<2> {
        wide: nets::Head<8, 16>,
        narrow: nets::Head<{ 4 * 4 }, SIZE>,
        first: nets::Half,
        Dense<8>,
        second: self::nets::Half,
        Residual { inner: ::formwork::layers::Relu },
        r#final: Dense<2>,
    }
}

const SIZE: usize = 8;

const fn head(inputs: usize, outputs: usize) -> usize {
    2 * (inputs * inputs + inputs) + inputs * outputs + outputs
}

const HALF: usize = 8 * 4 + 4;

#[test]
fn networks_nest() {
    let expected = head(8, 16) + head(16, 8) + 2 * HALF + (4 * 8 + 8) + (4 * 2 + 2);
    assert_eq!(Nested::PARAMETERS, expected);
    let mut names = Vec::new();
    let mut each =
        |path: &str, _: &[usize], _: std::ops::Range<usize>| names.push(path.to_string());
    <Nested as Plain<f32>>::tensors(&mut TensorVisitor::new(&mut each));
    assert!(names.contains(&"wide.residual1.fc.weight".to_string()), "{names:?}");
    assert!(names.contains(&"second.fc.bias".to_string()), "{names:?}");
    assert_eq!(names.last().unwrap(), "final.bias");

    let model = Model::<Nested>::new(&mut Generator::seed_from_u64(1));
    let batch = Batch::<Grid<8>>::from_rows([[1.0; 8], [0.0; 8]]).unwrap();
    assert_eq!(Inference::<Nested>::new(2).run(&model, &batch).len(), 2 * 2);
}

#[test]
fn declarations_may_stand_in_functions_and_share_names() {
    use formwork::layers::Dense as Affine;

    network! {
        struct Net: Vector<2> => Vector<2> {
            // Names that the macro might have had for itself.
            params: Affine<3>,
            values: Relu,
            gradients: Affine<4>,
            tape: Residual { x: Affine<4>, state: Relu },
            cx: Affine<2>,
        }
    }
    network! {
        struct Other: Vector<2> => Vector<2> { net: Net, again: Net }
    }
    {
        network! {
            struct Net: Vector<1> => Vector<1> { fc: Dense<1> }
        }
        assert_eq!(Net::PARAMETERS, 2);
    }
    assert_eq!(Net::PARAMETERS, (2 * 3 + 3) + (3 * 4 + 4) + (4 * 4 + 4) + (4 * 2 + 2));
    assert_eq!(Other::PARAMETERS, 2 * Net::PARAMETERS);
}

#[test]
fn attributes_and_names_pass_through() {
    network! {
        #[derive(Clone, Debug)]
        struct Net: Vector<2> => Vector<1> {
            #[allow(clippy::struct_field_names, reason = "shows that attributes pass through")]
            relu1: Dense<2>,
            Relu,
            Relu,
            fc: Dense<1>,
        }
    }
    let model = Model::<Net>::zeroed();
    let fields = format!("{:?}", model.params);
    let names = ["relu1", "relu2", "relu3", "fc"];
    assert!(names.iter().all(|name| fields.contains(&format!("{name}:"))), "{fields}");
}
