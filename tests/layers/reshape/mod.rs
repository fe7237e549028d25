//! Layers that put numbers elsewhere.

mod flatten;
mod upsample;
mod zero_pad;
