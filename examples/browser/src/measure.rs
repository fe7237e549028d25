//! The costs of a page, to be timed from outside: they give a number so that nothing is left out.

use crate::small_digits::SmallDigits;
use formwork::data::{Batch, Classes, Grid};
use formwork::optim::{AdamW, Optimizer};
use formwork::prelude::*;
use rand::{RngExt, SeedableRng};

/// Of a step, as many samples.
const SAMPLES: usize = 64;

fn images(count: usize, rng: &mut Generator) -> Batch<Grid<1, 8, 8>> {
    let pixels = (0..64 * count).map(|_| rng.random_range(0.0..1.0)).collect();
    Batch::from_vec(pixels).expect("whole images")
}

/// Inferences of one image, one after the other.
pub fn inferences(times: usize) -> f32 {
    let mut rng = Generator::seed_from_u64(1);
    let model = Model::<SmallDigits>::new(&mut rng);
    let (image, mut inference) = (images(1, &mut rng), Inference::new(1));
    (0..times).map(|_| inference.run(&model, &image)[0]).sum()
}

/// Training steps on 64 images each, with AdamW.
pub fn steps(times: usize) -> f32 {
    let mut rng = Generator::seed_from_u64(1);
    let mut model = Model::<SmallDigits>::new(&mut rng);
    let labels = (0..SAMPLES as u32).map(|sample| sample % 10).collect();
    let labels = Batch::<Classes<10>>::from_vec(labels).expect("digits");
    let (images, mut workspace) = (images(SAMPLES, &mut rng), Workspace::new(SAMPLES, 1));
    let mut adam = AdamW::new(1e-3).weight_decay(0.1);
    let mut step = |_| {
        let mut step = workspace.forward(&mut model, &images);
        let loss = step.loss(&SoftmaxCrossEntropy::default(), &labels);
        let gradient = step.backward();
        adam.step(model.parameters_mut(), gradient);
        loss
    };
    (0..times).map(&mut step).sum()
}
