//! Pictures are read back from their files: well formed, with the right texts and shapes in the
//! right places, and no text beyond the edge.
#![cfg(feature = "plot")]

mod cells;
mod errors;
mod lines;
mod plane;
mod svg;
mod texts;
