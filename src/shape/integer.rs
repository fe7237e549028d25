//! From a constant to a type: a `usize` read off as hexadecimal digits, and these folded into a
//! typenum integer.
//!
//! Stable Rust cannot turn `{ N }` into a type in general, but it can evaluate `{ digit(N, 3) }`
//! as a const generic argument. So the macro names a shape afresh from the constant that holds its
//! dimensions, and the types stay short however deep the network is.

use typenum::{B0, B1, UInt, UTerm};

/// A hexadecimal digit.
pub struct Digit<const D: u8>;

/// Appends a digit: `Lead * 16 + D`.
pub trait Push<Lead> {
    /// The longer integer, without leading zeros.
    type Output;
}

/// The eight hexadecimal digits of an integer, the most significant one first, as a typenum
/// integer.
pub type Integer<
    const D7: u8,
    const D6: u8,
    const D5: u8,
    const D4: u8,
    const D3: u8,
    const D2: u8,
    const D1: u8,
    const D0: u8,
> = Append<
    D0,
    Append<D1, Append<D2, Append<D3, Append<D4, Append<D5, Append<D6, Append<D7, UTerm>>>>>>>,
>;

type Append<const D: u8, Lead> = <Digit<D> as Push<Lead>>::Output;

/// The hexadecimal digit of `n` at `place`, counted from the least significant one. Of a number
/// beyond 32 bits, which is an error that is reported elsewhere, those of 1.
pub const fn digit(n: usize, place: u32) -> u8 {
    let n = if n > u32::MAX as usize { 1 } else { n };
    ((n >> (4 * place)) & 15) as u8
}

macro_rules! digits {
    ($($digit:literal: $b3:ident $b2:ident $b1:ident $b0:ident => $alone:ty;)*) => { $(
        impl Push<UTerm> for Digit<$digit> {
            type Output = $alone;
        }

        impl<Lead, Bit> Push<UInt<Lead, Bit>> for Digit<$digit> {
            type Output = UInt<UInt<UInt<UInt<UInt<Lead, Bit>, $b3>, $b2>, $b1>, $b0>;
        }
    )* };
}

digits! {
    0: B0 B0 B0 B0 => typenum::U0;
    1: B0 B0 B0 B1 => typenum::U1;
    2: B0 B0 B1 B0 => typenum::U2;
    3: B0 B0 B1 B1 => typenum::U3;
    4: B0 B1 B0 B0 => typenum::U4;
    5: B0 B1 B0 B1 => typenum::U5;
    6: B0 B1 B1 B0 => typenum::U6;
    7: B0 B1 B1 B1 => typenum::U7;
    8: B1 B0 B0 B0 => typenum::U8;
    9: B1 B0 B0 B1 => typenum::U9;
    10: B1 B0 B1 B0 => typenum::U10;
    11: B1 B0 B1 B1 => typenum::U11;
    12: B1 B1 B0 B0 => typenum::U12;
    13: B1 B1 B0 B1 => typenum::U13;
    14: B1 B1 B1 B0 => typenum::U14;
    15: B1 B1 B1 B1 => typenum::U15;
}
