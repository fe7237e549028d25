//! How files are read and written, whatever is in them.

mod replace;

pub use replace::replace;
