//! What the page holds and does.

use crate::drawing;
use crate::small_digits::SmallDigits;
use core::time::Duration;
use formwork::data::digits::Digits;
use formwork::data::{Batch, Classes, Grid, RandomAffine};
use formwork::optim::AdamW;
use formwork::prelude::*;
use formwork::train::{Record, TrainError, Trainer};
use nalgebra::SVector;
use rand::SeedableRng;

/// The pixels of an image, row by row, from 0 (paper) to 1 (ink).
pub type Pixels = [f32; 64];

/// A network, the digits that it learns, and what it makes of an image.
pub struct Page {
    train: Digits,
    test: &'static Digits,
    trainer: Trainer<'static, SmallDigits, Classes<10>, AdamW<f32>>,
    model: Model<SmallDigits>,
    inference: Inference<SmallDigits>,
    image: Batch<Grid<1, 8, 8>>,
    rng: Generator,
    clock: fn() -> Duration,
}

/// What a network makes of an image.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    /// The image.
    pub pixels: Pixels,
    /// The outputs: the larger, the more likely the digit.
    pub outputs: [f32; 10],
    /// The same as probabilities.
    pub probabilities: [f32; 10],
    /// The activations of the first layer.
    pub first: [f32; 256],
}

impl Page {
    /// A page with these digits to learn and to test on, and a network that has learnt nothing yet.
    pub fn new(digits: Digits, clock: fn() -> Duration) -> Self {
        let mut rng = Generator::seed_from_u64(1);
        let (train, test) = digits.split(0.8, &mut rng);
        // There is one page, as long as its module.
        let test = Box::leak(Box::new(test));
        Self {
            train,
            test,
            trainer: trainer(test, clock),
            model: Model::new(&mut rng),
            inference: Inference::new(1),
            image: Batch::from_vec(vec![0.0; 64]).expect("one image"),
            rng,
            clock,
        }
    }

    /// The network as it is now.
    pub fn model(&self) -> &Model<SmallDigits> {
        &self.model
    }

    /// Goes on with another model.
    pub fn start(&mut self, model: Model<SmallDigits>) {
        self.model = model;
        self.trainer = trainer(self.test, self.clock);
    }

    /// Begins anew, with weights drawn at random.
    pub fn forget(&mut self) {
        let model = Model::new(&mut self.rng);
        self.start(model);
    }

    /// Goes through the training set once.
    ///
    /// # Errors
    /// If training diverges.
    pub fn train(&mut self) -> Result<Record, Box<TrainError>> {
        let loss = SoftmaxCrossEntropy::default();
        let history = self.trainer.fit(&mut self.model, &loss, &self.train, &mut self.rng)?;
        Ok(history.epochs[0])
    }

    /// The number of digits that training does not see.
    pub fn others(&self) -> usize {
        self.test.len()
    }

    /// One of these, and what it is.
    pub fn other(&self, index: usize) -> Option<(Pixels, u32)> {
        let (pixels, label) = self.test.get(index)?;
        Some((pixels.try_into().ok()?, label[0]))
    }

    /// What the network makes of a drawing: see [`drawing::pixels`].
    pub fn see_drawing(&mut self, ink: &[u8], side: usize) -> Seen {
        self.see(&drawing::pixels(ink, side))
    }

    /// What the network makes of an image.
    pub fn see(&mut self, pixels: &Pixels) -> Seen {
        self.image.data_mut().copy_from_slice(pixels);
        let outputs = self.inference.run(&self.model, &self.image);
        let outputs: [f32; 10] = core::array::from_fn(|digit| outputs[digit]);
        let largest = outputs.into_iter().fold(f32::MIN, f32::max);
        let powers = outputs.map(|output| (output - largest).exp());
        let sum: f32 = powers.iter().sum();

        let DenseParams { weight, bias } = &self.model.fc1;
        // A column a unit.
        let mut first = weight.matrix::<64, 256>().tr_mul(&SVector::<f32, 64>::from(*pixels));
        first.iter_mut().zip(bias.iter()).for_each(|(y, bias)| *y = (*y + bias).max(0.0));
        Seen {
            pixels: *pixels,
            outputs,
            probabilities: powers.map(|power| power / sum),
            first: first.into(),
        }
    }
}

/// Trains as the example `digits` does, an epoch at a time.
fn trainer(
    test: &'static Digits,
    clock: fn() -> Duration,
) -> Trainer<'static, SmallDigits, Classes<10>, AdamW<f32>> {
    let mut affine = RandomAffine::new().rotate(11.5).scale(0.15).shift(0.72);
    Trainer::new(AdamW::new(1e-3).weight_decay(0.1))
        .epochs(1)
        .batch_size(64)
        .augment(move |images, rng| affine.apply(images, rng))
        .validate(test)
        .clock(clock)
        .silent()
}
