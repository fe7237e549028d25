//! What `network!` has the compiler check.

use crate::kernel::Real;
use crate::layer::{Layer, LayerInfo, Plain, SharesWeight, Steps, TakesWeight};
use crate::shape::{Check, Shape, dims};

/// The largest dimension: types hold 32 bits, and a larger one is a slip.
const LARGEST: usize = u32::MAX as usize;

/// The most scalars that there can be of anything: as many `f32` as an address space of 47 bits
/// holds, which is what a process is given today.
const MOST: usize = (if usize::BITS > 47 { 1 << 47 } else { isize::MAX as usize }) / 4;

/// Whether a constant can be a dimension.
///
/// # Panics
/// When not: the compile error.
#[track_caller]
pub const fn dimension(value: usize, text: &'static str) {
    Check::require(value <= LARGEST, "`{}` is {}, but a dimension must be at most {}")
        .text(text)
        .number(value)
        .number(LARGEST)
        .report_bare();
}

/// Whether a shape that the user declares can exist.
///
/// # Panics
/// When not: the compile error.
#[track_caller]
pub const fn shape<S: Shape>() {
    Check::require(S::SIZE > 0, "a dimension of `{}` is zero").shape::<S>().report_bare();
    Check::require(S::SIZE <= MOST, "`{}` is too large for the address space")
        .shape::<S>()
        .report_bare();
}

/// Whether the layer can follow the shape, and its arguments are as they should be.
///
/// # Panics
/// When not: the compile error.
#[track_caller]
pub const fn verify<L: Layer<In>, In: Shape>(name: &'static str, arguments: Check) {
    arguments.report(name);
    // A shape that is unknown, because of a mistake further up, is no mistake of this layer.
    if arguments.is_ok() && is_known::<In>() {
        check::<L, In>().and(exists::<L, In>()).report(name);
    }
}

/// What is wrong with a layer after a shape: that it is given ids where it takes numbers, or the
/// other way round, or what it says itself.
pub const fn check<L: Layer<In>, In: Shape>() -> Check {
    let ids = "it takes token ids, but is given numbers: it comes first in a network that takes a \
               `Token<vocabulary>` or a `Bag<vocabulary, count>`";
    Check::require(L::TAKES_IDS || In::NUMERIC, NUMBERS)
        .and(Check::require(!L::TAKES_IDS || !In::NUMERIC, ids))
        .and(L::CHECK)
}

/// That what is around a stack is given numbers: nothing of it is said where the stack's output is
/// unknown, since a layer inside has been told.
pub const fn takes_numbers<In: Shape, Inside: Shape>() -> Check {
    Check::require(In::NUMERIC || !is_known::<Inside>(), NUMBERS)
}

const NUMBERS: &str = "it takes numbers, but is given token ids: embed them first";

/// As [`check`], of the layer `name` in a network that is generic in its dimensions. A shape that is
/// unknown, because of a mistake further up, is no mistake of this layer.
pub const fn check_inside<L: Layer<In>, In: Shape>(name: &'static str) -> Check {
    if is_known::<In>() { check::<L, In>().within(name) } else { Check::OK }
}

/// The dimensions that a layer gives; all zero, for unknown, when the layer is a mistake, so that
/// those after it are not reported on until one makes the shape known again.
///
/// A type is made of this, so [`Layer`] must not be implemented for all types with some property:
/// the compiler would look through the network for that property while it resolves `L::CHECK`.
pub const fn output<L: Layer<In>, In: Shape>(arguments: Check) -> [usize; 3] {
    let is_sound = arguments.is_ok()
        && check::<L, In>().is_ok()
        && exists::<L, In>().is_ok()
        && is_whole(L::LAYERS);
    if is_sound { dims::<L::Out>() } else { [0; 3] }
}

/// Whether the shape of every stack is known, of those side by side in a layer: they have no names.
const fn is_whole(layers: &'static [LayerInfo]) -> bool {
    match layers {
        [first, rest @ ..] if first.name.is_empty() => {
            let [c, h, w] = first.output;
            let rest: &[LayerInfo] = if let [rest, ..] = rest { rest.layers } else { &[] };
            c > 0 && h > 0 && w > 0 && is_whole(rest)
        }
        _ => true,
    }
}

const fn is_known<S: Shape>() -> bool {
    S::SIZE > 0 && S::SIZE <= MOST
}

const fn exists<L: Layer<In>, In: Shape>() -> Check {
    let parameters = <L::Params<f32> as Plain<f32>>::LEN;
    let [c, h, w] = dims::<L::Out>();
    let size = c.saturating_mul(h).saturating_mul(w);
    let fits = size <= MOST && c <= LARGEST && h <= LARGEST && w <= LARGEST;
    Check::require(fits, "its output `{}` is too large for the address space").dims([c, h, w]).and(
        Check::require(parameters <= MOST, "its {} parameters are too many for the address space")
            .number(parameters),
    )
}

/// Whether the shape that the network declares is the one that its last layer gives.
///
/// # Panics
/// When not: the compile error.
#[track_caller]
pub const fn declared<Declared: Shape, Given: Shape>(network: &'static str, last: &'static str) {
    gives::<Declared, Given>(last).report_network(network);
}

/// Whether the shape that a network declares is the one that its last layer gives, if
/// that is known.
pub const fn gives<Declared: Shape, Given: Shape>(last: &'static str) -> Check {
    Check::require(
        !is_known::<Given>() || equal(Declared::DIMS, Given::DIMS),
        "its output is declared as `{}`, but its last layer `{}` gives `{}`",
    )
    .shape::<Declared>()
    .text(last)
    .shape::<Given>()
}

/// Whether the layers of a stack can follow each other as far as the number of steps goes.
pub const fn steps<const LAYERS: usize>(
    names: [&'static str; LAYERS],
    steps: [Steps; LAYERS],
) -> Check {
    let before = Steps::before(steps);
    let mut i = 0;
    while i < LAYERS {
        let one_is_left = matches!(before[i], Steps::One { .. });
        if let (true, Steps::Rate { takes, gives }) = (one_is_left, steps[i]) {
            let template = "layer `{}` makes {} of every {} steps, but the layers before it have left \
                            one of each sequence";
            if takes > 1 || gives > 1 {
                return Check::require(false, template).text(names[i]).number(gives).number(takes);
            }
        }
        i += 1;
    }
    Check::OK
}

/// Whether a network that takes `Takes` can follow `Given`.
pub const fn accepts<Takes: Shape, Given: Shape>(network: &'static str) -> Check {
    let same = equal(Takes::DIMS, Given::DIMS) && Takes::NUMERIC == Given::NUMERIC;
    Check::require(same, "{} takes `{}`, but is given `{}`")
        .text(network)
        .shape::<Takes>()
        .shape::<Given>()
}

/// Whether what stands in the place of a layer is one, whatever the shape before it.
pub const fn is_layer(holds: bool) -> Check {
    Check::require(holds, "this is no layer: `Layer` is not implemented for it")
}

/// Whether a layer can share the weight of an earlier one, given the rows and columns that the one
/// needs and the other has, if it does.
pub const fn tie<In: Shape, OwnerIn: Shape>(
    needs: Option<[usize; 2]>,
    (owner, has): (&'static str, Option<[usize; 2]>),
) -> Check {
    // What cannot be tied has been reported as such.
    let holds = has.is_some() || needs.is_none();
    let check = Check::require(holds, "it is tied to `{}`, which has no weight").text(owner);
    match (needs, has) {
        (Some(needs), Some(has)) if is_known::<In>() && is_known::<OwnerIn>() => check.and(
            Check::require(
                needs[0] == has[0] && needs[1] == has[1],
                "it needs a weight of {}x{}, but that of `{}`, to which it is tied, is {}x{}",
            )
            .number(needs[0])
            .number(needs[1])
            .text(owner)
            .number(has[0])
            .number(has[1]),
        ),
        _ => check,
    }
}

/// The weight that a layer shares or takes. What [`NoWeight`] says stands in for a layer that does
/// neither: the functions here are found first, but only where the bound holds.
pub struct Weight<L, In>(core::marker::PhantomData<(L, In)>);

/// See [`Weight`].
pub trait NoWeight {
    /// No weight is needed.
    const NEEDS: Option<[usize; 2]> = None;
    /// There is no weight.
    const HAS: Option<[usize; 2]> = None;

    /// No weight.
    fn weight<P, T>(_: &P) -> &[T] {
        &[]
    }

    /// No weight.
    fn weight_mut<P, T>(_: &mut P) -> &mut [T] {
        &mut []
    }
}

impl<L, In> NoWeight for Weight<L, In> {}

impl<L: TakesWeight<In>, In: Shape> Weight<L, In> {
    /// Rows and columns that are needed.
    pub const NEEDS: Option<[usize; 2]> = Some(L::WEIGHT);
}

impl<L: SharesWeight<In>, In: Shape> Weight<L, In> {
    /// Rows and columns that there are.
    pub const HAS: Option<[usize; 2]> = Some(L::WEIGHT);

    /// The weight.
    pub fn weight<T: Real>(params: &L::Params<T>) -> &[T] {
        L::weight(params)
    }

    /// The weight, to be written.
    pub fn weight_mut<T: Real>(params: &mut L::Params<T>) -> &mut [T] {
        L::weight_mut(params)
    }
}

const fn equal(a: [usize; 3], b: [usize; 3]) -> bool {
    a[0] == b[0] && a[1] == b[1] && a[2] == b[2]
}

/// That two shapes are one, if both are known; the template has two holes, for the one and the
/// other.
pub const fn same_shape<A: Shape, B: Shape>(template: &'static str) -> Check {
    let (a, b) = (A::DIMS, B::DIMS);
    let same = a[0] == b[0] && a[1] == b[1] && a[2] == b[2];
    Check::require(same || A::SIZE == 0 || B::SIZE == 0, template).shape::<A>().shape::<B>()
}
