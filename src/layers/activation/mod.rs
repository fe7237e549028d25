//! Functions of each element, as layers.
//!
//! ```text
//! forward   y = f(x)
//! backward  dx = dy f'(x)
//! ```
//!
//! Shapes: any, kept. Where `f'` can be had from `y`, the layer works in place and `x` is not kept.

mod elu;
mod gelu;
mod hard_sigmoid;
mod leaky_relu;
mod relu;
mod sigmoid;
mod silu;
mod softmax;
mod softplus;
mod tanh;

pub use elu::Elu;
pub use gelu::Gelu;
pub use hard_sigmoid::HardSigmoid;
pub use leaky_relu::LeakyRelu;
pub use relu::Relu;
pub use sigmoid::Sigmoid;
pub use silu::Silu;
pub use softmax::Softmax;
pub use softplus::Softplus;
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
///     /// `y = x / (1 + |x|)`.
///     pub struct Softsign;
/// }
///
/// impl Activation for Softsign {
///     const NONLINEARITY: Nonlinearity = Nonlinearity::Saturating;
///
///     #[inline(always)]
///     fn function<T: Real>(x: T) -> T {
///         x / (T::ONE + x.abs())
///     }
///
///     /// `(1 - |y|)^2`
///     #[inline(always)]
///     fn derivative<T: Real>(y: T) -> T {
///         let rest = T::ONE - y.abs();
///         rest * rest
///     }
/// }
///
/// formwork::activation!(Softsign);
///
/// network! {
///     struct Gate: Vector<2> => Vector<1> { fc1: Dense<8>, Softsign, fc2: Dense<1> }
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
        elementwise::map(y.as_mut_slice(), |x| F::function(x));
    } else {
        elementwise::map_into(y.as_mut_slice(), x.as_slice(), |x| F::function(x));
    }
}

#[doc(hidden)]
pub fn differentiate<F: Activation + Layer<In, Out = In>, In: Shape, T: Real>(
    pass: Backward<'_, F, In, T>,
) {
    let Backward { x, y, mut dy, dx, .. } = pass;
    if <F as Activation>::IN_PLACE {
        elementwise::zip(dy.as_mut_slice(), y.as_slice(), |dy, y| dy * F::derivative(y));
    } else if let Some(mut dx) = dx {
        let (dx, dy) = (dx.as_mut_slice(), dy.as_slice());
        elementwise::zip_into(dx, dy, x.as_slice(), |dy, x| dy * F::derivative(x));
    }
}

/// The value of an argument, or `default` where none was given.
pub(super) const fn value<V: Value<f64>>(default: f64) -> f64 {
    match V::VALUE {
        Some(value) => value,
        None => default,
    }
}
