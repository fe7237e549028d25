//! Hyper-parameters that no rule has are refused where they are given.

use crate::panic_of;
use formwork::optim::{AdaGrad, Adam, AdamW, Nesterov, Optimizer, RmsProp, Sgd};

#[test]
fn wrong_settings_panic() {
    let rate = "the learning rate must be finite and not negative, found ";
    assert_eq!(panic_of(|| Sgd::<f32>::new(-1.0)), format!("{rate}-1"));
    assert_eq!(panic_of(|| Adam::<f32>::new(f64::NAN)), format!("{rate}NaN"));
    assert_eq!(
        panic_of(|| Sgd::<f32>::new(0.1).set_learning_rate(f64::INFINITY)),
        format!("{rate}inf")
    );
    assert_eq!(
        panic_of(|| Adam::<f32>::new(0.1).betas(0.9, 1.0)),
        "beta2 must be at least 0 and below 1, found 1"
    );
    assert_eq!(
        panic_of(|| RmsProp::<f32>::new(0.1).alpha(-0.5)),
        "alpha must be at least 0 and below 1, found -0.5"
    );
    assert_eq!(
        panic_of(|| Nesterov::<f32>::new(0.1).momentum(1.5)),
        "the momentum must be at least 0 and below 1, found 1.5"
    );
    assert_eq!(
        panic_of(|| AdaGrad::<f32>::new(0.1).epsilon(-1.0)),
        "epsilon must be finite and not negative, found -1"
    );
    assert_eq!(
        panic_of(|| AdamW::<f32>::new(0.1).weight_decay(-1.0)),
        "the weight decay must be finite and not negative, found -1"
    );
}
