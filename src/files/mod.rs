//! How files are read, written, and quoted in messages, whatever is in them.

mod excerpt;
mod lines;
mod open;
mod replace;

pub(crate) use excerpt::{beginning, excerpt};
pub use lines::LONGEST_LINE;
pub(crate) use lines::Lines;
pub(crate) use open::open;
pub use replace::replace;
