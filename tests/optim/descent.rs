//! What all optimisers have in common.

use crate::{all, bits, noise};

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

#[test]
fn the_scale_is_that_of_the_gradient() {
    for (mut scaled, mut plain) in all::<f32>().into_iter().zip(all::<f32>()) {
        let mut params = noise(131, 1);
        let mut expected = params.clone();
        for step in 0..3 {
            let gradient = noise(131, 10 + step);
            let smaller: Vec<f32> = gradient.iter().map(|g| 0.3 * g).collect();
            scaled.step_scaled(&mut params, &gradient, 0.3);
            plain.step(&mut expected, &smaller);
        }
        assert_eq!(bits(&params), bits(&expected));
    }
}
