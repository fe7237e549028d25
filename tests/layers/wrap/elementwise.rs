//! Sums and products of stacks.

use crate::harness::{Passes, assert_near, cases, passes};
use formwork::gradcheck::GradCheck;
use formwork::layer::Layer;
use formwork::layers::{Product, Sum};
use formwork::prelude::*;
use formwork::typenum::{U2, U3};
use proptest::prelude::*;

network! {
    /// Of branches with as many numbers and with one a channel; two of them read their outputs.
    struct Added: Image<3, 2, 4> => Image<3, 2, 4> {
        before: Conv2d<3, 1>,
        Sum {
            { Tanh },
            { GlobalAvgPool, squeeze: Dense<2>, Silu, excite: Dense<3>, Sigmoid },
            { conv: Conv2d<3, 3, pad = 1> },
        },
    }
}
network! {
    struct Multiplied: Image<3, 2, 4> => Image<3, 2, 4> {
        before: Conv2d<3, 1>,
        Product {
            { Identity },
            { GlobalAvgPool, squeeze: Dense<2>, Silu, excite: Dense<3>, Sigmoid },
            { conv: Conv2d<3, 3, pad = 1>, Tanh },
            { GlobalAvgPool },
        },
    }
}
network! {
    struct Vectors: Vector<3> => Vector<2> {
        Product { { gate: Dense<2>, Sigmoid }, { fc: Dense<2> }, { Sum { { a: Dense<2> }, { b: Dense<2> } } } },
    }
}
network! {
    struct Excite<C, S, H>: Image<C, H, H> => Image<C, H, H> {
        Product { { Identity }, { GlobalAvgPool, squeeze: Dense<S>, Relu, excite: Dense<C>, Sigmoid } },
    }
}
network! {
    struct OfGeneric: Image<4, 3, 3> => Image<4, 3, 3> { excite: Excite<4, 2, 3> }
}

proptest! {
    #![proptest_config(cases(8))]

    #[test]
    fn gradients(seed: u64, columns in 1..4_usize) {
        let check = GradCheck::new(seed).columns(columns);
        passes(check.network::<Added>())?;
        passes(check.network::<Multiplied>())?;
        passes(check.network::<Vectors>())?;
        passes(check.network::<OfGeneric>())?;
    }
}

/// Two pixels of two channels, channels innermost, and two samples: (1, 2), (3, 5) and (-1, 0),
/// (0, 4), whose means are (2, 3.5) and (-0.5, 2).
const X: [f64; 8] = [1.0, 2.0, 3.0, 5.0, -1.0, 0.0, 0.0, 4.0];

type OfMeans<How> = (How, (Means, ()));
network! { struct Means: Image<2, 1, 2> => Vector<2> { GlobalAvgPool } }
network! { struct Same: Image<2, 1, 2> => Image<2, 1, 2> { Identity } }

#[test]
fn a_number_for_each_channel_counts_for_all_pixels() {
    let (y, dx) = Passes::<Sum<OfMeans<Same>>, Image<U2, formwork::typenum::U1, U2>>::new(2).train(
        &X,
        &[1.0, 2.0, 3.0, 4.0, 1.0, 0.0, 0.0, 0.0],
        1,
    );
    assert_near("sum", &y, &[3.0, 5.5, 5.0, 8.5, -1.5, 2.0, -0.5, 6.0], 0.0);
    // By the mean: (1 + 3, 2 + 4), of which each pixel has half.
    assert_near("dx of the sum", &dx, &[3.0, 5.0, 5.0, 7.0, 1.5, 0.0, 0.5, 0.0], 0.0);
    let (y, dx) = Passes::<Product<OfMeans<Same>>, Image<U2, formwork::typenum::U1, U2>>::new(2)
        .train(&X, &[1.0, 2.0, 3.0, 4.0, 1.0, 0.0, 0.0, 0.0], 1);
    assert_near("product", &y, &[2.0, 7.0, 6.0, 17.5, 0.5, 0.0, 0.0, 8.0], 0.0);
    // By the mean: (1 * 1 + 3 * 3, 2 * 2 + 4 * 5) = (10, 24), and beside that `dy` times the mean.
    assert_near("dx of the product", &dx, &[7.0, 19.0, 11.0, 26.0, -1.0, 0.0, -0.5, 0.0], 0.0);
}

#[test]
#[should_panic(
    expected = "layer `product1`: its branches disagree: branch 1 gives `Image<2, 3, 3>`, branch 2 gives `Vector<3>`, but must give the same or `Vector<2>`"
)]
fn branches_of_other_sizes_are_refused() {
    type Unequal = Product<(Relu, (Dense<U3>, ()))>;
    <Unequal as Layer<Image<U2, U3, U3>>>::CHECK.report("product1");
}
