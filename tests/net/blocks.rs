//! Inference on batches so large that they go through a network in blocks.

use formwork::data::{Batch, Grid};
use formwork::prelude::*;
use rand::{RngExt, SeedableRng};

network! {
    struct Conv: Image<1, 12, 12> => Vector<3> {
        conv1: Conv2d<16, 3, pad = 1>, BatchNorm, Relu, conv2: Conv2d<16, 3>, Relu, MaxPool<2>, fc: Dense<3>
    }
}

network! {
    struct Small: Vector<2> => Vector<2> { fc1: Dense<3>, Relu, fc2: Dense<2> }
}

const COLUMNS: usize = 1_003;

fn images() -> (Model<Conv>, Vec<f32>) {
    let mut rng = Generator::seed_from_u64(1);
    let pixels = (0..144 * COLUMNS).map(|_| rng.random_range(-1.0..1.0)).collect();
    (Model::new(&mut rng), pixels)
}

fn batch(pixels: &[f32]) -> Batch<Grid<1, 12, 12>> {
    Batch::from_vec(pixels.to_vec()).unwrap()
}

#[test]
fn blocks_are_the_whole_batch() {
    let (model, pixels) = images();
    let mut few = Inference::<Conv>::new(17);
    let expected: Vec<f32> = pixels
        .chunks(144 * 17)
        .flat_map(|pixels| few.run(&model, &batch(pixels)).as_slice().to_vec())
        .collect();
    for threads in [1, 2, 3, 16] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let outputs = pool.install(|| {
            let mut inference = Inference::<Conv>::new(COLUMNS);
            // A smaller batch before, and one that fits into a block.
            inference.run(&model, &batch(&pixels[..144 * 100]));
            assert_eq!(inference.run(&model, &batch(&pixels[..144])).len(), 3);
            inference.run(&model, &batch(&pixels)).as_slice().to_vec()
        });
        assert_eq!(outputs.len(), expected.len());
        let close = outputs.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-5);
        assert!(close, "{threads} threads");
    }
}

#[test]
fn what_is_not_finite_is_found_in_the_last_block() {
    let (model, pixels) = images();
    let mut inference = Inference::<Conv>::new(COLUMNS);
    let mut with_nan = pixels;
    with_nan[144 * 1_000] = f32::NAN;
    assert_eq!(inference.first_not_finite(&model, &batch(&with_nan)).as_deref(), Some("conv1"));
    with_nan[144 * 1_000] = 0.0;
    assert_eq!(inference.first_not_finite(&model, &batch(&with_nan)), None);
}

#[test]
#[should_panic(expected = "a batch of 1003 columns, but there is room for 1002")]
fn more_columns_than_there_is_room_for_are_refused() {
    let (model, pixels) = images();
    Inference::<Conv>::new(1_002).run(&model, &batch(&pixels));
}

#[test]
fn steps_of_several_lanes_are_columns_as_well() {
    let model = Model::<Small>::new(&mut Generator::seed_from_u64(1));
    let mut rng = Generator::seed_from_u64(2);
    let x: Vec<f32> = (0..2 * 48_000).map(|_| rng.random_range(-1.0..1.0)).collect();
    let x = Batch::<Grid<2>>::from_vec(x).unwrap();
    let (mut lanes, mut apart) = (Inference::with_lanes(48_000, 4), Inference::new(48_000));
    assert_eq!(lanes.run(&model, &x), apart.run(&model, &x));
}
