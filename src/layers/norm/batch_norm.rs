//! Batch normalisation (Ioffe and Szegedy, 2015): each feature is brought to mean 0 and variance 1
//! over the batch, then scaled and shifted by what is learned.
//!
//! ```text
//! forward   n = (x - mean) / sqrt(var + eps)    y = weight n + bias
//! backward  dbias = sum of dy    dweight = sum of dy n
//!           dx = weight / sqrt(var + eps) (dy - mean of dy - n mean of dy n)
//! ```
//!
//! Shapes: any, kept. A feature is an entry of a vector, or a channel of an image; in an image the
//! sums and means go over samples, rows and columns. `weight` and `bias` are `Channels`.
//!
//! In training, `mean` and `var` (biased) are those of the batch; in inference, the running ones,
//! which follow each step by `running = 0.9 running + 0.1 batch`, with the unbiased variance, as
//! in PyTorch; eps is 1e-5 unless given. A batch of one value for each feature has no variance: its outputs are
//! `bias`, its gradient by the input is zero, and the running variance stays as it was.

use super::activation::value;
use crate::arguments::Value;
use crate::check::Check;
use crate::kernel::{Buffer, Real, columns, features};
use crate::layer::{Backward, Context, Layer, Nonlinearity};
use crate::memory::{Memory, Tape};
use crate::plain::Row;
use crate::shape::{Columns, ColumnsMut, Dimension, Shape};
use core::marker::PhantomData;
use rand::Rng;

/// The part of the running statistics that a batch replaces.
const MOMENTUM: f64 = 0.1;
/// The columns whose mean the sums for mean and variance are taken about, which keeps them exact
/// when the mean is large beside the deviation.
const PROVISIONAL: usize = 128;

crate::layer! {
    /// Normalises each feature, or each channel of an image, over the batch.
    ///
    /// Trained by [`Trainer`](crate::train::Trainer), a model keeps its running statistics by
    /// itself; in a loop of one's own, [`Workspace::observe`](crate::Workspace::observe) after a
    /// step does it.
    ///
    /// `BatchNorm`, which adds 1e-5 to each variance lest it be zero, or `BatchNorm(1e-3)`. What is
    /// added should be small beside the variance.
    pub struct BatchNorm(f64);
}

crate::params! {
    /// The parameters of [`BatchNorm`].
    pub struct BatchNormParams<Channels> {
        /// The standard deviation of what comes out; `Channels`.
        pub weight: Row<T, Channels>,
        /// The mean of what comes out; `Channels`.
        pub bias: Row<T, Channels>,
    }
}

crate::params! {
    /// The statistics of [`BatchNorm`].
    pub struct BatchNormStats<Channels> {
        /// The mean of what goes in; `Channels`.
        pub running_mean: Row<T, Channels>,
        /// The unbiased variance of what goes in; `Channels`.
        pub running_var: Row<T, Channels>,
    }
}

/// The statistics of the last batch, and working memory, each `Channels`.
pub struct BatchNormTape<Channels, T> {
    mean: Buffer<T>,
    var: Buffer<T>,
    /// The number of values that these are of.
    count: usize,
    scale: Buffer<T>,
    slope: Buffer<T>,
    shift: Buffer<T>,
    /// Two sums for each feature.
    sums: Buffer<T>,
    channels: PhantomData<Channels>,
}

impl<Channels: Dimension, T: Real> Tape for BatchNormTape<Channels, T> {
    const MEMORY: Memory = Memory::fixed(7 * Channels::USIZE);

    fn new(_: usize, _: usize, _: bool) -> Self {
        let row = || Buffer::zeroed(Channels::USIZE);
        Self {
            mean: row(),
            var: row(),
            count: 0,
            scale: row(),
            slope: row(),
            shift: row(),
            sums: Buffer::zeroed(2 * Channels::USIZE),
            channels: PhantomData,
        }
    }
}

impl<Channels: Dimension, T: Real> BatchNormTape<Channels, T> {
    /// Takes mean and biased variance of a batch: from the sums of `d = x - c` and of `d^2` about
    /// a provisional mean `c` (the corrected two-pass algorithm of Chan, Golub and LeVeque, 1983).
    fn take_moments(&mut self, x: &[T]) {
        let first = &x[..x.len().min(PROVISIONAL * Channels::USIZE)];
        self.mean.fill(T::ZERO);
        columns::add_sum(&mut self.mean, first);
        let n = reciprocal(first.len() / Channels::USIZE);
        self.mean.iter_mut().for_each(|c| *c *= n);

        let (sums, _) = self.sums.as_chunks_mut();
        features::sums(sums, x, x, &self.mean, |x, _, c| [x - c, (x - c) * (x - c)]);
        self.count = x.len() / Channels::USIZE;
        let n = reciprocal(self.count);
        for ((mean, var), [sum, squares]) in self.mean.iter_mut().zip(&mut *self.var).zip(sums) {
            let off = *sum * n;
            *mean += off;
            let v = *squares * n - off * off;
            // A rounding error below zero, but a NaN stays one.
            *var = if v < T::ZERO { T::ZERO } else { v };
        }
    }
}

fn reciprocal<T: Real>(n: usize) -> T {
    T::of(1.0 / n as f64)
}

impl<V: Value<f64>> BatchNorm<V> {
    const EPS: f64 = value::<V>(1e-5);

    fn inverse_deviation<T: Real>(var: T) -> T {
        T::ONE / (var + T::of(Self::EPS)).sqrt()
    }
}

impl<In: Shape, V: Value<f64> + 'static> Layer<In> for BatchNorm<V> {
    type Out = In;
    type Params<T: Real> = BatchNormParams<In::Channels, T>;
    type Stats<T: Real> = BatchNormStats<In::Channels, T>;
    type State<T: Real> = ();
    type Tape<T: Real> = BatchNormTape<In::Channels, T>;

    const CHECK: Check = Check::require(
        In::NUMERIC,
        "BatchNorm takes numbers, but is given token ids: embed them first",
    )
    .and(
        Check::require(
            0.0 < Self::EPS && Self::EPS.is_finite(),
            "what BatchNorm adds to a variance must be finite and above 0, but is {}",
        )
        .text(V::TEXT),
    );
    const OPERATIONS: usize = 2 * In::SIZE;
    const NONLINEARITY: Nonlinearity = Nonlinearity::Transparent;

    fn init<T: Real>(
        params: &mut Self::Params<T>,
        stats: &mut Self::Stats<T>,
        _: Nonlinearity,
        _: &mut dyn Rng,
    ) {
        params.weight.fill(T::ONE);
        stats.running_var.fill(T::ONE);
    }

    fn forward<T: Real>(
        params: &Self::Params<T>,
        stats: &Self::Stats<T>,
        _: &mut (),
        x: Columns<'_, In, T>,
        mut y: ColumnsMut<'_, In, T>,
        tape: &mut Self::Tape<T>,
        cx: &mut Context<'_, T>,
    ) {
        let x = x.numbers();
        if cx.is_training() && !x.is_empty() {
            tape.take_moments(x);
        }
        let (mean, var): (&[T], &[T]) = if cx.is_training() {
            (&tape.mean, &tape.var)
        } else {
            (&stats.running_mean, &stats.running_var)
        };
        for ((scale, &weight), &var) in tape.scale.iter_mut().zip(&params.weight).zip(var) {
            *scale = weight * Self::inverse_deviation(var);
        }
        let coefficients = [mean, &tape.scale, &params.bias];
        features::apply(y.as_mut_slice(), x, x, coefficients, |x, _, [mean, scale, bias]| {
            (x - mean) * scale + bias
        });
    }

    fn backward<T: Real>(
        params: &Self::Params<T>,
        gradient: &mut Self::Params<T>,
        pass: Backward<'_, In, In, T>,
        tape: &mut Self::Tape<T>,
        cx: &mut Context<'_, T>,
    ) {
        let (x, dy) = (pass.x.numbers(), pass.dy.as_slice());
        let (sums, _) = tape.sums.as_chunks_mut();
        features::sums(sums, x, dy, &tape.mean, |x, dy, mean| [dy, dy * (x - mean)]);
        if !cx.accumulate {
            gradient.weight.fill(T::ZERO);
            gradient.bias.fill(T::ZERO);
        }
        let n = reciprocal::<T>(tape.count);
        for (f, &mut [sum, weighted]) in sums.iter_mut().enumerate() {
            let inverse = Self::inverse_deviation(tape.var[f]);
            gradient.bias[f] += sum;
            gradient.weight[f] += weighted * inverse;
            // dx = scale dy + slope (x - mean) + shift
            tape.scale[f] = params.weight[f] * inverse;
            tape.slope[f] = -tape.scale[f] * inverse * inverse * weighted * n;
            tape.shift[f] = -tape.scale[f] * sum * n;
        }
        if let Some(mut dx) = pass.dx {
            let coefficients: [&[T]; 4] = [&tape.mean, &tape.scale, &tape.slope, &tape.shift];
            features::apply(
                dx.as_mut_slice(),
                x,
                dy,
                coefficients,
                |x, dy, [mean, scale, slope, shift]| scale * dy + (slope * (x - mean) + shift),
            );
        }
    }

    fn observe<T: Real>(stats: &mut Self::Stats<T>, tape: &Self::Tape<T>) {
        let (keep, take) = (T::of(1.0 - MOMENTUM), T::of(MOMENTUM));
        if tape.count > 0 {
            for (running, &mean) in stats.running_mean.iter_mut().zip(&*tape.mean) {
                *running = keep * *running + take * mean;
            }
        }
        if tape.count > 1 {
            let unbiased = T::of(tape.count as f64 / (tape.count - 1) as f64);
            for (running, &var) in stats.running_var.iter_mut().zip(&*tape.var) {
                *running = keep * *running + take * unbiased * var;
            }
        }
    }
}
