//! Several stacks of layers over one input, their outputs side by side as channels (Szegedy et
//! al., 2015).
//!
//! ```text
//! forward   y = [f(x); g(x); ..]
//! backward  dx = df(dy_f) + dg(dy_g) + ..
//! ```
//!
//! Shapes: `C_f x H x W`, `C_g x H x W`, .. become `(C_f + C_g + ..) x H x W`; vectors, which are
//! images of one pixel, are appended to each other.

use crate::declare;
use crate::kernel::{Buffer, Real, elementwise, parallel};
use crate::layer::{
    Arguments, Backward, Forward, Layer, LayerInfo, Memory, NoValue, Nonlinearity, Pair, Scratch,
    Steps, Syntax, Tape, Wrap,
};
use crate::shape::{Check, Dimension, Image, Shape, columns, columns_mut};
use core::marker::PhantomData;
use core::ops::Range;
use rand::Rng;
use typenum::{U0, U1};

/// Puts the outputs of two or more stacks side by side: `Concat { { conv: .. }, { pool: .. } }`.
///
/// The parameters are a [`Pair`] of the first stack's and of those of the rest, and so on:
/// `concat1.first.conv`, `concat1.rest.first.conv`. As tensors, in a file for example, stacks have
/// numbers for names: `concat1.0.conv.weight`, `concat1.1.conv.weight`.
///
/// ```
/// use formwork::prelude::*;
///
/// network! {
///     struct WideAndDeep: Vector<4> => Vector<1> {
///         Concat { { wide: Dense<2> }, { hidden: Dense<8>, Relu, deep: Dense<3> } },
///         out: Dense<1>,
///     }
/// }
/// assert_eq!(WideAndDeep::PARAMETERS, (4 * 2 + 2) + (4 * 8 + 8 + 8 * 3 + 3) + (2 + 3 + 1));
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Concat<Inner = ()>(PhantomData<Inner>);

impl<Inner> Arguments for Concat<Inner> {
    const SYNTAX: Syntax = Syntax { layer: "Concat", positional: &[], keyed: &[] };
    type Value = NoValue;
}

impl<Inner: SeveralStacks> Wrap<Inner> for Concat {
    type Output = Concat<Inner>;
}

/// Two stacks or more.
#[diagnostic::on_unimplemented(
    message = "Concat takes two stacks or more, each in braces: `Concat {{ {{ .. }}, {{ .. }} }}`",
    label = "has one stack only"
)]
pub trait SeveralStacks {}

impl<A, B, Rest> SeveralStacks for (A, (B, Rest)) {}

/// What the branches keep.
pub struct ConcatTape<In: Shape, Inner: Layer<In>, T: Real> {
    inner: Inner::Tape<T>,
    /// The outputs; and in backward the gradients by them, unless a branch wants to see both.
    y: Buffer<T>,
    dy: Buffer<T>,
    /// The gradients by the input.
    dx: Buffer<T>,
}

impl<In: Shape, Inner: Layer<In>, T: Real> Tape for ConcatTape<In, Inner, T> {
    const MEMORY: Memory = <Inner::Tape<T> as Tape>::MEMORY
        .and(Memory::per_column(Inner::Out::SIZE))
        .and(Memory::per_column(if Inner::NEEDS_OUTPUT { Inner::Out::SIZE } else { 0 }))
        .and(Memory::per_column(count(Inner::LAYERS) * In::SIZE));
    const SCRATCH: Scratch = <Inner::Tape<T> as Tape>::SCRATCH;

    fn new(columns: usize, lanes: usize, training: bool) -> Self {
        let size = Inner::Out::SIZE * Inner::STEPS.columns(columns, lanes);
        let inputs = count(Inner::LAYERS) * In::SIZE * columns;
        Self {
            inner: Tape::new(columns, lanes, training),
            y: Buffer::zeroed(size),
            dy: Buffer::zeroed(if training && Inner::NEEDS_OUTPUT { size } else { 0 }),
            dx: Buffer::zeroed(if training { inputs } else { 0 }),
        }
    }
}

impl<In: Shape, A: Layer<In>, B, Rest> Layer<In> for Concat<(A, (B, Rest))>
where
    B: Layer<In>,
    Rest: Layer<In>,
{
    type Out = Stacked<In, A, (B, Rest)>;
    crate::keeps! {
        params: <(A, (B, Rest)) as Layer<In>>::Params<T>,
        stats: <(A, (B, Rest)) as Layer<In>>::Stats<T>,
        state: <(A, (B, Rest)) as Layer<In>>::State<T>,
        tape: ConcatTape<In, (A, (B, Rest)), T>,
    }

    const CHECK: Check = <(A, (B, Rest))>::CHECK.and(agree(Self::LAYERS));
    const TAKES_IDS: bool = A::TAKES_IDS;
    const OPERATIONS: usize = <(A, (B, Rest))>::OPERATIONS;
    const NONLINEARITY: Nonlinearity = A::NONLINEARITY;
    const STEPS: Steps = A::STEPS;
    const LOOKS_BACK: usize = <(A, (B, Rest))>::LOOKS_BACK;
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
        let outputs = &mut tape.y[..y.len()];
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
        join(y.as_mut_slice(), outputs, Self::Out::DIMS[0], Self::LAYERS);
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { params, gradient, tape, x, ids, dy, mut dx, mut cx, .. } = pass;
        let (y, own): (&[T], _) = if <(A, (B, Rest))>::NEEDS_OUTPUT {
            (&tape.y[..dy.len()], &mut tape.dy[..dy.len()])
        } else {
            (&[], &mut tape.y[..dy.len()])
        };
        split(own, dy.as_slice(), Self::Out::DIMS[0], Self::LAYERS);
        let parts = &mut tape.dx[..count(Self::LAYERS) * x.len()];
        <(A, (B, Rest))>::backward(Backward {
            params,
            gradient,
            tape: &mut tape.inner,
            x,
            ids,
            y: columns(y),
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

/// The shape of a stack's output beside those of the rest.
type Stacked<In, A, Rest> = Image<
    <<<A as Layer<In>>::Out as Shape>::Channels as Dimension>::Plus<
        <<Rest as Layer<In>>::Out as Shape>::Channels,
    >,
    <<A as Layer<In>>::Out as Shape>::Height,
    <<A as Layer<In>>::Out as Shape>::Width,
>;

/// A stack and those after it, in [`Concat`] alone: what comes out, and the gradients by it and by
/// the input, lie stack after stack, each as all its columns.
impl<In: Shape, A: Layer<In>, Rest: Layer<In>> Layer<In> for (A, Rest) {
    type Out = Stacked<In, A, Rest>;
    crate::keeps! {
        params: Pair<A::Params<T>, Rest::Params<T>>,
        stats: Pair<A::Stats<T>, Rest::Stats<T>>,
        state: (A::State<T>, Rest::State<T>),
        tape: (A::Tape<T>, Rest::Tape<T>),
    }

    const CHECK: Check = declare::check::<A, In>().and(declare::check::<Rest, In>());
    const TAKES_IDS: bool = A::TAKES_IDS;
    const OPERATIONS: usize = A::OPERATIONS.saturating_add(Rest::OPERATIONS);
    const NEEDS_OUTPUT: bool = A::NEEDS_OUTPUT || Rest::NEEDS_OUTPUT;
    const LOOKS_BACK: usize =
        if A::LOOKS_BACK > Rest::LOOKS_BACK { A::LOOKS_BACK } else { Rest::LOOKS_BACK };
    const STEPS: Steps = A::STEPS;
    const LAYERS: &'static [LayerInfo] =
        &[LayerInfo::of::<A, In>("", "{ .. }"), LayerInfo::of::<Rest, In>("", "")];

    fn init<T: Real>(
        params: &mut Self::Params<T>,
        stats: &mut Self::Stats<T>,
        follows: Nonlinearity,
        rng: &mut dyn Rng,
    ) {
        A::init(&mut params.first, &mut stats.first, follows, rng);
        Rest::init(&mut params.rest, &mut stats.rest, follows, rng);
    }

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { params, stats, state, tape, x, ids, mut y, mut cx } = pass;
        let len = A::Out::SIZE * A::STEPS.columns(x.ncols() + ids.ncols(), cx.lanes);
        let (y, rest) = y.as_mut_slice().split_at_mut(len);
        A::forward(Forward {
            params: &params.first,
            stats: &stats.first,
            state: &mut state.0,
            tape: &mut tape.0,
            x,
            ids,
            y: columns_mut(y),
            cx: cx.same(),
        });
        Rest::forward(Forward {
            params: &params.rest,
            stats: &stats.rest,
            state: &mut state.1,
            tape: &mut tape.1,
            x,
            ids,
            y: columns_mut(rest),
            cx,
        });
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { params, gradient, tape, x, ids, y, mut dy, mut dx, mut cx } = pass;
        let n = x.ncols() + ids.ncols();
        let len = A::Out::SIZE * A::STEPS.columns(n, cx.lanes);
        let (y, rest_y) = y.as_slice().split_at(len.min(y.len()));
        let (dy, rest_dy) = dy.as_mut_slice().split_at_mut(len);
        let (dx, rest_dx) = dx.as_mut().map(|dx| dx.columns_range_pair_mut(..n, n..)).unzip();
        A::backward(Backward {
            params: &params.first,
            gradient: &mut gradient.first,
            tape: &mut tape.0,
            x,
            ids,
            y: columns(y),
            dy: columns_mut(dy),
            dx,
            cx: cx.same(),
        });
        Rest::backward(Backward {
            params: &params.rest,
            gradient: &mut gradient.rest,
            tape: &mut tape.1,
            x,
            ids,
            y: columns(rest_y),
            dy: columns_mut(rest_dy),
            dx: rest_dx,
            cx,
        });
    }

    fn observe<T: Real>(stats: &mut Self::Stats<T>, tape: &Self::Tape<T>) {
        A::observe(&mut stats.first, &tape.0);
        Rest::observe(&mut stats.rest, &tape.1);
    }
}

/// The end of the stacks.
impl<In: Shape> Layer<In> for () {
    type Out = Image<U0, U1, U1>;
    crate::keeps! {}

    const TAKES_IDS: bool = !In::NUMERIC;

    fn forward<T: Real>(_: Forward<'_, Self, In, T>) {}

    fn backward<T: Real>(_: Backward<'_, Self, In, T>) {}
}

/// Of the layers inside a pair, those of the rest.
const fn after(layers: &'static [LayerInfo]) -> &'static [LayerInfo] {
    match layers {
        [_, rest] => rest.layers,
        _ => &[],
    }
}

/// The number of branches.
const fn count(mut layers: &'static [LayerInfo]) -> usize {
    let mut count = 0;
    while !layers.is_empty() {
        (count, layers) = (count + 1, after(layers));
    }
    count
}

/// That the branches agree in height, width and steps; what is unknown has been complained of.
const fn agree(layers: &'static [LayerInfo]) -> Check {
    let LayerInfo { output: first, steps, .. } = layers[0];
    let (mut others, mut number) = (after(layers), 2);
    let mut check = Check::OK;
    while let [other, ..] = others {
        let ([channels, height, width], [c, h, w]) = (first, other.output);
        let unknown = channels * height * width == 0 || c * h * w == 0;
        let template = "its branches disagree: branch 1 gives `{}`, branch {} gives `{}`";
        let holds = Check::require(unknown || height == h && width == w, template);
        check = check.and(holds.dims(first).number(number).dims(other.output));
        let template = "its branches disagree: branch {} leaves one step of each sequence, branch {} \
                        keeps all";
        let (one, all) = if matches!(steps, Steps::One) { (1, number) } else { (number, 1) };
        let holds = Check::require(steps as u8 == other.steps as u8, template);
        check = check.and(holds.number(one).number(all));
        (others, number) = (after(others), number + 1);
    }
    check
}

/// The channels of each branch among those of all.
fn channels(layers: &'static [LayerInfo]) -> impl Iterator<Item = Range<usize>> {
    let branches = core::iter::successors(Some(layers), |&layers| Some(after(layers)));
    branches.map_while(<[LayerInfo]>::first).scan(0, |end, branch| {
        let start = *end;
        *end += branch.output[0];
        Some(start..*end)
    })
}

/// Pixels that a thread copies at a time.
const PIECE: usize = 1024;
/// About how many nanoseconds it takes to copy one.
const NANOSECONDS: usize = 5;

/// Puts the pixels of all branches side by side, `all` channels of each.
fn join<T: Real>(y: &mut [T], parts: &[T], all: usize, layers: &'static [LayerInfo]) {
    let (pixels, cost) = (y.len() / all, NANOSECONDS * (y.len() / all));
    for own in channels(layers) {
        let part = &parts[pixels * own.start..pixels * own.end];
        parallel::for_each_chunk(y, PIECE * all, cost, |i, y| {
            let part = part[i * PIECE * own.len()..].chunks_exact(own.len());
            for (pixel, part) in y.chunks_exact_mut(all).zip(part) {
                pixel[own.clone()].copy_from_slice(part);
            }
        });
    }
}

/// The other way round.
fn split<T: Real>(parts: &mut [T], dy: &[T], all: usize, layers: &'static [LayerInfo]) {
    let (pixels, cost) = (dy.len() / all, NANOSECONDS * (dy.len() / all));
    for own in channels(layers) {
        let part = &mut parts[pixels * own.start..pixels * own.end];
        parallel::for_each_chunk(part, PIECE * own.len(), cost, |i, part| {
            let pixels = dy[i * PIECE * all..].chunks_exact(all);
            for (pixel, part) in pixels.zip(part.chunks_exact_mut(own.len())) {
                part.copy_from_slice(&pixel[own.clone()]);
            }
        });
    }
}
