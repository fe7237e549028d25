pub mod kernel;
#[cfg(feature = "plot")]
pub mod plot;
