//! Functions of each element, as layers.
//!
//! ```text
//! forward   y = f(x)
//! backward  dx = dy f'(x)
//! ```
//!
//! Shapes: any, kept. Where `f'` can be had from `y`, the layer works in place and `x` is not kept.

mod elu;
mod gate;
mod gated;
mod gelu;
mod gelu_tanh;
mod glu;
mod hard_sigmoid;
mod hard_swish;
mod hard_tanh;
mod leaky_hard_tanh;
mod leaky_relu;
mod prelu;
mod relu;
mod relu6;
mod sigmoid;
mod silu;
mod softmax;
mod softplus;
mod softsign;
mod tanh;

pub use elu::Elu;
pub use gated::Gated;
pub use gelu::Gelu;
pub use gelu_tanh::GeluTanh;
pub use glu::Glu;
pub use hard_sigmoid::HardSigmoid;
pub use hard_swish::HardSwish;
pub use hard_tanh::HardTanh;
pub use leaky_hard_tanh::LeakyHardTanh;
pub use leaky_relu::LeakyRelu;
pub use prelu::{PRelu, PReluParams, PReluTape};
pub use relu::Relu;
pub use relu6::Relu6;
pub use sigmoid::Sigmoid;
pub use silu::Silu;
pub use softmax::Softmax;
pub use softplus::Softplus;
pub use softsign::Softsign;
pub use tanh::Tanh;

use crate::kernel::time::Function;
use crate::kernel::{Real, elementwise};
use crate::layer::{Arguments, Backward, Forward, Layer, Nonlinearity, Value};
use crate::shape::{Check, Shape};

/// A function of each element, of which [`activation!`](crate::activation) makes a layer.
///
/// ```
/// use formwork::gradcheck::GradCheck;
/// use formwork::kernel::Real;
/// use formwork::layer::Nonlinearity;
/// use formwork::prelude::*;
///
/// formwork::layer! {
///     /// `y = x / sqrt(1 + x^2)`.
///     pub struct InverseRoot;
/// }
///
/// impl Activation for InverseRoot {
///     const NONLINEARITY: Nonlinearity = Nonlinearity::Saturating;
///     // The derivative is given `x`: of `y` little is left of it where `x` is large.
///     const IN_PLACE: bool = false;
///
///     #[inline(always)]
///     fn function<T: Real>(x: T) -> T {
///         x / (T::ONE + x * x).sqrt()
///     }
///
///     #[inline(always)]
///     fn derivative<T: Real>(x: T) -> T {
///         let square = T::ONE + x * x;
///         T::ONE / (square * square.sqrt())
///     }
/// }
///
/// formwork::activation!(InverseRoot);
///
/// network! {
///     struct Gate: Vector<2> => Vector<1> { fc1: Dense<8>, InverseRoot, fc2: Dense<1> }
/// }
/// GradCheck::new(1).network::<Gate>()?;
/// # Ok::<(), formwork::gradcheck::WrongGradient>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a layer that can follow this shape",
    note = "implement `Layer` for it, or `Activation` if it is a function of each element"
)]
pub trait Activation: Arguments + 'static {
    /// Whether the arguments are sound.
    const CHECK: Check = Check::OK;
    /// By what rule a layer before this one chooses its initial weights.
    const NONLINEARITY: Nonlinearity;
    /// Whether [`derivative`](Self::derivative) is given `y` rather than `x`. Memory for `x` is
    /// saved then.
    const IN_PLACE: bool = true;
    /// Whether this is `max(x, 0)`, which layers beside it [can do](crate::layer::Fusion) on the way.
    const IS_RECTIFIER: bool = false;

    /// The function, if layers around it can do it on the way.
    const FUNCTION: Option<Function> = None;

    /// `f(x)`. Without branches, and marked `#[inline(always)]`, it becomes vector code, as does
    /// the derivative: see [`kernel::elementwise`](crate::kernel::elementwise).
    fn function<T: Real>(x: T) -> T;

    /// `f'(x)`, given `y`, or `x` where the layer does not work [in place](Self::IN_PLACE).
    fn derivative<T: Real>(at: T) -> T;
}

/// Makes layers of types that implement [`Activation`](crate::layers::Activation): `activation!(Relu)`,
/// or `activation!(Elu<V: Value<f64>>)` for one with a value argument.
///
/// A macro rather than an implementation for all `F: Activation`: with such a one the compiler would
/// have to look into a network in order to know that it is none, while it works out its shapes.
#[macro_export]
macro_rules! activation {
    ($name:ident $(<$param:ident: $bound:path>)?) => {
        impl<In: $crate::shape::Shape $(, $param: $bound + 'static)?> $crate::layer::Layer<In>
            for $name $(<$param>)?
        {
            type Out = In;
            $crate::keeps! {}

            const CHECK: $crate::shape::Check = <Self as $crate::layers::Activation>::CHECK;
            const OPERATIONS: usize = In::SIZE;
            const IN_PLACE: bool = <Self as $crate::layers::Activation>::IN_PLACE;
            const NEEDS_OUTPUT: bool = <Self as $crate::layers::Activation>::IN_PLACE;
            const NONLINEARITY: $crate::layer::Nonlinearity =
                <Self as $crate::layers::Activation>::NONLINEARITY;
            const FUNCTION: Option<$crate::kernel::time::Function> =
                <Self as $crate::layers::Activation>::FUNCTION;
            const FUSION: $crate::layer::Fusion = $crate::layer::Fusion {
                is_rectifier: <Self as $crate::layers::Activation>::IS_RECTIFIER,
                ..$crate::layer::Fusion::NONE
            };

            fn forward<T: $crate::kernel::Real>(pass: $crate::layer::Forward<'_, Self, In, T>) {
                if !pass.cx.fused.before {
                    $crate::layers::activate(pass);
                }
            }

            fn backward<T: $crate::kernel::Real>(
                pass: $crate::layer::Backward<'_, Self, In, T>,
            ) {
                if !pass.cx.fused.after {
                    $crate::layers::differentiate(pass);
                }
            }
        }
    };
}

#[doc(hidden)]
pub fn activate<F: Activation + Layer<In, Out = In>, In: Shape, T: Real>(
    pass: Forward<'_, F, In, T>,
) {
    let Forward { x, mut y, .. } = pass;
    if <F as Activation>::IN_PLACE {
        elementwise::map(y.as_mut_slice(), F::function::<T>);
    } else {
        elementwise::map_into(y.as_mut_slice(), x.as_slice(), F::function::<T>);
    }
}

#[doc(hidden)]
pub fn differentiate<F: Activation + Layer<In, Out = In>, In: Shape, T: Real>(
    pass: Backward<'_, F, In, T>,
) {
    let Backward { x, y, mut dy, dx, .. } = pass;
    if <F as Activation>::IN_PLACE {
        elementwise::zip(dy.as_mut_slice(), y.as_slice(), chain::<F, T>);
    } else if let Some(mut dx) = dx {
        let (dx, dy) = (dx.as_mut_slice(), dy.as_slice());
        elementwise::zip_into(dx, dy, x.as_slice(), chain::<F, T>);
    }
}

/// `dy f'`, by the chain rule. As a closure it would be another one, with loops of its own, for each
/// shape of the layer.
#[inline(always)]
fn chain<F: Activation, T: Real>(dy: T, at: T) -> T {
    dy * F::derivative(at)
}

/// `x`, but at least `low` and at most `high`; what is not a number stays so.
#[inline(always)]
fn clamp<T: Real>(x: T, low: f64, high: f64) -> T {
    let x = if x < T::of(low) { T::of(low) } else { x };
    if x > T::of(high) { T::of(high) } else { x }
}

/// The derivative of [`clamp`], given what came out: 0 from the bounds on, else 1.
#[inline(always)]
fn inside<T: Real>(y: T, low: f64, high: f64) -> T {
    let slope = if y <= T::of(low) { T::ZERO } else { T::ONE };
    if y >= T::of(high) { T::ZERO } else { slope }
}

/// The value of an argument, or `default` where none was given.
pub(super) const fn value<V: Value<f64>>(default: f64) -> f64 {
    match V::VALUE {
        Some(value) => value,
        None => default,
    }
}
