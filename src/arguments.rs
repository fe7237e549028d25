//! What stands between the angle brackets and in the parentheses after a layer's name.
//!
//! `network!` knows no layer by name. It asks the layer's [`Syntax`] where an argument belongs,
//! which is also where a missing, surplus or unknown argument is found out, and puts the argument
//! there with [`Set`]. [`layer!`](macro@crate::layer) writes all of this for a layer's declaration.

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
/// The slot of the stacks in braces.
pub const BRACES_SLOT: usize = usize::MAX - 1;
/// The slot of the layer after `tied to`.
pub const TIE_SLOT: usize = usize::MAX - 2;
/// The slot of what a layer does not take. The mistake is reported where it was made; the layer
/// stays as it is, so that nothing else is.
pub const IGNORED: usize = usize::MAX - 3;

impl<L, Argument> Set<IGNORED, Argument> for L {
    type Output = L;
}

impl<L: Wrap<Inner>, Inner> Set<BRACES_SLOT, Inner> for L {
    type Output = <L as Wrap<Inner>>::Output;
}

impl<L: Tie> Set<TIE_SLOT, ()> for L {
    type Output = <L as Tie>::Output;
}

/// The arguments that a layer takes, and the slots that it has. A constant of [`TakesNothing`]
/// stands in for what it has not: its own is found first, but only where the bound holds.
pub struct Takes<L>(core::marker::PhantomData<L>);

/// See [`Takes`].
pub trait TakesNothing {
    /// It is no layer.
    const IS_LAYER: bool = false;
    /// No arguments.
    const SYNTAX: Syntax = Syntax { layer: "", positional: &[], keyed: &[] };
    /// No slot for a value.
    const VALUE: usize = IGNORED;
    /// No slot for a stack in braces.
    const STACK: usize = IGNORED;
    /// No slot for several stacks in braces.
    const STACKS: usize = IGNORED;
    /// No slot for a layer to be tied to.
    const TIE: usize = IGNORED;
}

impl<L> TakesNothing for Takes<L> {}

impl<L: Arguments> Takes<L> {
    /// It is a layer.
    pub const IS_LAYER: bool = true;
    /// The arguments.
    pub const SYNTAX: Syntax = L::SYNTAX;
}

impl<L: Set<VALUE_SLOT, NotGiven>> Takes<L> {
    /// The slot of the value in parentheses.
    pub const VALUE: usize = VALUE_SLOT;
}

impl<L: Wrap<()>> Takes<L> {
    /// The slot of a stack in braces.
    pub const STACK: usize = BRACES_SLOT;
}

impl<L: Wrap<((), ((), ()))>> Takes<L> {
    /// The slot of several stacks in braces.
    pub const STACKS: usize = BRACES_SLOT;
}

impl<L: Tie> Takes<L> {
    /// The slot of the layer to be tied to.
    pub const TIE: usize = TIE_SLOT;
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

/// What the layer `L` makes of a value in parentheses, for which it has the slot `SLOT`.
pub struct Given<L, const SLOT: usize>(core::marker::PhantomData<L>);

/// The type that a value must have: a layer's own, and any where it takes none, since that is then
/// the mistake to be reported.
pub trait Expects<Any> {
    /// The type.
    type Type;
}

impl<L: Arguments> Expects<()> for Given<L, VALUE_SLOT> {
    type Type = L::Value;
}

impl<L, Any> Expects<Any> for Given<L, IGNORED> {
    type Type = Any;
}

/// A value in parentheses: with a type that is known beforehand, so that the compiler says of a
/// wrong one what was expected.
pub struct InParentheses<V> {
    /// The value.
    pub value: V,
}

impl<L: Arguments> Given<L, VALUE_SLOT> {
    /// The value.
    pub const fn keep(given: InParentheses<L::Value>) -> Option<L::Value> {
        Some(given.value)
    }
}

impl<L: Arguments> Given<L, IGNORED> {
    /// Nothing.
    pub const fn keep<V>(given: InParentheses<V>) -> Option<L::Value> {
        core::mem::forget(given);
        None
    }
}

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

/// The slot of the positional argument `index`.
pub const fn position<F: Arguments>(index: usize) -> usize {
    if index < F::SYNTAX.positional.len() { index } else { IGNORED }
}

/// The slot of the keyed argument `key`.
pub const fn key<F: Arguments>(key: &'static str) -> usize {
    let known = F::SYNTAX.keyed;
    let mut i = 0;
    while i < known.len() {
        if equal(known[i], key) {
            return F::SYNTAX.positional.len() + i;
        }
        i += 1;
    }
    IGNORED
}

/// Whether the layer called `name` has the right number of positional arguments.
///
/// # Panics
/// When not: the compile error.
#[track_caller]
pub const fn complete<F: Arguments>(name: &'static str, given: usize) {
    F::SYNTAX.complete(given).report(name);
}

/// Whether the layer called `name` takes the keyed argument `key`.
///
/// # Panics
/// When not: the compile error.
#[track_caller]
pub const fn known<F: Arguments>(name: &'static str, argument: &'static str) {
    let known = F::SYNTAX.keyed;
    let template = match known.len() {
        0 => "{} takes no argument `{}`",
        1 => "{} takes no argument `{}`; it takes `{}`",
        2 => "{} takes no argument `{}`; it takes `{}` and `{}`",
        3 => "{} takes no argument `{}`; it takes `{}`, `{}` and `{}`",
        4 => "{} takes no argument `{}`; it takes `{}`, `{}`, `{}` and `{}`",
        _ => "{} takes no argument `{}`; it takes `{}`, `{}`, `{}`, `{}`, `{}` ..",
    };
    let mut check = Check::require(key::<F>(argument) != IGNORED, template)
        .text(F::SYNTAX.layer)
        .text(argument);
    let mut i = 0;
    while i < known.len() && i < 5 {
        check = check.text(known[i]);
        i += 1;
    }
    check.report(name);
}

/// Whether the layer called `name` takes a value in parentheses, when `slot` is where.
///
/// # Panics
/// When not: the compile error.
#[track_caller]
pub const fn takes_value(name: &'static str, syntax: &Syntax, slot: usize, value: &'static str) {
    // What is no layer has no name, and is reported on as such.
    let holds = slot != IGNORED || syntax.layer.is_empty();
    let template = "{} takes nothing in parentheses, but is given `({})`";
    Check::require(holds, template).text(syntax.layer).text(value).report(name);
}

/// Whether a layer takes the `count` stacks in braces that it is given, when `one` is the slot for
/// one and `several` that for more. A layer that has both makes no difference, and takes one.
pub const fn takes_stacks(syntax: &Syntax, one: usize, several: usize, count: usize) -> Check {
    let name = syntax.layer;
    if one != IGNORED {
        let template = if count == 0 {
            "{} needs a stack of layers in braces: `{} { .. }`"
        } else {
            "{} takes one stack of layers in braces: `{} { .. }`"
        };
        Check::require(count == 1, template).text(name).text(name)
    } else if several != IGNORED {
        let template = "{} takes several stacks of layers in braces: `{} { { .. }, { .. } }`";
        Check::require(count > 1, template).text(name).text(name)
    } else {
        // What is no layer has no name, and is reported on as such.
        Check::require(count == 0 || name.is_empty(), "{} takes no layers in braces").text(name)
    }
}

impl Syntax {
    /// Whether all positional arguments, and no more, are there when `given` are.
    pub const fn complete(&self, given: usize) -> Check {
        let takes = self.positional.len();
        let missing = if given < takes { self.positional[given] } else { "" };
        Check::require(given >= takes, "{} needs its argument `{}`: `{}<{}>`")
            .text(self.layer)
            .text(missing)
            .text(self.layer)
            .text(match takes {
                1 => "..",
                2 => ".., ..",
                3 => ".., .., ..",
                _ => ".., .., .., ..",
            })
            .and(
                Check::require(given <= takes, "{} takes {} shape argument{}, but {} {} given")
                    .text(self.layer)
                    .number(takes)
                    .text(if takes == 1 { "" } else { "s" })
                    .number(given)
                    .text(if given == 1 { "is" } else { "are" }),
            )
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
