//! Layers that a condition modulates, feature by feature (Perez et al., 2018).
//!
//! A column is `(x, c)`: a signal `x` of `C` channels and the condition `c` beside it, which every layer
//! sees and none changes, as in a [WaveNet](super::WaveNetLayer): the knobs of an amplifier, say, in the
//! channels of the input after those of the sound.
//!
//! ```text
//! Film         x = gamma(c) f(x) + beta(c)
//! FilmOutput   y = x
//! ```

mod layer;
mod output;
mod tape;

pub use layer::{Film, FilmParams};
pub use output::FilmOutput;
pub use tape::FilmTape;

use super::{CausalConv1d, rows};
use crate::shape::{Check, Dimension, Shape};
use typenum::U1;

/// The map of the condition to `gamma` and `beta` of so many channels, as a filter of one tap.
type Map<Outs> = CausalConv1d<<Outs as Dimension>::Double, U1>;

/// The condition beside a signal of `C` channels in `In`.
type Condition<In, C> = <<In as Shape>::Channels as Dimension>::Minus<C>;

/// That a column of `In` is a signal of `C` channels and a condition.
const fn carries<In: Shape, C: Dimension>(layer: &'static str) -> Check {
    let ([given, height, width], channels) = (In::DIMS, C::USIZE);
    Check::require(channels > 0, "{} needs at least one channel").text(layer).and(
        Check::require(
            height * width == 1 && given > channels,
            "{} takes a signal, `{}`, and a condition beside it, but is given `{}`: the condition \
             is the channels after those of the signal",
        )
        .text(layer)
        .dims([channels, 1, 1])
        .shape::<In>(),
    )
}
