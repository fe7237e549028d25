//! How files are read, written, and quoted in messages, whatever is in them.

mod excerpt;
mod open;
mod replace;

pub(crate) use excerpt::{beginning, excerpt};
pub(crate) use open::open;
pub use replace::replace;
