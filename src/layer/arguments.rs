//! What stands between the angle brackets and in the parentheses after a layer's name.
//!
//! `network!` knows no layer by name. It asks the layer's [`Syntax`] where an argument belongs,
//! which is also where a missing, surplus or unknown argument is found out, and puts the argument
//! there with [`Set`]. [`layer!`](macro@crate::layer) writes all of this for a layer's declaration.

use crate::shape::{Check, Shape};

/// The arguments that a layer takes.
pub trait Arguments {
    /// Their names and order.
    const SYNTAX: Syntax;
    /// What stands in parentheses, as in `Dropout(0.5)`; [`NoValue`] where nothing does.
    type Value: Copy + 'static;
}

/// A layer that also takes several values in parentheses: `BatchNorm(1e-3, 0.01)` as well as
/// `BatchNorm(1e-3)`.
pub trait TakesList {
    /// The values, as a tuple.
    type List: Copy + 'static;
}

/// A layer with the argument in place `SLOT` replaced by `Argument`.
pub trait Set<const SLOT: usize, Argument> {
    /// The layer with this argument.
    type Output;
}

/// The slot of what stands in parentheses.
pub const VALUE_SLOT: usize = usize::MAX;
/// The slot of the stacks in braces.
pub const BRACES_SLOT: usize = usize::MAX - 1;
/// The slot of the layer after `tied to`.
pub const TIE_SLOT: usize = usize::MAX - 2;
/// The slot of the stack behind `around`.
pub const AROUND_SLOT: usize = usize::MAX - 4;
/// The slot of several values in parentheses, for a layer that [takes them](TakesList).
pub const LIST_SLOT: usize = usize::MAX - 5;
/// The slot of what a layer does not take. The mistake is reported where it was made; the layer
/// stays as it is, so that nothing else is.
pub const IGNORED: usize = usize::MAX - 3;

impl<L, Argument> Set<IGNORED, Argument> for L {
    type Output = L;
}

impl<L: Wrap<Inner>, Inner> Set<BRACES_SLOT, Inner> for L {
    type Output = <L as Wrap<Inner>>::Output;
}

impl<L: Detour<Around>, Around> Set<AROUND_SLOT, Around> for L {
    type Output = <L as Detour<Around>>::Output;
}

impl<L: Tie> Set<TIE_SLOT, ()> for L {
    type Output = <L as Tie>::Output;
}

/// A layer around the stacks in the braces that follow it: `Residual { .. }`.
#[diagnostic::on_unimplemented(
    message = "this layer takes no `{{ .. }}`",
    label = "no stack of layers may follow in braces"
)]
pub trait Wrap<Inner> {
    /// The layer with its inner stack, or stacks as nested pairs `(A, (B, ()))`.
    type Output;
}

/// A layer that gives the stack in its braces another shape than it is given itself.
pub trait Inside<In: Shape> {
    /// The shape that goes into the stack.
    type Shape: Shape;
}

/// A layer around a stack past which another one goes: `Residual { .. } around { .. }`.
pub trait Detour<Around> {
    /// The layer with its other stack.
    type Output;
}

/// A layer that can take its weight matrix from an earlier one: `tied to embed`.
#[diagnostic::on_unimplemented(
    message = "this layer cannot be tied to another",
    label = "has no weight matrix to share"
)]
pub trait Tie {
    /// The layer without a weight matrix of its own.
    type Output;
}

/// In the place of a value: none was given.
#[derive(Clone, Copy, Debug, Default)]
pub struct NotGiven;

/// The type of the value of a layer that takes none in parentheses.
#[derive(Clone, Copy, Debug)]
pub enum NoValue {}

/// A value argument as a type.
pub trait Value<V: Copy + 'static> {
    /// The value, or `None` where none was given.
    const VALUE: Option<V>;
    /// The value as the user wrote it.
    const TEXT: &'static str;
}

impl<V: Copy + 'static> Value<V> for NotGiven {
    const VALUE: Option<V> = None;
    const TEXT: &'static str = "";
}

/// The names of a layer's shape arguments.
#[derive(Clone, Copy, Debug)]
pub struct Syntax {
    /// The layer's name.
    pub layer: &'static str,
    /// The positional arguments, all of them needed, in their order.
    pub positional: &'static [&'static str],
    /// The keyed arguments, all of them optional; their slots follow the positional ones.
    pub keyed: &'static [&'static str],
}

impl Syntax {
    /// Whether all positional arguments, and no more, are there when `given` are.
    pub const fn complete(&self, given: usize) -> Check {
        let takes = self.positional.len();
        let missing = if given < takes { self.positional[given] } else { "" };
        let mut check = Check::require(
            given >= takes,
            match takes {
                1 => "{} needs its argument `{}`: `{}<{}>`",
                2 => "{} needs its argument `{}`: `{}<{}, {}>`",
                3 => "{} needs its argument `{}`: `{}<{}, {}, {}>`",
                _ => "{} needs its argument `{}`: `{}<{}, {}, {}, ..>`",
            },
        )
        .text(self.layer)
        .text(missing)
        .text(self.layer);
        let mut i = 0;
        while i < takes && i < 3 {
            check = check.text(self.positional[i]);
            i += 1;
        }
        check.and(
            Check::require(given <= takes, "{} takes {} shape argument{}, but {} {} given")
                .text(self.layer)
                .number(takes)
                .text(if takes == 1 { "" } else { "s" })
                .number(given)
                .text(if given == 1 { "is" } else { "are" }),
        )
    }
}

/// Declares a layer: its type, and the arguments that it takes in `network!`.
///
/// Positional shape arguments come first, keyed ones with their defaults (as typenum integers)
/// after a semicolon, and the type of a value in parentheses last; each part may be left out. Where
/// one value or several may stand in parentheses, both types do: `(f64 | (f64, f64))`.
///
/// ```
/// use typenum::{U0, U1};
///
/// formwork::layer! {
///     /// Subsamples an image.
///     pub struct Subsample<Every; offset: Offset = U0>;
/// }
///
/// formwork::layer! {
///     /// Adds noise of a given standard deviation.
///     pub struct Noise(f64);
/// }
/// # let _: Option<(Subsample<U1>, Noise)> = None;
/// ```
#[macro_export]
macro_rules! layer {
    ($(#[$attr:meta])* $vis:vis struct $name:ident;) => {
        $crate::layer!(@all [$(#[$attr])*] $vis $name [] [] [] $crate::layer::NoValue);
    };
    ($(#[$attr:meta])* $vis:vis struct $name:ident($value:ty $(| $list:ty)?);) => {
        $crate::layer!(@all [$(#[$attr])*] $vis $name [] [] [Value] $value $(| [List] $list)?);
    };
    ($(#[$attr:meta])* $vis:vis struct $name:ident<
        $($positional:ident),* $(; $($key:ident: $param:ident = $default:ty),+)?
    >;) => {
        $crate::layer!(@all [$(#[$attr])*] $vis $name
            [$($positional)*] [$($($key $param $default,)+)?] [] $crate::layer::NoValue);
    };
    ($(#[$attr:meta])* $vis:vis struct $name:ident<
        $($positional:ident),* $(; $($key:ident: $param:ident = $default:ty),+)?
    >($value:ty $(| $list:ty)?);) => {
        $crate::layer!(@all [$(#[$attr])*] $vis $name
            [$($positional)*] [$($($key $param $default,)+)?] [Value] $value $(| [List] $list)?);
    };
    (@all [$(#[$attr:meta])*] $vis:vis $name:ident
        [$($positional:ident)*] [$($key:ident $param:ident $default:ty,)*]
        [$($slot:ident)?] $value:ty $(| [$list:ident] $values:ty)?
    ) => {
        $(#[$attr])*
        #[derive(Clone, Copy, Debug, Default)]
        $vis struct $name<
            $($positional = $crate::typenum::U0,)*
            $($param = $default,)*
            $($slot = $crate::layer::NotGiven,)?
            $($list = $crate::layer::NotGiven,)?
        >(::core::marker::PhantomData<($($positional,)* $($param,)* $($slot,)? $($list,)?)>);

        impl<$($positional,)* $($param,)* $($slot,)? $($list,)?> $crate::layer::Arguments
            for $name<$($positional,)* $($param,)* $($slot,)? $($list,)?>
        {
            const SYNTAX: $crate::layer::Syntax = $crate::layer::Syntax {
                layer: ::core::stringify!($name),
                positional: &[$($crate::layer!(@lower $positional)),*],
                keyed: &[$(::core::stringify!($key)),*],
            };
            type Value = $value;
        }

        $crate::layer!(@set $name (0) [] [$($positional)* $($param)*] [$($slot)? $($list)?]);
        $crate::layer!(@list $name [$($positional)* $($param)* $($slot)?] $([$list] $values)?);
    };
    (@lower $name:ident) => { ::core::stringify!($name) };
    (@set $name:ident ($slot:expr) [$($before:ident)*] [$this:ident $($after:ident)*] [$($value:ident)*]) => {
        impl<$($before,)* $this, $($after,)* $($value,)* Argument> $crate::layer::Set<{ $slot }, Argument>
            for $name<$($before,)* $this, $($after,)* $($value,)*>
        {
            type Output = $name<$($before,)* Argument, $($after,)* $($value,)*>;
        }
        $crate::layer!(@set $name ($slot + 1) [$($before)* $this] [$($after)*] [$($value)*]);
    };
    (@set $name:ident ($slot:expr) [$($before:ident)*] [] [$value:ident $($list:ident)?]) => {
        impl<$($before,)* $value, $($list,)? Argument> $crate::layer::Set<{ $crate::layer::VALUE_SLOT }, Argument>
            for $name<$($before,)* $value, $($list)?>
        {
            type Output = $name<$($before,)* Argument, $($list)?>;
        }
    };
    (@set $name:ident ($slot:expr) [$($before:ident)*] [] []) => {};
    (@list $name:ident [$($before:ident)*] [$list:ident] $values:ty) => {
        impl<$($before,)* $list, Argument> $crate::layer::Set<{ $crate::layer::LIST_SLOT }, Argument>
            for $name<$($before,)* $list>
        {
            type Output = $name<$($before,)* Argument>;
        }

        impl<$($before,)* $list> $crate::layer::TakesList for $name<$($before,)* $list> {
            type List = $values;
        }
    };
    (@list $name:ident [$($before:ident)*]) => {};
}
