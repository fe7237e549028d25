//! What stands between the angle brackets and in the parentheses after a layer's name.
//!
//! `network!` knows no layer by name. It asks the layer's [`Syntax`] where an argument belongs,
//! which is also where a missing, surplus or unknown argument is found out, and puts the argument
//! there with [`Set`]. [`layer!`](crate::layer) writes all of this for a layer's declaration.

use crate::check::Check;

/// The arguments that a layer takes.
pub trait Arguments {
    /// Their names and order.
    const SYNTAX: Syntax;
    /// What stands in parentheses, as in `Dropout(0.5)`; [`NoValue`] where nothing does.
    type Value: Copy + 'static;
}

/// A layer with the argument in place `SLOT` replaced by `Argument`.
pub trait Set<const SLOT: usize, Argument> {
    /// The layer with this argument.
    type Output;
}

/// The slot of what stands in parentheses.
pub const VALUE_SLOT: usize = usize::MAX;

/// A layer around the stacks in the braces that follow it: `Residual { .. }`.
#[diagnostic::on_unimplemented(
    message = "this layer takes no `{{ .. }}`",
    label = "no stack of layers may follow in braces"
)]
pub trait Wrap<Inner> {
    /// The layer with its inner stack, or stacks as nested pairs `(A, (B, ()))`.
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

/// The slot of the positional argument `index` of the layer called `name`, of which `given` are
/// there.
///
/// # Panics
/// When the layer does not take that many: the compile error.
#[track_caller]
pub const fn position(syntax: &Syntax, name: &'static str, index: usize, given: usize) -> usize {
    let takes = syntax.positional.len();
    Check::require(index < takes, "{} takes {} shape argument{}, but {} are given")
        .text(syntax.layer)
        .number(takes)
        .text(if takes == 1 { "" } else { "s" })
        .number(given)
        .report(name);
    index
}

/// The slot of the keyed argument `key` of the layer called `name`.
///
/// # Panics
/// When the layer knows no such key: the compile error.
#[track_caller]
pub const fn key(syntax: &Syntax, name: &'static str, key: &'static str) -> usize {
    let known = syntax.keyed;
    let mut slot = 0;
    while slot < known.len() {
        if equal(known[slot], key) {
            return syntax.positional.len() + slot;
        }
        slot += 1;
    }
    let template = match known.len() {
        0 => "{} takes no argument `{}`",
        1 => "{} takes no argument `{}`; it takes `{}`",
        2 => "{} takes no argument `{}`; it takes `{}` and `{}`",
        3 => "{} takes no argument `{}`; it takes `{}`, `{}` and `{}`",
        4 => "{} takes no argument `{}`; it takes `{}`, `{}`, `{}` and `{}`",
        _ => "{} takes no argument `{}`; it takes `{}`, `{}`, `{}`, `{}`, `{}` ..",
    };
    let mut check = Check::require(false, template).text(syntax.layer).text(key);
    let mut i = 0;
    while i < known.len() && i < 5 {
        check = check.text(known[i]);
        i += 1;
    }
    check.report(name);
    slot
}

impl Syntax {
    /// Whether all positional arguments are there when `given` are.
    pub const fn complete(&self, given: usize) -> Check {
        let missing = if given < self.positional.len() { self.positional[given] } else { "" };
        Check::require(given >= self.positional.len(), "{} needs its argument `{}`: `{}<{}>`")
            .text(self.layer)
            .text(missing)
            .text(self.layer)
            .text(match self.positional.len() {
                1 => "..",
                2 => ".., ..",
                3 => ".., .., ..",
                _ => ".., .., .., ..",
            })
    }
}

const fn equal(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

/// Declares a layer: its type, and the arguments that it takes in `network!`.
///
/// Positional shape arguments come first, keyed ones with their defaults (as typenum integers)
/// after a semicolon, and the type of a value in parentheses last; each part may be left out.
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
        $crate::layer!(@all [$(#[$attr])*] $vis $name [] [] [] $crate::arguments::NoValue);
    };
    ($(#[$attr:meta])* $vis:vis struct $name:ident($value:ty);) => {
        $crate::layer!(@all [$(#[$attr])*] $vis $name [] [] [Value] $value);
    };
    ($(#[$attr:meta])* $vis:vis struct $name:ident<
        $($positional:ident),* $(; $($key:ident: $param:ident = $default:ty),+)?
    >;) => {
        $crate::layer!(@all [$(#[$attr])*] $vis $name
            [$($positional)*] [$($($key $param $default,)+)?] [] $crate::arguments::NoValue);
    };
    ($(#[$attr:meta])* $vis:vis struct $name:ident<
        $($positional:ident),* $(; $($key:ident: $param:ident = $default:ty),+)?
    >($value:ty);) => {
        $crate::layer!(@all [$(#[$attr])*] $vis $name
            [$($positional)*] [$($($key $param $default,)+)?] [Value] $value);
    };
    (@all [$(#[$attr:meta])*] $vis:vis $name:ident
        [$($positional:ident)*] [$($key:ident $param:ident $default:ty,)*] [$($slot:ident)?] $value:ty
    ) => {
        $(#[$attr])*
        #[derive(Clone, Copy, Debug, Default)]
        $vis struct $name<
            $($positional = $crate::typenum::U0,)*
            $($param = $default,)*
            $($slot = $crate::arguments::NotGiven,)?
        >(::core::marker::PhantomData<($($positional,)* $($param,)* $($slot,)?)>);

        impl<$($positional,)* $($param,)* $($slot)?> $crate::arguments::Arguments
            for $name<$($positional,)* $($param,)* $($slot)?>
        {
            const SYNTAX: $crate::arguments::Syntax = $crate::arguments::Syntax {
                layer: ::core::stringify!($name),
                positional: &[$($crate::layer!(@lower $positional)),*],
                keyed: &[$(::core::stringify!($key)),*],
            };
            type Value = $value;
        }

        $crate::layer!(@set $name (0) [] [$($positional)* $($param)*] [$($slot)?]);
    };
    (@lower $name:ident) => { ::core::stringify!($name) };
    (@set $name:ident ($slot:expr) [$($before:ident)*] [$this:ident $($after:ident)*] [$($value:ident)?]) => {
        impl<$($before,)* $this, $($after,)* $($value,)? Argument> $crate::arguments::Set<{ $slot }, Argument>
            for $name<$($before,)* $this, $($after,)* $($value)?>
        {
            type Output = $name<$($before,)* Argument, $($after,)* $($value)?>;
        }
        $crate::layer!(@set $name ($slot + 1) [$($before)* $this] [$($after)*] [$($value)?]);
    };
    (@set $name:ident ($slot:expr) [$($before:ident)*] [] [$value:ident]) => {
        impl<$($before,)* $value, Argument> $crate::arguments::Set<{ $crate::arguments::VALUE_SLOT }, Argument>
            for $name<$($before,)* $value>
        {
            type Output = $name<$($before,)* Argument>;
        }
    };
    (@set $name:ident ($slot:expr) [$($before:ident)*] [] []) => {};
}
