//! Checks of hyper-parameters, made where they are given: a bad one is the programmer's mistake.

/// Returns `value` if it is finite and not negative.
#[track_caller]
pub(super) fn not_negative(value: f64, name: &str) -> f64 {
    assert!(
        value.is_finite() && value >= 0.0,
        "{name} must be finite and not negative, found {value}"
    );
    value
}

/// Returns `value` if it can be the share that a running average keeps: in `[0, 1)`.
#[track_caller]
pub(super) fn share(value: f64, name: &str) -> f64 {
    assert!((0.0..1.0).contains(&value), "{name} must be at least 0 and below 1, found {value}");
    value
}
