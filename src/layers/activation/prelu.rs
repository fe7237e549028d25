//! The rectifier whose slope below zero is learned (He et al., 2015).
//!
//! ```text
//! forward   y = x where x > 0, else weight x
//! backward  dx = dy where x > 0, else weight dy    dweight = sum of dy x where x <= 0
//! ```
//!
//! Shapes: any, kept. `weight` is one number, or one for each channel; an entry of a vector is a
//! channel. The sum goes over samples, pixels and, for one number, channels. As in PyTorch.
//!
//! A slope may become negative, so `y` does not tell `x`, which is kept.

use super::value;
use crate::kernel::Real;
use crate::layer::{
    Backward, Forward, Layer, Memory, Nonlinearity, Row, Rows, Tape, Value, zeroed,
};
use crate::layers::switch::switch;
use crate::shape::{Check, Dimension, Reborrow, Shape, features, pixels, pixels_mut};
use alloc::boxed::Box;
use rand::Rng;
use typenum::{U0, U1, U2};

crate::layer! {
    /// The leaky rectifier whose slope is learned: `y = x` where `x > 0`, else `weight x`.
    ///
    /// `PRelu` has one slope for all, `PRelu<per_channel = 1>` one for each channel. They start at
    /// 0.25, or as given: `PRelu(0.1)`.
    ///
    /// ```
    /// use formwork::prelude::*;
    ///
    /// network! {
    ///     struct Edges: Image<3, 8, 8> => Image<16, 8, 8> {
    ///         conv1: Conv2d<16, 3, pad = 1>,
    ///         slope: PRelu<per_channel = 1>,
    ///         conv2: Conv2d<16, 3, pad = 1>,
    ///         PRelu,
    ///     }
    /// }
    /// let model = Model::<Edges>::zeroed();
    /// assert_eq!(model.slope.weight.len(), 16);
    /// assert_eq!(model.prelu1.weight.len(), 1);
    /// ```
    pub struct PRelu<; per_channel: PerChannel = U0>(f64);
}

crate::params! {
    /// The parameters of [`PRelu`].
    pub struct PReluParams<Slopes> {
        /// The slope below zero: 1, or `Channels`.
        pub weight: Row<T, Slopes>,
    }
}

/// Working memory.
pub struct PReluTape<Channels: Dimension, T: Real> {
    /// The slope of each channel.
    slopes: Box<Row<T, Channels>>,
    /// Two sums for each channel, of which the second is not asked for.
    sums: Box<Rows<T, Channels, U2>>,
}

impl<Channels: Dimension, T: Real> Tape for PReluTape<Channels, T> {
    const MEMORY: Memory = Memory::fixed(Channels::USIZE).and(Memory::fixed(2 * Channels::USIZE));

    fn new(_: usize, _: usize, _: bool) -> Self {
        Self { slopes: zeroed(), sums: zeroed() }
    }
}

impl<Channels: Dimension, T: Real> PReluTape<Channels, T> {
    /// Gives each channel its slope.
    fn spread(&mut self, weight: &[T]) {
        match weight {
            [slope] => self.slopes.fill(*slope),
            slopes => self.slopes.copy_from_slice(slopes),
        }
    }
}

/// The number of slopes: 1, and with `per_channel` as many more as there are other channels.
type Slopes<In, PerChannel> = <<<<In as Shape>::Channels as Dimension>::Minus<U1> as Dimension>::Times<
    PerChannel,
> as Dimension>::Next;

impl<PerChannel, V: Value<f64>> PRelu<PerChannel, V> {
    const SLOPE: f64 = value::<V>(0.25);
}

impl<In, PerChannel, V> Layer<In> for PRelu<PerChannel, V>
where
    In: Shape,
    PerChannel: Dimension,
    V: Value<f64> + 'static,
{
    type Out = In;
    crate::keeps! {
        params: PReluParams<Slopes<In, PerChannel>, T>,
        tape: PReluTape<In::Channels, T>,
    }

    const CHECK: Check =
        switch("per_channel", PerChannel::USIZE, ["a slope for each channel", "one for all"]).and(
            Check::require(
                Self::SLOPE.is_finite(),
                "the first slope of PRelu must be finite, but is {}",
            )
            .text(V::TEXT),
        );
    const OPERATIONS: usize = In::SIZE;
    const NONLINEARITY: Nonlinearity = Nonlinearity::Rectifier(Self::SLOPE);

    fn init<T: Real>(params: &mut Self::Params<T>, _: &mut (), _: Nonlinearity, _: &mut dyn Rng) {
        params.weight.fill(T::of(Self::SLOPE));
    }

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { params, tape, x, mut y, .. } = pass;
        tape.spread(&params.weight);
        let (x, mut y) = (pixels::<In, T>(&x), pixels_mut::<In, T>(&mut y));
        features::apply(&mut y, &x, &x, [&tape.slopes], rectified);
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { params, gradient, tape, x, dy, dx, cx, .. } = pass;
        tape.spread(&params.weight);
        let PReluTape { slopes, sums } = tape;
        let (x, dy) = (pixels::<In, T>(&x), pixels::<In, T>(&dy.read()));
        features::sums(sums, &x, &dy, slopes, by_slope);
        cx.start(gradient);
        let last = gradient.weight.len() - 1;
        for (f, sums) in sums.iter().enumerate() {
            gradient.weight[f.min(last)] += sums[0];
        }
        if let Some(mut dx) = dx {
            let mut dx = pixels_mut::<In, T>(&mut dx);
            features::apply(&mut dx, &x, &dy, [slopes], by_input);
        }
    }
}

// Functions and not closures, which would be others, with loops of their own, for each shape.

#[inline(always)]
fn rectified<T: Real>(x: T, _: T, [slope]: [T; 1]) -> T {
    if x > T::ZERO { x } else { slope * x }
}

#[inline(always)]
fn by_input<T: Real>(x: T, dy: T, [slope]: [T; 1]) -> T {
    if x > T::ZERO { dy } else { slope * dy }
}

#[inline(always)]
fn by_slope<T: Real>(x: T, dy: T, _: T) -> [T; 2] {
    [if x > T::ZERO { T::ZERO } else { dy * x }, T::ZERO]
}
