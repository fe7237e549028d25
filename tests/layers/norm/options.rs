//! What can be chosen of normalising layers: what is added to the variance, how fast running
//! statistics follow, and whether there are weights and biases.

use crate::harness::{Passes, assert_near, cases, passes, values};
use formwork::gradcheck::GradCheck;
use formwork::layer::{Layer, Plain, TensorVisitor, as_mut_slice, as_slice};
use formwork::prelude::*;
use formwork::typenum::{U0, U1, U2, U3, U5, U6};
use proptest::prelude::*;

type Photo = Image<U3, U2, U2>;

network! { struct LayerEps: Image<3, 2, 2> => Image<3, 2, 2> { LayerNorm(0.1) } }
network! { struct LayerWeight: Image<3, 2, 2> => Image<3, 2, 2> { LayerNorm<bias = 0> } }
network! { struct LayerPlain: Image<3, 2, 2> => Image<3, 2, 2> { LayerNorm<affine = 0> } }
network! { struct BatchValues: Image<3, 2, 2> => Image<3, 2, 2> { BatchNorm(0.1, 0.3) } }
network! { struct BatchPlain: Image<3, 2, 2> => Image<3, 2, 2> { BatchNorm<affine = 0> } }
network! { struct GroupEps: Image<3, 2, 2> => Image<3, 2, 2> { GroupNorm<3>(0.1) } }
network! { struct GroupPlain: Image<3, 2, 2> => Image<3, 2, 2> { GroupNorm<3, affine = 0> } }

const _: () = {
    assert!(LayerWeight::PARAMETERS == 12 && LayerPlain::PARAMETERS == 0);
    assert!(BatchPlain::PARAMETERS == 0 && GroupPlain::PARAMETERS == 0);
};

/// With y, dx, the gradients by weight and bias, and the statistics of `tests/reference/norm.py`, a
/// number for each.
#[track_caller]
pub fn agrees<L: Layer<Photo>>(expected: &[f64]) {
    let told = |v: &[f64]| -> f64 {
        v.iter().zip(0..).map(|(v, i)| v * (0.3 * f64::from(i) + 0.5).sin()).sum()
    };
    let mut passes = Passes::<L, Photo>::new(2);
    let mut places = Vec::new();
    let mut note = |name: &str, _: &[usize], place| places.push((name.ends_with("weight"), place));
    <L::Params<f64> as Plain<f64>>::tensors(&mut TensorVisitor::new(&mut note));
    for (is_weight, place) in &places {
        for (value, i) in
            as_mut_slice::<f64, _>(&mut *passes.params)[place.clone()].iter_mut().zip(0..)
        {
            *value = if *is_weight { 1.0 + f64::from(i) / 10.0 } else { f64::from(i) / 20.0 };
        }
    }
    let (y, dx) = passes.train(
        &values(24, |i| (0.7 * i).sin() + 0.1 * i),
        &values(24, |i| (0.3 * i).cos()),
        2,
    );
    L::observe(&mut passes.stats, &passes.tape);
    let mut found = vec![told(&y), told(&dx)];
    let gradient = as_slice::<f64, _>(&*passes.gradient);
    found.extend(places.into_iter().map(|(_, place)| told(&gradient[place])));
    found.extend(as_slice::<f64, _>(&*passes.stats).chunks(3).map(told));
    assert_near("tensor", &found, expected, 2e-9);
}

#[test]
fn agree_with_pytorch() {
    agrees::<LayerEps>(&[4.016918826, 11.41624765, 2.767678109, 1.74469714]);
    agrees::<LayerWeight>(&[3.341010027, 11.5328193, 2.985777636]);
    agrees::<LayerPlain>(&[2.577080752, 6.970066178]);
    agrees::<BatchValues>(&[
        -2.695924934,
        7.977130407,
        3.506705174,
        1.927107535,
        0.7947854138,
        2.092957745,
    ]);
    agrees::<BatchPlain>(&[-2.751357894, 7.659283445, 0.2649284713, 2.089645241]);
    agrees::<GroupEps>(&[3.075655991, 7.357336765, 2.169776777, 1.927107535]);
    agrees::<GroupPlain>(&[2.978629649, 6.76250885]);
}

network! {
    struct Plain5: Vector<5> => Vector<5> {
        fc1: Dense<5, bias = 0>, BatchNorm<affine = 0>, Tanh, LayerNorm<affine = 0>(0.01), fc2: Dense<5>
    }
}

proptest! {
    #![proptest_config(cases(8))]

    #[test]
    fn gradients(seed: u64, columns in 2..5_usize) {
        let check = GradCheck::new(seed).columns(columns);
        passes(check.layer::<LayerNorm<U1, U0>, Vector<U5>>())?;
        passes(check.layer::<LayerNorm<U1, U0>, Image<U3, U2, U5>>())?;
        passes(check.layer::<LayerNorm<U0>, Image<U3, U2, U5>>())?;
        passes(check.layer::<BatchNorm<U0>, Image<U3, U2, U5>>())?;
        passes(check.layer::<GroupNorm<U3, U0>, Image<U6, U2, U5>>())?;
        passes(check.network::<Plain5>())?;
    }
}
