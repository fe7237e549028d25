//! Several stacks of layers over one input, and their outputs made one: what [`Concat`], [`Sum`] and
//! [`Product`] share.
//!
//! ```text
//! forward   y = [f(x); g(x); ..]  or  f(x) + g(x) + ..  or  f(x) g(x) ..
//! backward  dx = df(dy_f) + dg(dy_g) + ..
//! ```
//!
//! The parameters are a [`Pair`](crate::layer::Pair) of the first stack's and of those of the rest,
//! and so on: `concat1.first.conv`, `concat1.rest.first.conv`. As tensors, in a file for example,
//! stacks have numbers for names: `concat1.0.conv.weight`, `concat1.1.conv.weight`.
//!
//! [`Concat`]: super::Concat
//! [`Sum`]: super::Sum
//! [`Product`]: super::Product

use super::stacks::{Branched, SeveralStacks, Stacks, after, count};
use crate::kernel::{Buffer, Real, elementwise};
use crate::layer::{
    Arguments, Backward, Forward, Layer, LayerInfo, Memory, NoValue, Nonlinearity, Scratch, Steps,
    Syntax, Tape, Wrap,
};
use crate::shape::{Check, Shape, columns, columns_mut};
use core::marker::PhantomData;
use rand::Rng;

/// How the outputs of several stacks become one.
pub trait Combine: Copy + Send + Sync + 'static {
    /// The name of the layer.
    const NAME: &'static str;
    /// Whether it is taken number by number, and not channel beside channel: then the outputs have one
    /// shape, but for those that have one number for each channel.
    const IS_ELEMENTWISE: bool;
    /// Whether the gradients by the outputs depend on them.
    const NEEDS_OUTPUTS: bool;
    /// The shape that comes out.
    type Out<In: Shape, First: Layer<In>, Rest: Stacks<In>>: Shape;

    /// Makes `y`, a column of `size` numbers for each sample, of the outputs, which lie in `parts` one
    /// after the other.
    fn join<T: Real>(y: &mut [T], parts: &[T], size: usize, branches: Branched);

    /// The gradients by the outputs, into `gradients`, from that by `y`. There are no `parts` unless
    /// they are needed.
    fn split<T: Real>(gradients: &mut [T], dy: &[T], parts: &[T], size: usize, branches: Branched);
}

/// Stacks of layers over one input, whose outputs become one as `How` says.
#[derive(Clone, Copy, Debug, Default)]
pub struct Branches<How, Inner = ()>(PhantomData<(How, Inner)>);

impl<How: Combine, Inner> Arguments for Branches<How, Inner> {
    const SYNTAX: Syntax = Syntax { layer: How::NAME, positional: &[], keyed: &[] };
    type Value = NoValue;
}

impl<How, Inner: SeveralStacks> Wrap<Inner> for Branches<How> {
    type Output = Branches<How, Inner>;
}

/// What the branches keep.
pub struct BranchesTape<How, In: Shape, Inner: Layer<In>, T: Real> {
    inner: Inner::Tape<T>,
    /// The outputs; and in backward the gradients by them, unless both are needed.
    y: Buffer<T>,
    dy: Buffer<T>,
    /// The gradients by the input.
    dx: Buffer<T>,
    how: PhantomData<How>,
}

impl<How: Combine, In: Shape, Inner: Layer<In>, T: Real> BranchesTape<How, In, Inner, T> {
    /// Whether backward needs the outputs beside the gradients by them.
    const NEEDS_BOTH: bool = Inner::NEEDS_OUTPUT || How::NEEDS_OUTPUTS;
}

impl<How: Combine, In: Shape, Inner: Layer<In>, T: Real> Tape for BranchesTape<How, In, Inner, T> {
    const MEMORY: Memory = <Inner::Tape<T> as Tape>::MEMORY
        .and(Memory::per_column(Inner::Out::SIZE).after(Inner::STEPS))
        .and(
            Memory::per_column(if Self::NEEDS_BOTH { Inner::Out::SIZE } else { 0 })
                .after(Inner::STEPS),
        )
        .and(Memory::per_column(count(Inner::LAYERS) * In::SIZE));
    const INFERENCE: Memory = <Inner::Tape<T> as Tape>::INFERENCE
        .and(Memory::per_column(Inner::Out::SIZE).after(Inner::STEPS));
    const SCRATCH: Scratch = <Inner::Tape<T> as Tape>::SCRATCH;

    fn new(columns: usize, lanes: usize, training: bool) -> Self {
        let size = Inner::Out::SIZE * Inner::STEPS.columns(columns, lanes);
        let inputs = count(Inner::LAYERS) * In::SIZE * columns;
        Self {
            inner: Tape::new(columns, lanes, training),
            y: Buffer::zeroed(size),
            dy: Buffer::zeroed(if training && Self::NEEDS_BOTH { size } else { 0 }),
            dx: Buffer::zeroed(if training { inputs } else { 0 }),
            how: PhantomData,
        }
    }
}

impl<How: Combine, In: Shape, A, B, Rest> Layer<In> for Branches<How, (A, (B, Rest))>
where
    A: Layer<In>,
    B: Layer<In>,
    Rest: Stacks<In>,
{
    type Out = How::Out<In, A, (B, Rest)>;
    crate::keeps! {
        params: <(A, (B, Rest)) as Layer<In>>::Params<T>,
        stats: <(A, (B, Rest)) as Layer<In>>::Stats<T>,
        state: <(A, (B, Rest)) as Layer<In>>::State<T>,
        tape: BranchesTape<How, In, (A, (B, Rest)), T>,
    }

    const CHECK: Check = <(A, (B, Rest))>::CHECK.and(agree::<How>(Self::LAYERS));
    const TAKES_IDS: bool = A::TAKES_IDS;
    const OPERATIONS: usize = {
        let elementwise = How::IS_ELEMENTWISE as usize * (count(Self::LAYERS) - 1);
        let combined = <Self::Out as Shape>::SIZE.saturating_mul(elementwise);
        <(A, (B, Rest))>::OPERATIONS.saturating_add(Self::STEPS.of(combined))
    };
    const NONLINEARITY: Nonlinearity = A::NONLINEARITY;
    // Branches that disagree are complained of here, and not once more by what is around.
    const STEPS: Steps =
        if agree::<How>(Self::LAYERS).is_ok() { all(Self::LAYERS) } else { Steps::KEPT };
    const LOOKS_BACK: usize = <(A, (B, Rest))>::LOOKS_BACK;
    const MIXES_LANES: bool = <(A, (B, Rest))>::MIXES_LANES;
    const LAYERS: &'static [LayerInfo] = <(A, (B, Rest))>::LAYERS;

    fn init<T: Real>(
        params: &mut Self::Params<T>,
        stats: &mut Self::Stats<T>,
        follows: Nonlinearity,
        rng: &mut dyn Rng,
    ) {
        <(A, (B, Rest))>::init(params, stats, follows, rng);
    }

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { params, stats, state, tape, x, ids, mut y, mut cx } = pass;
        let len = y.ncols() * <(A, (B, Rest)) as Layer<In>>::Out::SIZE;
        let outputs = &mut tape.y[..len];
        <(A, (B, Rest))>::forward(Forward {
            params,
            stats,
            state,
            tape: &mut tape.inner,
            x,
            ids,
            y: columns_mut(outputs),
            cx: cx.inner(),
        });
        How::join(y.as_mut_slice(), outputs, Self::Out::SIZE, Self::LAYERS);
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { params, gradient, tape, x, ids, dy, mut dx, mut cx, .. } = pass;
        let len = dy.ncols() * <(A, (B, Rest)) as Layer<In>>::Out::SIZE;
        let (y, own): (&[T], _) = if Self::Tape::<T>::NEEDS_BOTH {
            (&tape.y[..len], &mut tape.dy[..len])
        } else {
            (&[], &mut tape.y[..len])
        };
        How::split(own, dy.as_slice(), y, Self::Out::SIZE, Self::LAYERS);
        let parts = &mut tape.dx[..count(Self::LAYERS) * x.len()];
        <(A, (B, Rest))>::backward(Backward {
            params,
            gradient,
            tape: &mut tape.inner,
            x,
            ids,
            y: columns(if <(A, (B, Rest))>::NEEDS_OUTPUT { y } else { &[] }),
            dy: columns_mut(own),
            dx: dx.is_some().then(|| columns_mut(parts)),
            cx: cx.inner(),
        });
        if let Some(dx) = &mut dx {
            let mut parts = parts.chunks_exact(x.len().max(1));
            if let (Some(a), Some(b)) = (parts.next(), parts.next()) {
                elementwise::zip_into(dx.as_mut_slice(), a, b, |a, b| a + b);
            }
            parts.for_each(|part| elementwise::add(dx.as_mut_slice(), part));
        }
    }

    fn observe<T: Real>(stats: &mut Self::Stats<T>, tape: &Self::Tape<T>) {
        <(A, (B, Rest))>::observe(stats, &tape.inner);
    }
}

/// That the branches agree in their shapes, as far as `How` asks for it, and steps; what is unknown
/// has been complained of.
const fn agree<How: Combine>(layers: Branched) -> Check {
    let LayerInfo { output: first, steps, .. } = layers[0];
    let (mut others, mut number) = (after(layers), 2);
    let mut check = Check::OK;
    while let [other, ..] = others {
        let ([channels, height, width], [c, h, w]) = (first, other.output);
        let unknown = channels * height * width == 0 || c * h * w == 0;
        let alike = height == h && width == w && (!How::IS_ELEMENTWISE || channels == c);
        let for_channels = How::IS_ELEMENTWISE && channels == c && h * w == 1;
        let template = if How::IS_ELEMENTWISE && height * width > 1 {
            "its branches disagree: branch 1 gives `{}`, branch {} gives `{}`, but must give \
             the same or `{}`"
        } else {
            "its branches disagree: branch 1 gives `{}`, branch {} gives `{}`"
        };
        let holds = Check::require(unknown || alike || for_channels, template);
        let holds = holds.dims(first).number(number).dims(other.output).dims([channels, 1, 1]);
        check = check.and(holds);
        check = check.and(in_step((steps, 1), (other.steps, number)));
        (others, number) = (after(others), number + 1);
    }
    check
}

/// That two branches, each with its number, make as many steps of a sequence.
const fn in_step((a, first): (Steps, usize), (b, second): (Steps, usize)) -> Check {
    let agree = a.agrees_with(b);
    match (a, b) {
        (Steps::One { .. }, Steps::Rate { .. }) => in_step((b, second), (a, first)),
        (Steps::Rate { takes, gives }, Steps::One { .. }) if takes != gives => {
            let template = "its branches disagree: branch {} leaves one step of each sequence, \
                            branch {} makes {} of every {}";
            let check = Check::require(agree, template).number(second).number(first);
            check.number(gives).number(takes)
        }
        (_, Steps::One { .. }) => {
            let template = "its branches disagree: branch {} leaves one step of each sequence, \
                            branch {} keeps all";
            Check::require(agree, template).number(second).number(first)
        }
        (Steps::Rate { .. }, _) if a.are_kept() && !b.are_kept() => {
            in_step((b, second), (a, first))
        }
        (Steps::Rate { takes, gives }, _) if b.are_kept() => {
            let template =
                "its branches disagree: branch {} makes {} of every {} steps, branch {} keeps all";
            let check = Check::require(agree, template).number(first).number(gives).number(takes);
            check.number(second)
        }
        (Steps::Rate { takes, gives }, Steps::Rate { takes: others, gives: theirs }) => {
            let template = "its branches disagree: branch {} makes {} of every {} steps, branch {} \
                            makes {} of every {}";
            let check = Check::require(agree, template).number(first).number(gives).number(takes);
            check.number(second).number(theirs).number(others)
        }
    }
}

/// What all branches do to the number of steps.
const fn all(layers: Branched) -> Steps {
    let mut all = layers[0].steps;
    let mut others = after(layers);
    while let [other, ..] = others {
        all = all.beside(other.steps);
        others = after(others);
    }
    all
}
