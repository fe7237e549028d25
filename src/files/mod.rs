//! How files are read, written, and quoted in messages, whatever is in them.

mod excerpt;
#[cfg(feature = "std")]
mod lines;
#[cfg(feature = "std")]
mod open;
#[cfg(feature = "std")]
mod replace;

#[cfg(feature = "safetensors")]
pub(crate) use excerpt::beginning;
pub(crate) use excerpt::excerpt;
#[cfg(feature = "std")]
pub use lines::LONGEST_LINE;
#[cfg(feature = "std")]
pub(crate) use lines::{Lines, text};
#[cfg(feature = "std")]
pub(crate) use open::open;
#[cfg(feature = "std")]
pub use replace::replace;
