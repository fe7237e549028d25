//! Where an argument of a layer belongs, and what is wrong with it.

use crate::layer::{
    AROUND_SLOT, Arguments, BRACES_SLOT, Detour, IGNORED, Inside, LIST_SLOT, NotGiven, Set, Syntax,
    TIE_SLOT, TakesList, Tie, VALUE_SLOT, Wrap,
};
use crate::shape::{Check, Dimension, Vector};
use typenum::U1;

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
    /// No slot for several values.
    const LIST: usize = IGNORED;
    /// No slot for a stack in braces.
    const STACK: usize = IGNORED;
    /// No slot for several stacks in braces.
    const STACKS: usize = IGNORED;
    /// Its stacks take what it takes.
    const INSIDE: bool = false;
    /// No slot for a stack behind `around`.
    const AROUND: usize = IGNORED;
    /// No slot for a layer to be tied to.
    const TIE: usize = IGNORED;
    /// It is no dimension.
    const IS_DIMENSION: bool = false;
    /// It is there.
    const MEANT: &'static str = "";
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

impl<L: Set<LIST_SLOT, NotGiven>> Takes<L> {
    /// The slot of several values in parentheses.
    pub const LIST: usize = LIST_SLOT;
}

impl<L: Wrap<()>> Takes<L> {
    /// The slot of a stack in braces.
    pub const STACK: usize = BRACES_SLOT;
}

impl<L: Wrap<((), ((), ()))>> Takes<L> {
    /// The slot of several stacks in braces.
    pub const STACKS: usize = BRACES_SLOT;
}

impl<L: Inside<Vector<U1>>> Takes<L> {
    /// Its stacks take a shape of their own.
    pub const INSIDE: bool = true;
}

impl<L: Detour<()>> Takes<L> {
    /// The slot of the stack behind `around`.
    pub const AROUND: usize = AROUND_SLOT;
}

impl<L: Dimension> Takes<L> {
    /// It is a dimension.
    pub const IS_DIMENSION: bool = true;
}

impl<L: Unknown> Takes<L> {
    /// It is not there, but something else may be meant.
    pub const MEANT: &'static str = L::MEANT;
}

/// Stands in for a layer that is not there.
pub trait Unknown {
    /// What is said of it.
    const MEANT: &'static str;
}

impl<L: Tie> Takes<L> {
    /// The slot of the layer to be tied to.
    pub const TIE: usize = TIE_SLOT;
}

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

impl<L: TakesList> Expects<()> for Given<L, LIST_SLOT> {
    type Type = L::List;
}

impl<L, Any> Expects<Any> for Given<L, IGNORED> {
    type Type = Any;
}

/// The type as which what stands in parentheses is kept.
pub trait Keeps {
    /// The type.
    type Type: Copy + 'static;
}

impl<L: Arguments> Keeps for Given<L, VALUE_SLOT> {
    type Type = L::Value;
}

impl<L: TakesList> Keeps for Given<L, LIST_SLOT> {
    type Type = L::List;
}

impl<L: Arguments> Keeps for Given<L, IGNORED> {
    type Type = L::Value;
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

impl<L: TakesList> Given<L, LIST_SLOT> {
    /// The values.
    pub const fn keep(given: InParentheses<L::List>) -> Option<L::List> {
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

/// The slot of the value in parentheses, which is `slot` if the `positional` arguments before it are all
/// there. Otherwise the value is most likely one of them, which is then missing.
pub const fn value(syntax: &Syntax, positional: usize, slot: usize) -> usize {
    if positional < syntax.positional.len() { IGNORED } else { slot }
}

/// The slot of several values in parentheses: one of their own, or that of a single value, which they
/// then are.
pub const fn list(syntax: &Syntax, positional: usize, [list, single]: [usize; 2]) -> usize {
    value(syntax, positional, if list == IGNORED { single } else { list })
}

/// The slot of the positional argument `index`.
pub const fn position(syntax: &Syntax, index: usize) -> usize {
    if index < syntax.positional.len() { index } else { IGNORED }
}

/// The slot of the keyed argument `key`.
pub const fn key(syntax: &Syntax, key: &'static str) -> usize {
    let known = syntax.keyed;
    let mut i = 0;
    while i < known.len() {
        if equal(known[i], key) {
            return syntax.positional.len() + i;
        }
        i += 1;
    }
    IGNORED
}

/// Whether the layer called `name` takes the keyed argument `key` after `positional` others.
///
/// # Panics
/// When not: the compile error.
#[track_caller]
pub const fn known(syntax: &Syntax, positional: usize, name: &'static str, argument: &'static str) {
    // What is no layer has no name, and is reported on as such; so is what is missing, which this may
    // be meant for.
    if syntax.layer.is_empty() || positional < syntax.positional.len() {
        return;
    }
    let known = syntax.keyed;
    let template = match known.len() {
        0 => "{} takes no argument `{}`",
        1 => "{} takes no argument `{}`; it takes `{}`",
        2 => "{} takes no argument `{}`; it takes `{}` and `{}`",
        3 => "{} takes no argument `{}`; it takes `{}`, `{}` and `{}`",
        4 => "{} takes no argument `{}`; it takes `{}`, `{}`, `{}` and `{}`",
        _ => "{} takes no argument `{}`; it takes `{}`, `{}`, `{}`, `{}`, `{}` ..",
    };
    let mut check = Check::require(key(syntax, argument) != IGNORED, template)
        .text(syntax.layer)
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
pub const fn takes_value(
    name: &'static str,
    syntax: &Syntax,
    (positional, slot): (usize, usize),
    value: &'static str,
) {
    // What is no layer has no name, and is reported on as such; so is what is missing.
    let is_reported = syntax.layer.is_empty() || positional < syntax.positional.len();
    let holds = slot != IGNORED || is_reported;
    let template = "{} takes nothing in parentheses, but is given `({})`";
    Check::require(holds, template).text(syntax.layer).text(value).report(name);
}

/// What follows a layer's name.
pub struct Follow<'a> {
    /// Whether what stands around the layer may have layers in braces.
    pub inside: bool,
    /// What is said of the name, if nothing has it.
    pub meant: &'static str,
    /// How many positional arguments.
    pub positional: usize,
    /// The types among the arguments, and whether they are dimensions.
    pub types: &'a [(&'static str, bool)],
    /// How many stacks in braces.
    pub stacks: usize,
    /// The slots for one stack and for several.
    pub braces: [usize; 2],
    /// The slot of what the layer is tied to, if it is to anything.
    pub tie: Option<usize>,
}

impl Follow<'_> {
    /// Whether this may follow the name of a layer of this syntax. What is no layer has no name, and is
    /// reported on as such.
    pub const fn check(&self, syntax: &Syntax) -> Check {
        if !self.inside {
            return Check::REPORTED;
        }
        if syntax.layer.is_empty() {
            return Check::require(self.meant.is_empty(), self.meant);
        }
        let mut check = syntax.complete(self.positional);
        let mut i = 0;
        while i < self.types.len() {
            let (text, holds) = self.types[i];
            let template = "`{}` is no dimension: expected a number, a constant, an expression in \
                            braces or an integer of typenum";
            check = check.and(Check::require(holds, template).text(text));
            i += 1;
        }
        let untied = matches!(self.tie, Some(IGNORED));
        let template = "{} has no weight that could be tied to another's";
        check.and(self.stacks(syntax)).and(Check::require(!untied, template).text(syntax.layer))
    }

    /// Whether the layer takes these stacks. One that has slots for one and for several makes no
    /// difference, and takes one.
    const fn stacks(&self, syntax: &Syntax) -> Check {
        let (name, count, [one, several]) = (syntax.layer, self.stacks, self.braces);
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
            Check::require(count == 0, "{} takes no layers in braces").text(name)
        }
    }
}

/// Whether a layer with so many stacks in braces has a slot for one behind `around`.
pub const fn goes_around(syntax: &Syntax, stacks: usize, slot: usize) -> Check {
    // What is no layer has no name, and is reported on as such; so are stacks that it does not take.
    let holds = slot != IGNORED || syntax.layer.is_empty() || stacks == 0;
    Check::require(holds, "nothing goes around {}: `around { .. }` follows `Residual { .. }`")
        .text(syntax.layer)
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
