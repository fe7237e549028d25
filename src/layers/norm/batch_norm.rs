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
//! sums and means go over samples, rows and columns. `weight` and `bias` are `Channels`, or not there.
//!
//! In training, `mean` and `var` (biased) are those of the batch; in inference, the running ones,
//! which follow each step by `running = (1 - momentum) running + momentum batch`, with the unbiased
//! variance, as in PyTorch; eps is 1e-5 and momentum 0.1 unless given. A batch of one value for each
//! feature has no variance: its outputs are `bias`, its gradient by the input is zero, and the running
//! variance stays as it was. Where sequences differ in length, what follows the end of one is no value
//! of the batch.

use super::{EPS, adds, inverse_deviation};
use crate::kernel::Real;
use crate::layer::{
    Backward, Forward, Lanes, Layer, Memory, Nonlinearity, Row, Rows, Tape, Value, zeroed,
};
use crate::layers::activation::value;
use crate::layers::switch::{given, switch};
use crate::shape::{
    Check, Columns, Dimension, Reborrow, Shape, add_sum, features, pixels, pixels_mut,
};
use alloc::boxed::Box;
use rand::Rng;
use typenum::{U1, U2};

/// The part of the running statistics that a batch replaces, unless given.
const MOMENTUM: f64 = 0.1;
/// The columns whose mean the sums for mean and variance are taken about, which keeps them exact
/// when the mean is large beside the deviation.
const PROVISIONAL: usize = 128;

crate::layer! {
    /// Normalises each feature, or each channel of an image, over the batch.
    ///
    /// A model keeps its running statistics by itself: every step of training brings them up to date.
    ///
    /// `BatchNorm`, which adds 1e-5 to each variance lest it be zero, or `BatchNorm(1e-3)`. What is
    /// added should be small beside the variance. `BatchNorm(1e-3, 0.01)` says as well what part of the
    /// running statistics each batch replaces (PyTorch's momentum), 0.1 otherwise.
    ///
    /// Keyed argument: `affine` (1; 0 for neither weight nor bias).
    pub struct BatchNorm<; affine: Affine = U1>(f64 | (f64, f64));
}

crate::params! {
    /// The parameters of [`BatchNorm`].
    pub struct BatchNormParams<Affine> {
        /// The standard deviation of what comes out; `Channels`, or nothing.
        pub weight: Row<T, Affine>,
        /// The mean of what comes out; `Channels`, or nothing.
        pub bias: Row<T, Affine>,
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

/// The statistics of the last batch, and working memory.
pub struct BatchNormTape<Channels: Dimension, T: Real> {
    mean: Box<Row<T, Channels>>,
    var: Box<Row<T, Channels>>,
    /// The number of values that these are of.
    count: usize,
    scale: Box<Row<T, Channels>>,
    slope: Box<Row<T, Channels>>,
    shift: Box<Row<T, Channels>>,
    /// Two sums for each feature.
    sums: Box<Rows<T, Channels, U2>>,
}

impl<Channels: Dimension, T: Real> Tape for BatchNormTape<Channels, T> {
    const MEMORY: Memory = Memory::fixed(7 * Channels::USIZE);
    const INFERENCE: Memory = {
        let (row, sums) = (Memory::fixed(Channels::USIZE), Memory::fixed(2 * Channels::USIZE));
        row.and(row).and(row).and(row).and(row).and(sums)
    };

    fn new(_: usize, _: usize, _: bool) -> Self {
        Self {
            mean: zeroed(),
            var: zeroed(),
            count: 0,
            scale: zeroed(),
            slope: zeroed(),
            shift: zeroed(),
            sums: zeroed(),
        }
    }
}

impl<Channels: Dimension, T: Real> BatchNormTape<Channels, T> {
    /// Takes mean and biased variance of a batch, by way of a provisional mean of its first columns,
    /// which are steps of their lanes.
    fn take_moments(&mut self, x: &Columns<'_, T, Channels>, lanes: Lanes<'_>) {
        let first = lanes.present().next().map_or(0, |first| first.len() * pixels_of(x, lanes));
        let first = x.columns(0, first.min(PROVISIONAL));
        self.mean.fill(T::ZERO);
        add_sum(&mut self.mean, &first);
        let n = reciprocal(first.ncols());
        self.mean.iter_mut().for_each(|c| *c *= n);

        self.count = self.sum(x, x, lanes, super::deviations);
        let Self { mean, var, sums, .. } = self;
        for ((mean, var), sums) in mean.iter_mut().zip(&mut **var).zip(&**sums) {
            [*mean, *var] = super::moments(*mean, [sums[0], sums[1]], self.count);
        }
    }

    /// Takes the sums of two terms for each feature, over the steps of all lanes; and says how many
    /// values these are.
    fn sum(
        &mut self,
        a: &Columns<'_, T, Channels>,
        b: &Columns<'_, T, Channels>,
        lanes: Lanes<'_>,
        term: impl Fn(T, T, T) -> [T; 2] + Copy + Sync,
    ) -> usize {
        let Self { mean, sums, slope, shift, .. } = self;
        if lanes.are_alike() {
            features::sums(sums, a, b, mean, term);
            return a.ncols();
        }
        let (pixels, mut count) = (pixels_of(a, lanes), 0);
        slope.fill(T::ZERO);
        shift.fill(T::ZERO);
        for columns in lanes.present() {
            let [first, len] = [columns.start, columns.len()].map(|n| n * pixels);
            features::sums(sums, &a.columns(first, len), &b.columns(first, len), mean, term);
            for ((slope, shift), sums) in slope.iter_mut().zip(&mut **shift).zip(&**sums) {
                *slope += sums[0];
                *shift += sums[1];
            }
            count += len;
        }
        for ((&slope, &shift), sums) in slope.iter().zip(&**shift).zip(&mut **sums) {
            *sums = [slope, shift].into();
        }
        count
    }
}

/// The values that a feature has in a column of a batch.
fn pixels_of<T: Real, Channels: Dimension>(
    x: &Columns<'_, T, Channels>,
    lanes: Lanes<'_>,
) -> usize {
    x.ncols().checked_div(lanes.columns()).unwrap_or(0)
}

// Functions and not closures, which would be others, with loops of their own, for each shape.

#[inline(always)]
fn normalised<T: Real>(x: T, _: T, [mean, scale, bias]: [T; 3]) -> T {
    (x - mean) * scale + bias
}

#[inline(always)]
fn gradient_by_input<T: Real>(x: T, dy: T, [mean, scale, slope, shift]: [T; 4]) -> T {
    scale * dy + (slope * (x - mean) + shift)
}

fn reciprocal<T: Real>(n: usize) -> T {
    T::of(1.0 / n as f64)
}

impl<Affine, V: Value<f64>, L: Value<(f64, f64)>> BatchNorm<Affine, V, L> {
    /// eps and momentum.
    const VALUES: (f64, f64) = match L::VALUE {
        Some(values) => values,
        None => (value::<V>(EPS), MOMENTUM),
    };
    const EPS: f64 = Self::VALUES.0;
    const MOMENTUM: f64 = Self::VALUES.1;
    /// As the user wrote them.
    const TEXT: &'static str = if L::VALUE.is_some() { L::TEXT } else { V::TEXT };
}

impl<In, Affine, V, L> Layer<In> for BatchNorm<Affine, V, L>
where
    In: Shape,
    Affine: Dimension,
    V: Value<f64> + 'static,
    L: Value<(f64, f64)> + 'static,
{
    type Out = In;
    crate::keeps! {
        params: BatchNormParams<<In::Channels as Dimension>::Times<Affine>, T>,
        stats: BatchNormStats<In::Channels, T>,
        tape: BatchNormTape<In::Channels, T>,
    }

    const CHECK: Check = adds("BatchNorm", Self::EPS, Self::TEXT)
        .and(
            Check::require(
                0.0 <= Self::MOMENTUM && Self::MOMENTUM <= 1.0,
                "BatchNorm(eps, momentum) takes a momentum of at least 0 and at most 1, but is given ({})",
            )
            .text(Self::TEXT),
        )
        .and(switch("affine", Affine::USIZE, ["weight and bias", "none"]));
    const OPERATIONS: usize = 2 * In::SIZE;
    const MIXES_LANES: bool = true;
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

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { params, stats, tape, x, mut y, cx, .. } = pass;
        let lanes = cx.lanes_of(x.ncols());
        let x = pixels::<In, T>(&x);
        if cx.is_training() && !x.is_empty() {
            tape.take_moments(&x, lanes);
        }
        let (mean, var) = if cx.is_training() {
            (&*tape.mean, &*tape.var)
        } else {
            (&stats.running_mean, &stats.running_var)
        };
        for ((scale, &var), f) in tape.scale.iter_mut().zip(var).zip(0..) {
            *scale = inverse_deviation::<T>(var, Self::EPS);
            if let Some(weight) = given::<T, In::Channels>(&params.weight) {
                *scale *= weight[f];
            }
        }
        let bias = given(&params.bias).unwrap_or_else(|| {
            tape.shift.fill(T::ZERO);
            &tape.shift
        });
        let y = &mut pixels_mut::<In, T>(&mut y);
        features::apply(y, &x, &x, [mean, &tape.scale, bias], normalised);
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { params, gradient, tape, x, dy, dx, cx, .. } = pass;
        let lanes = cx.lanes_of(x.ncols());
        let (x, dy) = (pixels::<In, T>(&x), pixels::<In, T>(&dy.read()));
        tape.sum(&x, &dy, lanes, super::gradients);
        let BatchNormTape { mean, var, scale, slope, shift, sums, count } = tape;
        cx.start(gradient);
        let n = reciprocal::<T>(*count);
        for (f, sums) in sums.iter().enumerate() {
            let ([sum, weighted], inverse) =
                ([sums[0], sums[1]], inverse_deviation::<T>(var[f], Self::EPS));
            // dx = scale dy + slope (x - mean) + shift
            scale[f] = inverse;
            if let Some(weight) = given::<T, In::Channels>(&params.weight) {
                gradient.bias[f] += sum;
                gradient.weight[f] += weighted * inverse;
                scale[f] *= weight[f];
            }
            slope[f] = -scale[f] * inverse * inverse * weighted * n;
            shift[f] = -scale[f] * sum * n;
        }
        if let Some(mut dx) = dx {
            features::apply(
                &mut pixels_mut::<In, T>(&mut dx),
                &x,
                &dy,
                [mean, scale, slope, shift],
                gradient_by_input,
            );
            lanes.clear_rest(dx.as_mut_slice(), In::SIZE);
        }
    }

    fn observe<T: Real>(stats: &mut Self::Stats<T>, tape: &Self::Tape<T>) {
        let (keep, take) = (T::of(1.0 - Self::MOMENTUM), T::of(Self::MOMENTUM));
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
