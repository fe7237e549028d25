//! All optimisers, against PyTorch and the first book.

use crate::{all, assert_near, descend};
use formwork::optim::{AdaGrad, Adam, AdamW, Momentum, Nesterov, Optimizer, RmsProp, Sgd};

/// What `tests/reference/optim.py` printed, with torch 2.15: 12 steps with the defaults.
#[test]
fn defaults_as_in_pytorch() {
    fn check(mut optimizer: impl Optimizer<f64>, expected: [f64; 2]) {
        assert_near(descend(&mut optimizer, 12), expected, 1e-12);
    }
    check(Sgd::new(0.3), [-4.8568965269680655, 3.355443200000002e-05]);
    check(Momentum::new(0.1), [-3.572256697645005, 0.8565530871080002]);
    check(Nesterov::new(0.1), [-3.3306850007754782, 0.2740076078462501]);
    check(AdaGrad::new(0.5), [-4.437756898836877, 0.21009149498452204]);
    check(RmsProp::new(0.05), [-4.410820754561367, 0.19954913689265197]);
    check(Adam::new(0.3), [-3.5043862261956056, -0.6713202633875804]);
    check(AdamW::new(0.3), [-3.323417420993211, -0.6696245437704575]);
}

/// What `tests/reference/optim.py` printed for the settings of [`all`], there called "decay".
#[test]
fn every_setting_as_in_pytorch() {
    let expected = [
        [-3.331442203699773, 1.3165904011680081e-05],
        [-2.4024632857041412, 0.4445056928917575],
        [-2.287701820654758, 0.11699407239706269],
        [-4.4476298523880375, 0.21133762914301363],
        [-6.05071295391026, 1.1135250811502746],
        [-3.604811148319597, -0.4048059945870456],
        [-2.1420928109837867, -0.3720130610088736],
    ];
    for (mut optimizer, expected) in all::<f64>().into_iter().zip(expected) {
        assert_near(descend(&mut *optimizer, 12), expected, 1e-12);
    }
    for (mut optimizer, expected) in all::<f32>().into_iter().zip(expected) {
        assert_near(descend(&mut *optimizer, 12), expected, 4e-6);
    }
}

/// "Deep Learning from Scratch", chapter 6, the naive comparison: 30 steps. To the six digits that
/// are known, but for Adam: the book's epsilon of 1e-7 is added before the correction for bias and
/// ours after, and the 8e-6 between the two end points are its effect.
#[test]
fn end_points_of_the_book() {
    let end = |mut optimizer: Box<dyn Optimizer<f64>>| descend(&mut *optimizer, 30);
    assert_near(end(Box::new(Sgd::new(0.95))), [-0.350393, 0.084782], 5e-7);
    assert_near(end(Box::new(Momentum::new(0.1))), [0.896414, 0.088086], 5e-7);
    let adagrad = AdaGrad::new(1.5).epsilon(1e-7);
    assert_near(end(Box::new(adagrad)), [-0.120162, 0.0], 5e-7);
    assert_near(end(Box::new(Adam::new(0.3))), [0.136007, 0.318245], 8.5e-6);
}
