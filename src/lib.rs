extern crate alloc;

pub mod data;
pub mod kernel;
