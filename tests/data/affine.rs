use formwork::data::{Batch, Grid, RandomAffine};

use crate::rng;

/// So many images of 15 x 15 with one bright pixel.
fn dots(count: usize, (row, column): (usize, usize)) -> Batch<Grid<1, 15, 15>, f64> {
    let mut image = [0.0; 225];
    image[15 * row + column] = 1.0;
    Batch::from_rows(vec![image; count]).unwrap()
}

/// The sum of an image, and its centre of gravity relative to the middle: right and down.
fn gravity(image: &[f64]) -> (f64, f64, f64) {
    let sum: f64 = image.iter().sum();
    let moment = |at: fn(usize) -> usize| -> f64 {
        image.iter().enumerate().map(|(i, ink)| ink * (at(i) as f64 - 7.0)).sum()
    };
    (sum, moment(|i| i % 15) / sum, moment(|i| i / 15) / sum)
}

#[test]
fn without_bounds_nothing_changes() {
    let mut images = dots(3, (2, 14));
    RandomAffine::new().apply(&mut images, &mut rng(1));
    for (new, old) in images.data().iter().zip(dots(3, (2, 14)).data()) {
        assert!((new - old).abs() < 1e-12);
    }
}

/// A shift moves the centre of gravity by exactly itself, and keeps the sum.
#[test]
fn shifts_are_within_their_bound_and_even() {
    let mut images = dots(2000, (7, 7));
    RandomAffine::new().shift(2.5).apply(&mut images, &mut rng(2));
    let (mut extremes, mut mean) = ([0.0_f64; 4], [0.0; 2]);
    for image in &images {
        let (sum, right, down) = gravity(image);
        assert!((sum - 1.0).abs() < 1e-12);
        extremes = [
            extremes[0].min(right),
            extremes[1].max(right),
            extremes[2].min(down),
            extremes[3].max(down),
        ];
        mean = [mean[0] + right / 2000.0, mean[1] + down / 2000.0];
    }
    for (extreme, bound) in extremes.into_iter().zip([-2.5, 2.5, -2.5, 2.5]) {
        assert!((extreme - bound).abs() < 0.02, "{extremes:?}");
    }
    // The mean of 2000 has a deviation of 2.5 / sqrt(3 * 2000) = 0.032.
    assert!(mean.iter().all(|mean| mean.abs() < 0.13), "{mean:?}");
}

#[test]
fn rotations_keep_the_distance_from_the_middle() {
    // Five to the right of the middle.
    let mut images = dots(500, (7, 12));
    RandomAffine::new().rotate(30.0).apply(&mut images, &mut rng(3));
    let mut largest = 0.0_f64;
    for image in &images {
        let (_, right, down) = gravity(image);
        // Interpolation blurs, by less than half a pixel.
        assert!((right.hypot(down) - 5.0).abs() < 0.3, "{right} {down}");
        let angle = down.atan2(right).to_degrees();
        largest = if angle.abs() > largest.abs() { angle } else { largest };
    }
    // A third of a pixel, seen from a distance of five, is under an angle of 4 degrees.
    assert!((largest.abs() - 30.0).abs() < 4.0, "{largest}");
}

#[test]
fn scales_work_on_each_axis_by_itself() {
    // Five to the right of the middle and four above.
    let mut images = dots(500, (3, 12));
    RandomAffine::new().scale(0.4).apply(&mut images, &mut rng(4));
    let (mut wide, mut high) = (Vec::new(), Vec::new());
    for image in &images {
        let (_, right, down) = gravity(image);
        wide.push(right / 5.0);
        high.push(-down / 4.0);
    }
    for factors in [&mut wide, &mut high] {
        factors.sort_by(f64::total_cmp);
        assert!((factors[0] - 0.6).abs() < 0.1 && (factors[499] - 1.4).abs() < 0.1);
        assert!((factors[250] - 1.0).abs() < 0.1, "{}", factors[250]);
    }
    // Were both the same, a diagonal would stay one.
    let mut images = dots(500, (12, 12));
    RandomAffine::new().scale(0.4).apply(&mut images, &mut rng(5));
    let off = images.iter().filter(|image| {
        let (_, right, down) = gravity(image);
        (right - down).abs() > 1.0
    });
    assert!(off.count() > 200);
}

#[test]
fn what_comes_from_outside_is_nothing() {
    let mut images = Batch::<Grid<1, 15, 15>>::from_vec(vec![1.0; 225 * 50]).unwrap();
    RandomAffine::new().shift(4.0).apply(&mut images, &mut rng(6));
    for image in &images {
        // What is left of a full image is a rectangle: its lost share is that of its borders.
        let sum: f32 = image.iter().sum();
        assert!((11.0 * 11.0..225.01).contains(&sum), "{sum}");
        assert!(image.iter().all(|ink| (0.0..=1.0 + 1e-6).contains(ink)));
    }
}

/// Both channels of an image move alike, two images do not, and the seed decides.
#[test]
fn channels_move_together() {
    let one: Vec<f32> = (0..42).map(|i| (i * i % 11) as f32).collect();
    let both = || Batch::<Grid<2, 6, 7>>::from_vec([&one[..]; 4].concat()).unwrap();
    let moved = |seed| {
        let mut images = both();
        let mut affine = RandomAffine::new().rotate(20.0).scale(0.2).shift(1.0);
        affine.apply(&mut images, &mut rng(seed));
        images
    };
    let images = moved(7);
    assert_eq!(images.data()[..42], images.data()[42..84]);
    assert_ne!(images.column(0), images.column(1));
    assert_ne!(images.column(0), both().column(0));
    assert_eq!(images, moved(7));
    assert_ne!(images, moved(8));
}
