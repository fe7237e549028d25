//! How files are read, written, and quoted in messages, whatever is in them.

mod excerpt;
mod lines;
mod open;
mod replace;

#[cfg(feature = "safetensors")]
pub(crate) use excerpt::beginning;
pub(crate) use excerpt::excerpt;
pub use lines::LONGEST_LINE;
pub(crate) use lines::{Lines, text};
pub(crate) use open::open;
pub use replace::replace;
