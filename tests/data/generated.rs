use std::f32::consts::{PI, TAU};

use formwork::data::{spiral, toy};

use super::rng;

#[test]
fn a_spiral_without_noise_follows_its_formula() {
    let data = spiral::<3>(100, 0.0, &mut rng(1)).unwrap();
    assert_eq!(data.class_counts(), [100; 3]);
    // Arm 1, point 50: radius 0.5, angle 4 + 4 * 0.5 = 6, and so (0.5 sin 6, 0.5 cos 6).
    let (point, arm) = data.get(150).unwrap();
    assert_eq!(arm, [1]);
    assert!((point[0] + 0.139708).abs() < 1e-6 && (point[1] - 0.480085).abs() < 1e-6, "{point:?}");
}

#[test]
fn the_noise_of_a_spiral_is_normal() {
    let points = 10_000;
    let data = spiral::<2>(points, 0.2, &mut rng(2)).unwrap();
    // The centre has no angle; beyond it the angle differs from the formula's by the noise.
    let errors =
        data.inputs().iter().enumerate().filter(|(i, _)| i % points > 0).map(|(i, point)| {
            let (arm, radius) = (i / points, (i % points) as f32 / points as f32);
            let error = point[0].atan2(point[1]) - 4.0 * (arm as f32 + radius);
            error - (error / TAU).round() * TAU
        });
    let errors: Vec<_> = errors.collect();
    let count = errors.len() as f32;
    let mean = errors.iter().sum::<f32>() / count;
    let deviation = (errors.iter().map(|e| (e - mean).powi(2)).sum::<f32>() / count).sqrt();
    // Of 20,000 errors the mean strays by 0.2 / sqrt(20000) = 0.0014 and the deviation by 0.001.
    assert!(mean.abs() < 0.007 && (deviation - 0.2).abs() < 0.005, "{mean} {deviation}");
}

#[test]
fn the_same_seed_gives_the_same_points() {
    let spirals = [3, 3, 4].map(|seed| spiral::<3>(20, 0.2, &mut rng(seed)).unwrap());
    assert!(spirals[0] == spirals[1] && spirals[0] != spirals[2]);
    let moons = [3, 3, 4].map(|seed| toy::two_moons(20, 0.2, &mut rng(seed)).unwrap());
    assert!(moons[0] == moons[1] && moons[0] != moons[2]);
}

#[test]
fn noise_is_finite() {
    let error = spiral::<3>(10, f32::NAN, &mut rng(5)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "input 0 is NaN at channel 0, row 0, column 0, expected a finite number"
    );
    assert!(toy::two_moons(10, f32::INFINITY, &mut rng(5)).is_err());
}

#[test]
fn the_tables_of_the_gates() {
    for (gate, rule) in [
        (toy::and(), (|a, b| a && b) as fn(bool, bool) -> bool),
        (toy::or(), |a, b| a || b),
        (toy::nand(), |a, b| !(a && b)),
        (toy::xor(), |a, b| a != b),
    ] {
        assert_eq!(gate.len(), 4);
        for (input, answer) in gate.inputs().iter().zip(gate.targets()) {
            assert_eq!(answer, [u32::from(rule(input[0] == 1.0, input[1] == 1.0))]);
        }
    }
}

#[test]
fn moons_without_noise_are_half_circles() {
    let moons = toy::two_moons(5, 0.0, &mut rng(6)).unwrap();
    assert_eq!(moons.class_counts(), [5, 5]);
    // From angle 0 to pi in four steps.
    for (i, point) in moons.inputs().iter().enumerate() {
        let (sin, cos) = ((i % 5) as f32 * PI / 4.0).sin_cos();
        let expected = if i < 5 { [cos, sin] } else { [1.0 - cos, 0.5 - sin] };
        assert!(point.iter().zip(expected).all(|(x, e)| (x - e).abs() < 1e-6), "{point:?}");
    }
}
