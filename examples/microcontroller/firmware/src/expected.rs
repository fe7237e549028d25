//! What comes out on a desktop, as `record` writes it.

use crate::Outcome;

/// Of [`digits`](crate::digits).
pub const DIGITS: Outcome = Outcome { checksum: 0x0a823889, right: 49 };
/// Of [`effect`](crate::effect).
pub const EFFECT: Outcome = Outcome { checksum: 0xb7ea9d9b, right: 0 };
/// Of [`sine`](crate::sine).
pub const SINE: Outcome = Outcome { checksum: 0x83e9bbdf, right: 0 };
/// Of [`roots`](crate::roots).
pub const ROOTS: u32 = 0x35185fe4;
