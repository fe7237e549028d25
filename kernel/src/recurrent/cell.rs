//! What a unit of a recurrent layer computes, whatever it is computed with.

use core::ops::{Add, Mul, Sub};

/// The equations of a recurrent layer, for one unit at one step.
///
/// Each of a unit's `GATES` is a sum of weighted inputs and of weighted hidden values of the step
/// before, and is then squashed. The gates and what goes unweighted from step to step make the
/// hidden value.
///
/// ```
/// use formwork_kernel::recurrent::{Cell, Number, Squash, gates};
///
/// /// `z = sigmoid(a_z)`, `n = tanh(a_n)`, `h = n + z h'`.
/// struct Leaky;
///
/// impl Cell<2> for Leaky {
///     const SQUASH: [Squash; 2] = [Squash::Sigmoid, Squash::Tanh];
///
///     #[inline(always)]
///     fn forward<N: Number>([z, n]: [N; 2], before: N) -> ([N; 2], N, N) {
///         let h = n + z * before;
///         ([z, n], h, h)
///     }
///     #[inline(always)]
///     fn backward<N: Number>([z, _]: [N; 2], before: N, _: N, dh: N, _: N) -> ([N; 2], N) {
///         ([dh * before, dh], dh * z)
///     }
/// }
///
/// let (mut gates, mut h) = ([0.0, 0.0], [0.0]);
/// let (before, cells) = (&[3.0], &mut []);
/// gates::Forward { hidden: 1, gates: &mut gates, before, cells, h: &mut h }.run::<Leaky, 2>();
/// assert_eq!(h, [0.5 * 3.0]);
/// ```
///
/// Both functions must be marked `#[inline(always)]`: only what is inlined is compiled for the
/// instruction set at hand.
pub trait Cell<const GATES: usize>: Send + Sync + 'static {
    /// What the gates are squashed by; those that are not come last.
    const SQUASH: [Squash; GATES];
    /// How many gates, the last ones, are sums of weighted inputs alone. As many before them are of
    /// hidden values alone, and all others of both.
    const APART: usize = 0;
    /// Whether what goes from step to step is a value of its own, the unit's cell; else it is the
    /// hidden value.
    const CELLS: bool = false;

    /// From the squashed gates and the cell `before`: the gates as backward is to see them, the
    /// cell, and the hidden value. For a unit without a cell, the hidden value stands for it.
    fn forward<N: Number>(gates: [N; GATES], before: N) -> ([N; GATES], N, N);

    /// The gradients by the squashed gates and by the cell `before`, from that by the hidden value,
    /// `dh`, and that by the cell `c` as far as later steps add to it, `dc`, which is 0 for a unit
    /// without one.
    fn backward<N: Number>(gates: [N; GATES], before: N, c: N, dh: N, dc: N) -> ([N; GATES], N);
}

/// What a gate is squashed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Squash {
    /// The logistic function, `1 / (1 + e^-x)`.
    Sigmoid,
    /// The hyperbolic tangent.
    Tanh,
    /// Nothing.
    Nothing,
}

/// What equations are computed with: a scalar, or a register of them.
pub trait Number: Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> {
    /// The number nearest to `x`.
    fn of(x: f64) -> Self;
    /// `self + a b`, which in a register is one instruction.
    fn add_mul(self, a: Self, b: Self) -> Self;
    /// The hyperbolic tangent.
    fn tanh(self) -> Self;
}

/// Implements the operators of a [`Number`], each by an expression.
macro_rules! operators {
    (@one [$($generics:tt)*] $number:ty: $name:ident $function:ident |$a:ident, $b:ident| $value:expr) => {
        impl<$($generics)*> core::ops::$name for $number {
            type Output = Self;
            #[inline(always)]
            fn $function(self, $b: Self) -> Self {
                let $a = self;
                $value
            }
        }
    };
    ($generics:tt $number:ty: $($name:ident $function:ident |$a:ident, $b:ident| $value:expr;)*) => {
        $(operators! { @one $generics $number: $name $function |$a, $b| $value })*
    };
}
pub(super) use operators;
