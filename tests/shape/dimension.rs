//! Arithmetic of dimensions.

use formwork::shape::Dimension;
use formwork::typenum::{U0, U1, U2, U3, U5, U7, U8, U12, U28, U100, U255, U256, Unsigned};

/// Each operation on types against the same on numbers, and that the result is canonical: a
/// type that typenum itself would give, so that equal sizes are equal types.
fn agrees<A: Dimension, B: Dimension>() {
    let (a, b) = (A::USIZE, B::USIZE);
    assert_eq!(A::Double::USIZE, 2 * a);
    assert_eq!(A::Next::USIZE, a + 1);
    assert_eq!(A::Plus::<B>::USIZE, a + b, "{a} + {b}");
    assert_eq!(A::Times::<B>::USIZE, a * b, "{a} * {b}");
    assert_eq!(A::Minus::<B>::USIZE, a.saturating_sub(b), "{a} - {b}");
    if let Some(quotient) = a.checked_div(b) {
        assert_eq!(A::Over::<B>::USIZE, quotient, "{a} / {b}");
        assert_eq!(A::Rest::<B>::USIZE, a - b * quotient, "{a} % {b}");
    }
    let difference = core::any::type_name::<A::Minus<B>>();
    assert!(!difference.contains("UInt<typenum::uint::UTerm, typenum::bit::B0>"), "{difference}");
}

fn agrees_with_all<A: Dimension>() {
    agrees::<A, U0>();
    agrees::<A, U1>();
    agrees::<A, U2>();
    agrees::<A, U3>();
    agrees::<A, U5>();
    agrees::<A, U7>();
    agrees::<A, U8>();
    agrees::<A, U12>();
    agrees::<A, U28>();
    agrees::<A, U100>();
    agrees::<A, U255>();
    agrees::<A, U256>();
}

#[test]
fn agrees_with_numbers() {
    agrees_with_all::<U0>();
    agrees_with_all::<U1>();
    agrees_with_all::<U2>();
    agrees_with_all::<U3>();
    agrees_with_all::<U5>();
    agrees_with_all::<U7>();
    agrees_with_all::<U8>();
    agrees_with_all::<U12>();
    agrees_with_all::<U28>();
    agrees_with_all::<U100>();
    agrees_with_all::<U255>();
    agrees_with_all::<U256>();
}
