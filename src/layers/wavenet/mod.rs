//! A WaveNet (van den Oord et al., 2016), one layer a line.
//!
//! Three things go through it side by side, so that a column is `(s, k, c)`: the signal `s` of `C`
//! channels, which every layer adds to; the sum `k` of what the layers give their skip connections, of
//! `C` channels, too; and the condition `c`, which every layer sees and none changes.
//!
//! ```text
//! WaveNetInput       s = W x    k = 0    c = x
//! WaveNetLayer       a = f(conv(s) + V c)    s = s + W a + b    k = k + a
//! WaveNetRechannel   s = W s    k = V k + b
//! WaveNetSkips       y = k
//! ```
//!
//! Time is columns, and all of it looks back only.

mod input;
mod layer;
mod layer_tape;
mod rechannel;
mod skips;

pub use input::{WaveNetInput, WaveNetInputTape};
pub use layer::{WaveNetLayer, WaveNetLayerParams};
pub use layer_tape::WaveNetLayerTape;
pub use rechannel::{WaveNetRechannel, WaveNetRechannelParams, WaveNetRechannelTape};
pub use skips::WaveNetSkips;

use super::{CausalConv1d, rows};
use crate::layer::NotGiven;
use crate::shape::{Check, Dimension, Shape};
use typenum::{U0, U1};

/// A filter of one tap for each output, without a bias.
type Map<Out, V = NotGiven> = CausalConv1d<Out, U1, U1, U1, U0, U1, V>;
/// As [`Map`], with biases.
type Affine<Out> = CausalConv1d<Out, U1>;

// As in `film`, the condition is the last channels of each column, which every layer hands on.

/// The condition beside a signal and skips of `C` channels in `In`.
type Condition<In, C> = <<In as Shape>::Channels as Dimension>::Minus<<C as Dimension>::Double>;

/// That a column of `In` is a signal and skips of `C` channels and a condition.
const fn carries<In: Shape, C: Dimension>(layer: &'static str) -> Check {
    let ([given, height, width], channels) = (In::DIMS, C::USIZE);
    Check::require(channels > 0, "{} needs at least one channel").text(layer).and(
        Check::require(
            height * width == 1 && given > 2 * channels,
            "{} takes a signal and skips of {} channels each and a condition beside them, but is given \
             `{}`: a WaveNet begins with `WaveNetInput<{}>`",
        )
        .text(layer)
        .number(channels)
        .shape::<In>()
        .number(channels),
    )
}
