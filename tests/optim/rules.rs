//! Where the update rules lead.

use formwork::kernel::Real;
use formwork::optim::{AdaGrad, Adam, AdamW, Momentum, Nesterov, Optimizer, RmsProp, Sgd};

use crate::all;

/// Where `steps` steps from (-7, 2) down x^2 / 20 + y^2 lead.
fn descend<T: Real>(optimizer: &mut dyn Optimizer<T>, steps: usize) -> [f64; 2] {
    let real = T::of;
    let mut position = [real(-7.0), real(2.0)];
    for _ in 0..steps {
        let gradient = [position[0] / real(10.0), position[1] * real(2.0)];
        optimizer.step(&mut position, &gradient);
    }
    position.map(T::to_f64)
}

#[track_caller]
fn assert_near(actual: [f64; 2], expected: [f64; 2], tolerance: f64) {
    let near = actual.iter().zip(expected).all(|(a, e)| (a - e).abs() <= tolerance);
    assert!(near, "{actual:?} is not within {tolerance} of {expected:?}");
}

/// One parameter, from 1, under a gradient for each step: its values after each.
fn path(mut optimizer: impl Optimizer<f64>, gradients: &[f64]) -> Vec<f64> {
    let mut param = [1.0];
    let step = |g: &f64| {
        optimizer.step(&mut param, &[*g]);
        param[0]
    };
    gradients.iter().map(step).collect()
}

#[track_caller]
fn assert_path(actual: &[f64], expected: &[f64]) {
    assert_eq!(actual.len(), expected.len());
    let near = actual.iter().zip(expected).all(|(a, e)| (a - e).abs() <= 1e-14);
    assert!(near, "{actual:?} is not {expected:?}");
}

#[test]
fn sgd_by_hand() {
    // 1 - 0.1 * 2 = 0.8;  0.8 - 0.1 * (-1) = 0.9
    assert_path(&path(Sgd::new(0.1), &[2.0, -1.0]), &[0.8, 0.9]);
    // 1 - 0.1 * (2 + 0.5 * 1) = 0.75;  0.75 - 0.1 * (-1 + 0.5 * 0.75) = 0.8125
    assert_path(&path(Sgd::new(0.1).weight_decay(0.5), &[2.0, -1.0]), &[0.75, 0.8125]);
}

#[test]
fn momentum_by_hand() {
    // v = 2,                 p = 1 - 0.1 * 2     = 0.8
    // v = 0.5 * 2 - 1 = 0,   p = 0.8 - 0.1 * 0   = 0.8
    // v = 0.5 * 0 + 3 = 3,   p = 0.8 - 0.1 * 3   = 0.5
    // v = 0.5 * 3 + 1 = 2.5, p = 0.5 - 0.1 * 2.5 = 0.25
    let momentum = Momentum::new(0.1).momentum(0.5);
    assert_path(&path(momentum, &[2.0, -1.0, 3.0, 1.0]), &[0.8, 0.8, 0.5, 0.25]);
}

#[test]
fn nesterov_by_hand() {
    // v = 2,               p = 1 - 0.1 * (2 + 0.5 * 2)    = 0.7
    // v = 0.5 * 2 - 1 = 0, p = 0.7 - 0.1 * (-1 + 0.5 * 0) = 0.8
    // v = 0.5 * 0 + 3 = 3, p = 0.8 - 0.1 * (3 + 0.5 * 3)  = 0.35
    let nesterov = Nesterov::new(0.1).momentum(0.5);
    assert_path(&path(nesterov, &[2.0, -1.0, 3.0]), &[0.7, 0.8, 0.35]);
}

#[test]
fn adagrad_by_hand() {
    // h = 9,             p = 1 - 0.1 * 3 / (3 + 1)     = 0.925
    // h = 9 + 16 = 25,   p = 0.925 - 0.1 * 4 / (5 + 1) = 0.925 - 0.4 / 6
    // h = 25 + 144 = 169, p = that + 0.1 * 12 / (13 + 1)
    let second = 0.925 - 0.4 / 6.0;
    let expected = [0.925, second, second + 1.2 / 14.0];
    assert_path(&path(AdaGrad::new(0.1).epsilon(1.0), &[3.0, 4.0, -12.0]), &expected);
}

#[test]
fn rmsprop_by_hand() {
    // v = 0.25 * 16 = 4,                    p = 1 - 0.1 * 4 / (2 + 1)
    // v = 0.75 * 4 + 0.25 * 24 = 9 (g^2 = 24), p = that - 0.1 * sqrt(24) / (3 + 1)
    let first = 1.0 - 0.4 / 3.0;
    let expected = [first, first - 0.1 * 24_f64.sqrt() / 4.0];
    let rmsprop = RmsProp::new(0.1).alpha(0.75).epsilon(1.0);
    assert_path(&path(rmsprop, &[4.0, 24_f64.sqrt()]), &expected);
}

#[test]
fn adam_by_hand() {
    // m = 0.5 * 4 = 2,           corrected by 1 - 0.5   = 0.5:    4
    // v = 0.25 * 16 = 4,         corrected by 1 - 0.75  = 0.25:   16
    //   p = 1 - 0.1 * 4 / (4 + 1) = 0.92
    // m = 0.5 * 2 + 0.5 * 1 = 1.5,    corrected by 1 - 0.25   = 0.75:   2
    // v = 0.75 * 4 + 0.25 * 1 = 3.25, corrected by 1 - 0.5625 = 0.4375: 52 / 7
    //   p = 0.92 - 0.1 * 2 / (sqrt(52 / 7) + 1)
    let expected = [0.92, 0.92 - 0.2 / ((52.0_f64 / 7.0).sqrt() + 1.0)];
    let adam = Adam::new(0.1).betas(0.5, 0.75).epsilon(1.0);
    assert_path(&path(adam, &[4.0, 1.0]), &expected);

    // With weight decay the gradient is 3 + 1 * 1 = 4 at first, as above, and then 0.08 + 0.92 = 1.
    let adam = Adam::new(0.1).betas(0.5, 0.75).epsilon(1.0).weight_decay(1.0);
    assert_path(&path(adam, &[3.0, 0.08]), &expected);
}

#[test]
fn adamw_by_hand() {
    // As Adam, but each time p is first multiplied by 1 - 0.1 * 2 = 0.8:
    //   p = 0.8 - 0.08 = 0.72;  p = 0.8 * 0.72 - 0.2 / (sqrt(52 / 7) + 1)
    let expected = [0.72, 0.576 - 0.2 / ((52.0_f64 / 7.0).sqrt() + 1.0)];
    let adamw = AdamW::new(0.1).betas(0.5, 0.75).epsilon(1.0).weight_decay(2.0);
    assert_path(&path(adamw, &[4.0, 1.0]), &expected);
}

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

/// The other forms of three rules, as their documentation says.
#[test]
fn other_conventions() {
    let (lr, mu, steps) = (0.1, 0.9, 30);
    let descend_by = |rule: &dyn Fn(f64, &mut f64, f64) -> f64| {
        [(-7.0, 0.1), (2.0, 2.0)].map(|(mut p, slope)| {
            let mut u = 0.0;
            (0..steps).for_each(|_| p = rule(p, &mut u, slope * p));
            p
        })
    };
    let momentum = descend_by(&|p, u, g| {
        *u = mu * *u - lr * g;
        p + *u
    });
    assert_near(descend::<f64>(&mut Momentum::new(lr), steps), momentum, 1e-12);
    let nesterov = descend_by(&|p, u, g| {
        let p = p + mu * mu * *u - (1.0 + mu) * lr * g;
        *u = mu * *u - lr * g;
        p
    });
    assert_near(descend::<f64>(&mut Nesterov::new(lr), steps), nesterov, 1e-12);

    // Adam with both corrections in the rate, at an epsilon that is felt. At t = 1, with g = 0.3,
    // m = 0.03 and v = 0.00009, it gives 0.3 sqrt(0.001) / 0.1 * 0.03 / (sqrt(0.00009) + 0.01).
    let epsilon = 0.01;
    let folded = 0.3 * 0.001_f64.sqrt() / 0.1 * 0.03 / (0.00009_f64.sqrt() + epsilon);
    let adam = Adam::new(0.3).epsilon(epsilon / 0.001_f64.sqrt());
    assert_path(&path(adam, &[0.3]), &[1.0 - folded]);
}

#[test]
fn the_rate_can_be_changed() {
    for mut optimizer in all::<f64>() {
        let mut params = [1.0, -2.0];
        optimizer.set_learning_rate(0.0);
        optimizer.step(&mut params, &[3.0, 4.0]);
        assert_eq!(params, [1.0, -2.0], "a rate of 0 moves nothing");
        optimizer.set_learning_rate(0.01);
        assert_eq!(optimizer.learning_rate(), 0.01);
        optimizer.step(&mut params, &[3.0, 4.0]);
        assert!(params[0] < 1.0 && params[1] < -2.0, "{params:?} went uphill");
    }
}
