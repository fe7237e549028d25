//! Gradient clipping.

use formwork::optim::clip;

#[test]
fn clipping_by_norm() {
    // sqrt(2^2 + 3^2 + 6^2) = 7, so the factor is 3.5 / 7 = 1/2, but for the 1e-6
    let mut gradient = [2.0, 3.0, -6.0];
    assert_eq!(clip::by_norm(&mut gradient, 3.5), Ok(7.0));
    for (clipped, expected) in gradient.iter().zip([1.0, 1.5, -3.0]) {
        assert!(f64::abs(clipped - expected) < 1e-6, "{gradient:?}");
    }
    let mut small = [2.0_f32, 3.0, -6.0];
    assert_eq!(clip::by_norm(&mut small, 7.1), Ok(7.0));
    assert_eq!(small, [2.0, 3.0, -6.0], "a norm below the limit is left alone");
    assert_eq!(clip::by_norm::<f32>(&mut [], 1.0), Ok(0.0));

    // The squares of these are beyond f32: 5e30 = sqrt((3e30)^2 + (4e30)^2)
    let norm = clip::norm(&[3e30_f32, 4e30]).unwrap();
    assert!((norm / 5e30 - 1.0).abs() < 1e-7);
    // 100,000 times 0.01^2 is 10; one sum in f32 would be off by more than 1e-5
    let norm = clip::norm(&[0.01_f32; 100_000]).unwrap();
    assert!((norm - 100_000_f64.sqrt() * f64::from(0.01_f32)).abs() < 1e-12);
}

#[test]
fn a_norm_that_is_not_finite_is_reported() {
    let mut gradient = [1.0_f32, f32::NAN, f32::INFINITY];
    let error = clip::by_norm(&mut gradient, 1.0).unwrap_err();
    assert!(error.norm.is_nan() && error.index == Some(1));
    assert_eq!(gradient[0], 1.0, "the gradient is left alone");
    assert_eq!(
        error.to_string(),
        "the norm of the gradient is NaN, expected a finite number: value 1 of the gradient is the first not finite"
    );
    let error = clip::norm(&[1.0, f64::NEG_INFINITY]).unwrap_err();
    assert_eq!(error, clip::NonFiniteNorm { norm: f64::INFINITY, index: Some(1) });
    let error = clip::norm(&[1e200]).unwrap_err();
    assert_eq!(error, clip::NonFiniteNorm { norm: f64::INFINITY, index: None });
}

#[test]
fn clipping_by_value() {
    let mut gradient = [-3.0, -0.5, 0.0, 0.5, 3.0, f32::INFINITY, f32::NAN];
    clip::by_value(&mut gradient, 0.75);
    assert_eq!(gradient[..6], [-0.75, -0.5, 0.0, 0.5, 0.75, 0.75]);
    assert!(gradient[6].is_nan());
}
