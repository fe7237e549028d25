//! Whole networks: what `network!` implements, and what it has the compiler check.

use crate::check::Check;
use crate::data::Sample;
use crate::kernel::Real;
use crate::layer::{Layer, SharesWeight, TakesWeight};
use crate::memory::{Memory, Tape, differs};
use crate::plain::Plain;
use crate::shape::Shape;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// A network with concrete dimensions, as `network!` declares it.
///
/// Its facts are constants, so that a program can insist on them:
///
/// ```
/// use formwork::prelude::*;
///
/// network! {
///     struct Gate: Vector<2> => Vector<1> { fc1: Dense<8>, Tanh, fc2: Dense<1> }
/// }
///
/// const _: () = assert!(Gate::PARAMETERS == 2 * 8 + 8 + 8 + 1);
/// const _: () = assert!(Gate::PARAMETER_BYTES < 1024);
/// const _: () = assert!(Gate::WORKSPACE.bytes(32) < 16 * 1024);
/// ```
pub trait Network: Layer<Self::Input, Out = Self::Output> {
    /// The shape that goes in.
    type Input: Shape;
    /// The shape that comes out.
    type Output: Shape;
    /// What one sample is, in plain numbers.
    type Sample: Sample;
    /// The number of outputs, in plain numbers.
    type Outputs;
    /// The network's name.
    const NAME: &'static str;

    /// The number of trained parameters.
    const PARAMETERS: usize = <Self::Params<f32> as Plain<f32>>::LEN;
    /// Bytes of the trained parameters in `f32`.
    const PARAMETER_BYTES: usize = 4 * Self::PARAMETERS;
    /// Memory that training needs beside the parameters and their gradient: activations, their
    /// gradients, what layers keep for backward, and outputs. Each piece of it is rounded up to a
    /// multiple of 64 bytes.
    const WORKSPACE: Memory = <Self::Tape<f32> as Tape>::MEMORY
        .and(<Self::Tape<f32> as Tape>::SCRATCH.memory())
        .and(copy_of::<Self::Input>())
        .and(Memory::per_column(2 * Self::Output::SIZE))
        .and(copy_of::<Self::Output>())
        .and(copy_of::<Self::Output>());
    /// Floating-point operations of a forward pass, for one sample.
    const FLOP: usize = Self::OPERATIONS;

    /// The network as a table: layers, output shapes, parameters, operations.
    ///
    /// ```
    /// use formwork::prelude::*;
    ///
    /// network! {
    ///     struct Gate: Vector<2> => Vector<1> { fc1: Dense<8>, Tanh, fc2: Dense<1> }
    /// }
    /// assert!(Gate::summary().contains("Dense<8>"));
    /// ```
    fn summary() -> String {
        summary::<Self>()
    }
}

/// Memory for the columns of a shape in another order, where the two orders differ.
const fn copy_of<S: Shape>() -> Memory {
    Memory::per_column(if differs::<S>() { S::SIZE } else { 0 })
}

/// A number of outputs.
#[derive(Clone, Copy, Debug)]
pub struct Outputs<const N: usize>;

/// What there is to know of a layer in its place.
#[derive(Clone, Copy, Debug)]
pub struct LayerInfo {
    /// Its name.
    pub name: &'static str,
    /// Its declaration.
    pub declared: &'static str,
    /// Channels, height and width of its output.
    pub output: [usize; 3],
    /// Its trained parameters.
    pub parameters: usize,
    /// Its floating-point operations for one column.
    pub operations: usize,
    /// The layers inside.
    pub layers: &'static [LayerInfo],
}

impl LayerInfo {
    /// Of the layer `L` after a shape `In`.
    pub const fn of<L: Layer<In>, In: Shape>(name: &'static str, declared: &'static str) -> Self {
        Self {
            name,
            declared,
            output: <L::Out as Shape>::DIMS,
            parameters: <L::Params<f32> as Plain<f32>>::LEN,
            operations: L::OPERATIONS,
            layers: L::LAYERS,
        }
    }
}

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
    if is_known::<In>() {
        L::CHECK.and(exists::<L, In>()).report(name);
    }
}

/// The dimensions that a layer gives; all zero, for unknown, when the layer is a mistake, so that
/// those after it are not reported on until one makes the shape known again.
///
/// A type is made of this, so [`Layer`] must not be implemented for all types with some property:
/// the compiler would look through the network for that property while it resolves `L::CHECK`.
pub const fn output<L: Layer<In>, In: Shape>() -> [usize; 3] {
    let is_sound = L::CHECK.is_ok() && exists::<L, In>().is_ok();
    if is_sound { <L::Out as Shape>::DIMS } else { [0; 3] }
}

const fn is_known<S: Shape>() -> bool {
    S::SIZE > 0 && S::SIZE <= MOST
}

const fn exists<L: Layer<In>, In: Shape>() -> Check {
    let parameters = <L::Params<f32> as Plain<f32>>::LEN;
    let [c, h, w] = <L::Out as Shape>::DIMS;
    let fits = <L::Out as Shape>::SIZE <= MOST && c <= LARGEST && h <= LARGEST && w <= LARGEST;
    Check::require(fits, "its output `{}` is too large for the address space")
        .shape::<L::Out>()
        .and(
            Check::require(
                parameters <= MOST,
                "its {} parameters are too many for the address space",
            )
            .number(parameters),
        )
}

/// Whether the shape that the network declares is the one that its last layer gives.
///
/// # Panics
/// When not: the compile error.
#[track_caller]
pub const fn declared<Declared: Shape, L: Layer<In>, In: Shape>(
    network: &'static str,
    last: &'static str,
) {
    if is_known::<L::Out>() && L::CHECK.is_ok() {
        gives::<Declared, L::Out>(last).report_network(network);
    }
}

/// Whether the shape that a network declares is the one that its last layer gives.
pub const fn gives<Declared: Shape, Given: Shape>(last: &'static str) -> Check {
    Check::require(
        equal(Declared::DIMS, Given::DIMS),
        "its output is declared as `{}`, but its last layer `{}` gives `{}`",
    )
    .shape::<Declared>()
    .text(last)
    .shape::<Given>()
}

/// Whether a network that takes `Takes` can follow `Given`.
pub const fn accepts<Takes: Shape, Given: Shape>(network: &'static str) -> Check {
    let same = equal(Takes::DIMS, Given::DIMS) && Takes::NUMERIC == Given::NUMERIC;
    Check::require(same, "{} takes `{}`, but is given `{}`")
        .text(network)
        .shape::<Takes>()
        .shape::<Given>()
}

/// Whether a layer can share the weight of an earlier one, given the rows and columns that the one
/// needs and the other has, if it does.
///
/// # Panics
/// When not: the compile error.
#[track_caller]
pub const fn tied<In: Shape, OwnerIn: Shape>(
    (name, needs): (&'static str, Option<[usize; 2]>),
    (owner, has): (&'static str, Option<[usize; 2]>),
) {
    Check::require(needs.is_some(), "it has no weight that could be tied to another's")
        .and(Check::require(has.is_some(), "it is tied to `{}`, which has no weight").text(owner))
        .report(name);
    if let (Some(needs), Some(has), true) = (needs, has, is_known::<In>() && is_known::<OwnerIn>())
    {
        Check::require(
            needs[0] == has[0] && needs[1] == has[1],
            "it needs a weight of {}x{}, but that of `{}`, to which it is tied, is {}x{}",
        )
        .number(needs[0])
        .number(needs[1])
        .text(owner)
        .number(has[0])
        .number(has[1])
        .report(name);
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

fn summary<N: Network + ?Sized>() -> String {
    let mut rows = Vec::from([[
        "layer".to_string(),
        "declared as".to_string(),
        "output".to_string(),
        "parameters".to_string(),
        "operations".to_string(),
    ]]);
    push_rows(&mut rows, N::LAYERS, 0);
    rows.push([
        "total".to_string(),
        String::new(),
        String::new(),
        grouped(N::PARAMETERS),
        grouped(N::OPERATIONS),
    ]);
    let widths: [usize; 5] = core::array::from_fn(|column| {
        rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0)
    });
    let mut text = format!("{}: {} => {}\n", N::NAME, dims(N::Input::DIMS), dims(N::Output::DIMS));
    let line = |rule: &str| widths.map(|width| rule.repeat(width)).join("  ");
    for (i, row) in rows.iter().enumerate() {
        if i == 1 || i + 1 == rows.len() {
            text += &line("-");
            text.push('\n');
        }
        let cells: [String; 5] = core::array::from_fn(|column| {
            let (cell, width) = (&row[column], widths[column]);
            if column < 2 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        });
        text += cells.join("  ").trim_end();
        text.push('\n');
    }
    text
}

fn push_rows(rows: &mut Vec<[String; 5]>, layers: &[LayerInfo], depth: usize) {
    for layer in layers {
        rows.push([
            format!("{}{}", "  ".repeat(depth), layer.name),
            layer.declared.to_string(),
            dims(layer.output),
            grouped(layer.parameters),
            grouped(layer.operations),
        ]);
        push_rows(rows, layer.layers, depth + 1);
    }
}

/// `16x28x28`, or `100` for a vector.
fn dims([c, h, w]: [usize; 3]) -> String {
    if h == 1 && w == 1 { c.to_string() } else { format!("{c}x{h}x{w}") }
}

/// `12,345`
fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
