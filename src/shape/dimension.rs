//! Arithmetic of dimensions that is defined for all of them.
//!
//! typenum's operators are traits that have to be asked for: whoever multiplies two unknown
//! integers must write a bound for it, and so must everyone who uses that. Here sum, product,
//! difference and quotient are associated types of every [`Dimension`]. A shape rule is then a
//! plain type without a `where` clause, also in a network that is generic in its dimensions. The
//! integers themselves are typenum's.

use generic_array::ArrayLength;
use typenum::{B0, B1, UInt, UTerm};

/// A size known to the compiler: an unsigned typenum integer.
///
/// ```
/// use formwork::shape::Dimension;
/// use typenum::{U2, U3, U28, Unsigned};
///
/// /// The positions of a filter on an input with a border on both sides.
/// type Positions<Size, Kernel, Border, Stride> = <<<<Size as Dimension>::Plus<<Border as Dimension>::Double>
///     as Dimension>::Minus<Kernel> as Dimension>::Over<Stride> as Dimension>::Next;
///
/// assert_eq!(<Positions<U28, U3, typenum::U1, U2>>::USIZE, (28 + 2 - 3) / 2 + 1);
/// assert_eq!(<U2 as Dimension>::Minus::<U3>::USIZE, 0, "differences saturate");
/// ```
pub trait Dimension: ArrayLength + Copy + Default + Eq + core::fmt::Debug + Send + Sync {
    /// `2 n`
    type Double: Dimension;
    /// `n + 1`
    type Next: Dimension;
    /// `n + N`
    type Plus<N: Dimension>: Dimension;
    /// `n N`
    type Times<N: Dimension>: Dimension;
    /// `n - N`, or 0 where that would be negative.
    type Minus<N: Dimension>: Dimension;
    /// `n / N`, rounded down; without meaning where `N` is 0.
    type Over<N: Dimension>: Dimension;
    /// What `n / N` leaves.
    type Rest<N: Dimension>: Dimension;

    /// Whether `n` is less than, equal to or greater than `N`.
    #[doc(hidden)]
    type Compare<N: Dimension>: Order;
    /// `n - N`, which must not be negative.
    #[doc(hidden)]
    type Exact<N: Dimension>: Dimension;
    /// `n - N - 1`, which must not be negative.
    #[doc(hidden)]
    type ExactLess<N: Dimension>: Dimension;

    // The second half of each operation, once the lowest bit of the other operand is known; that
    // operand is `2 U` or `2 U + 1`, and `n` is this one.

    /// `2 U + n`
    #[doc(hidden)]
    type AddEven<U: Dimension>: Dimension;
    /// `2 U + 1 + n`
    #[doc(hidden)]
    type AddOdd<U: Dimension>: Dimension;
    /// `2 U` compared with `n`, where `2 U` is not 0
    #[doc(hidden)]
    type AgainstEven<U: Dimension>: Order;
    /// `2 U + 1` compared with `n`
    #[doc(hidden)]
    type AgainstOdd<U: Dimension>: Order;
    /// 0 compared with `n`
    #[doc(hidden)]
    type AgainstZero: Order;
    /// `2 U - n`
    #[doc(hidden)]
    type FromEven<U: Dimension>: Dimension;
    /// `2 U - n - 1`
    #[doc(hidden)]
    type FromEvenLess<U: Dimension>: Dimension;
    /// `2 U + 1 - n`
    #[doc(hidden)]
    type FromOdd<U: Dimension>: Dimension;
}

/// The outcome of a comparison.
#[doc(hidden)]
pub trait Order {
    /// This, or `O` if this is "equal".
    type Or<O: Order>: Order;
    /// `A` if this is "less", else `B`.
    type IfLess<A: Dimension, B: Dimension>: Dimension;
}

#[doc(hidden)]
pub enum Less {}
#[doc(hidden)]
pub enum Equal {}
#[doc(hidden)]
pub enum Greater {}

impl Order for Less {
    type Or<O: Order> = Less;
    type IfLess<A: Dimension, B: Dimension> = A;
}

impl Order for Equal {
    type Or<O: Order> = O;
    type IfLess<A: Dimension, B: Dimension> = B;
}

impl Order for Greater {
    type Or<O: Order> = Greater;
    type IfLess<A: Dimension, B: Dimension> = B;
}

/// `A` if `X < Y`, else `B`.
pub type IfLess<X, Y, A, B> = <<X as Dimension>::Compare<Y> as Order>::IfLess<A, B>;

/// 0
impl Dimension for UTerm {
    type Double = UTerm;
    type Next = UInt<UTerm, B1>;
    type Plus<N: Dimension> = N;
    type Times<N: Dimension> = UTerm;
    type Minus<N: Dimension> = UTerm;
    type Over<N: Dimension> = UTerm;
    type Rest<N: Dimension> = UTerm;
    type Compare<N: Dimension> = N::AgainstZero;
    type Exact<N: Dimension> = UTerm;
    type ExactLess<N: Dimension> = UTerm;
    type AddEven<U: Dimension> = U::Double;
    type AddOdd<U: Dimension> = UInt<U, B1>;
    type AgainstEven<U: Dimension> = Greater;
    type AgainstOdd<U: Dimension> = Greater;
    type AgainstZero = Equal;
    type FromEven<U: Dimension> = U::Double;
    type FromEvenLess<U: Dimension> = UInt<U::ExactLess<UTerm>, B1>;
    type FromOdd<U: Dimension> = UInt<U, B1>;
}

/// `2 V`
impl<V: Dimension> Dimension for UInt<V, B0> {
    type Double = UInt<Self, B0>;
    type Next = UInt<V, B1>;
    type Plus<N: Dimension> = N::AddEven<V>;
    type Times<N: Dimension> = <V::Times<N> as Dimension>::Double;
    type Minus<N: Dimension> = IfLess<Self, N, UTerm, Self::Exact<N>>;
    type Over<N: Dimension> = IfLess<
        <V::Rest<N> as Dimension>::Double,
        N,
        <V::Over<N> as Dimension>::Double,
        UInt<V::Over<N>, B1>,
    >;
    type Rest<N: Dimension> = IfLess<
        <V::Rest<N> as Dimension>::Double,
        N,
        <V::Rest<N> as Dimension>::Double,
        <<V::Rest<N> as Dimension>::Double as Dimension>::Exact<N>,
    >;
    type Compare<N: Dimension> = N::AgainstEven<V>;
    type Exact<N: Dimension> = N::FromEven<V>;
    type ExactLess<N: Dimension> = N::FromEvenLess<V>;
    type AddEven<U: Dimension> = <U::Plus<V> as Dimension>::Double;
    type AddOdd<U: Dimension> = UInt<U::Plus<V>, B1>;
    type AgainstEven<U: Dimension> = U::Compare<V>;
    type AgainstOdd<U: Dimension> = <U::Compare<V> as Order>::Or<Greater>;
    type AgainstZero = Less;
    type FromEven<U: Dimension> = <U::Exact<V> as Dimension>::Double;
    type FromEvenLess<U: Dimension> = UInt<U::ExactLess<V>, B1>;
    type FromOdd<U: Dimension> = UInt<U::Exact<V>, B1>;
}

/// `2 V + 1`
impl<V: Dimension> Dimension for UInt<V, B1> {
    type Double = UInt<Self, B0>;
    type Next = <V::Next as Dimension>::Double;
    type Plus<N: Dimension> = N::AddOdd<V>;
    type Times<N: Dimension> = <<V::Times<N> as Dimension>::Double as Dimension>::Plus<N>;
    type Minus<N: Dimension> = IfLess<Self, N, UTerm, Self::Exact<N>>;
    type Over<N: Dimension> =
        IfLess<UInt<V::Rest<N>, B1>, N, <V::Over<N> as Dimension>::Double, UInt<V::Over<N>, B1>>;
    type Rest<N: Dimension> = IfLess<
        UInt<V::Rest<N>, B1>,
        N,
        UInt<V::Rest<N>, B1>,
        <UInt<V::Rest<N>, B1> as Dimension>::Exact<N>,
    >;
    type Compare<N: Dimension> = N::AgainstOdd<V>;
    type Exact<N: Dimension> = N::FromOdd<V>;
    type ExactLess<N: Dimension> = N::FromEven<V>;
    type AddEven<U: Dimension> = UInt<U::Plus<V>, B1>;
    type AddOdd<U: Dimension> = <<U::Plus<V> as Dimension>::Next as Dimension>::Double;
    type AgainstEven<U: Dimension> = <U::Compare<V> as Order>::Or<Less>;
    type AgainstOdd<U: Dimension> = U::Compare<V>;
    type AgainstZero = Less;
    type FromEven<U: Dimension> = UInt<U::ExactLess<V>, B1>;
    type FromEvenLess<U: Dimension> = <U::ExactLess<V> as Dimension>::Double;
    type FromOdd<U: Dimension> = <U::Exact<V> as Dimension>::Double;
}
