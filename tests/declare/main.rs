//! What the code that `network!` writes stands on.

mod plan;
