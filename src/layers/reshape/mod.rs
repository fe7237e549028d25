//! Layers that put numbers elsewhere and leave them as they are.

mod flatten;
mod identity;
mod upsample;
mod zero_pad;

pub use flatten::Flatten;
pub use identity::Identity;
pub use upsample::{Interpolation, Upsample};
pub use zero_pad::ZeroPad;
