//! Shapes, and the arithmetic of their dimensions.

mod dimension;
mod integer;
