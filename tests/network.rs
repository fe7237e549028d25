//! What `network!` makes of a declaration. The strictest lints hold here, as they may in a user's
//! crate.
#![deny(warnings, missing_docs, unreachable_pub, clippy::pedantic)]
#![forbid(unsafe_code)]

#[path = "network/deep.rs"]
mod deep;
#[path = "network/facts.rs"]
mod facts;
#[path = "network/forms.rs"]
mod forms;
#[path = "network/images.rs"]
mod images;
