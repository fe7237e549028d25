//! Stacks of layers side by side over one input, as nested pairs: `(A, (B, ()))`.

use crate::declare;
use crate::kernel::Real;
use crate::layer::{Backward, Forward, Layer, LayerInfo, Nonlinearity, Pair, Steps};
use crate::shape::{Check, Dimension, Shape, Vector, columns, columns_mut};
use rand::Rng;
use typenum::U0;

/// Two stacks or more.
#[diagnostic::on_unimplemented(
    message = "this takes two stacks or more, each in braces: `{{ {{ .. }}, {{ .. }} }}`",
    label = "has one stack only"
)]
pub trait SeveralStacks {}

impl<A, B, Rest> SeveralStacks for (A, (B, Rest)) {}

/// Stacks over one input, none or several: `(A, (B, ()))`.
pub trait Stacks<In: Shape>: Layer<In> {
    /// The channels of all outputs.
    type Channels: Dimension;
}

impl<In: Shape> Stacks<In> for () {
    type Channels = U0;
}

impl<In: Shape, A: Layer<In>, Rest: Stacks<In>> Stacks<In> for (A, Rest) {
    type Channels = <<A::Out as Shape>::Channels as Dimension>::Plus<Rest::Channels>;
}

/// A stack and those after it, in [`Branches`](super::Branches) alone: what comes out, and the
/// gradients by it and by the input, lie stack after stack, each as all its columns.
impl<In: Shape, A: Layer<In>, Rest: Layer<In>> Layer<In> for (A, Rest) {
    type Out = Vector<Together<A::Out, Rest::Out>>;
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
    const STEPS: Steps = A::STEPS;
    const LOOKS_BACK: usize =
        if A::LOOKS_BACK > Rest::LOOKS_BACK { A::LOOKS_BACK } else { Rest::LOOKS_BACK };
    const MIXES_LANES: bool = A::MIXES_LANES || Rest::MIXES_LANES;
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

/// The numbers of two shapes.
type Together<A, B> = <<A as Shape>::Features as Dimension>::Plus<<B as Shape>::Features>;

/// The end of the stacks.
impl<In: Shape> Layer<In> for () {
    type Out = Vector<U0>;
    crate::keeps! {}

    const TAKES_IDS: bool = !In::NUMERIC;

    fn forward<T: Real>(_: Forward<'_, Self, In, T>) {}

    fn backward<T: Real>(_: Backward<'_, Self, In, T>) {}
}

/// Of the layers inside a pair, those of the rest.
pub(super) const fn after(layers: &'static [LayerInfo]) -> &'static [LayerInfo] {
    match layers {
        [_, rest] => rest.layers,
        _ => &[],
    }
}

/// The number of branches.
pub(super) const fn count(mut layers: &'static [LayerInfo]) -> usize {
    let mut count = 0;
    while !layers.is_empty() {
        (count, layers) = (count + 1, after(layers));
    }
    count
}

/// The stacks, as [`LayerInfo`] tells of them: each with those after it.
pub type Branched = &'static [LayerInfo];

/// The dimensions of each branch's output.
pub(super) fn outputs(branches: Branched) -> impl Iterator<Item = [usize; 3]> {
    let branches = core::iter::successors(Some(branches), |&branches| Some(after(branches)));
    branches.map_while(<[LayerInfo]>::first).map(|branch| branch.output)
}
