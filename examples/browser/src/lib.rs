//! A web page in which a network reads handwritten digits, and learns to.
//!
//! - [`page`]: what the page holds and does, on any machine.
//! - [`drawing`]: a drawing as an image of the data set.
//! - [`measure`]: its two costs, to be compared with those of other machines.
//! - `exports`: the same as functions over linear memory, for `page.js`.

pub mod drawing;
#[cfg(target_arch = "wasm32")]
mod exports;
pub mod measure;
pub mod page;
#[path = "../../common/small_digits.rs"]
pub mod small_digits;
