//! A residual connection around a stack of layers (He et al., 2016).
//!
//! ```text
//! forward   y = x + f(x)
//! backward  dx = dy + df(dy)
//! ```
//!
//! Shapes: any, kept, also by `f`. With a stack `g` around, `y = f(x) + g(x)` is a [`Sum`], and the
//! shape is what both make of it.

use super::Sum;
use crate::declare;
use crate::kernel::{Buffer, Real, elementwise};
use crate::layer::{
    Arguments, Backward, Detour, Forward, Layer, LayerInfo, Memory, NoValue, Nonlinearity, Scratch,
    Steps, Syntax, Tape, Wrap,
};
use crate::shape::{Check, Reborrow, Shape, columns, reshape, reshape_mut};
use core::marker::PhantomData;
use rand::Rng;

/// Adds what a stack of layers makes of the input to the input: `Residual { conv: .., Relu }`.
///
/// Where the stack changes the shape, another one goes around it, and what comes out is the [`Sum`] of
/// both; the parameters of the first have the name `0`, those of the other `1`:
///
/// ```
/// use formwork::prelude::*;
///
/// network! {
///     struct Down: Image<16, 8, 8> => Image<32, 4, 4> {
///         block: Residual {
///             conv1: Conv2d<32, 3, stride = 2, pad = 1>,
///             Relu,
///             conv2: Conv2d<32, 3, pad = 1>,
///         } around {
///             conv: Conv2d<32, 1, stride = 2>,
///         },
///     }
/// }
/// let model = Model::<Down>::zeroed();
/// assert_eq!(model.block.rest.first.conv.weight.len(), 32);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Residual<Inner = ()>(PhantomData<Inner>);

impl<Inner> Arguments for Residual<Inner> {
    const SYNTAX: Syntax = Syntax { layer: "Residual", positional: &[], keyed: &[] };
    type Value = NoValue;
}

impl<Inner> Wrap<Inner> for Residual {
    type Output = Residual<Inner>;
}

impl<Inner, Around> Detour<Around> for Residual<Inner> {
    type Output = Sum<(Inner, (Around, ()))>;
}

/// What the stack keeps.
pub struct ResidualTape<In: Shape, Inner: Layer<In>, T: Real> {
    inner: Inner::Tape<T>,
    /// The stack's output, where its backward wants to see it.
    branch: Buffer<T>,
    /// The gradient that goes past the stack.
    skipped: Buffer<T>,
}

impl<In: Shape, Inner: Layer<In>, T: Real> Tape for ResidualTape<In, Inner, T> {
    const MEMORY: Memory = <Inner::Tape<T> as Tape>::MEMORY
        .and(Memory::per_column(In::SIZE))
        .and(Memory::per_column(if Inner::NEEDS_OUTPUT { In::SIZE } else { 0 }));
    const INFERENCE: Memory = <Inner::Tape<T> as Tape>::INFERENCE;
    const SCRATCH: Scratch = <Inner::Tape<T> as Tape>::SCRATCH;

    fn new(columns: usize, lanes: usize, training: bool) -> Self {
        let size = if training { In::SIZE * columns } else { 0 };
        Self {
            inner: Tape::new(columns, lanes, training),
            branch: Buffer::zeroed(if Inner::NEEDS_OUTPUT { size } else { 0 }),
            skipped: Buffer::zeroed(size),
        }
    }
}

impl<In: Shape, Inner: Layer<In>> Layer<In> for Residual<Inner> {
    type Out = In;
    crate::keeps! {
        params: Inner::Params<T>,
        stats: Inner::Stats<T>,
        state: Inner::State<T>,
        tape: ResidualTape<In, Inner, T>,
    }

    const CHECK: Check = declare::check::<Inner, In>()
        .and(declare::takes_numbers::<In, Inner::Out>())
        .and(declare::same_shape::<In, Inner::Out>(
            "a residual branch must keep the shape, but it takes `{}` and gives `{}`",
        ))
        .and(Inner::STEPS.kept_in("Residual"));
    const TAKES_IDS: bool = !In::NUMERIC;
    const OPERATIONS: usize = Inner::OPERATIONS.saturating_add(In::SIZE);
    const NONLINEARITY: Nonlinearity = Inner::NONLINEARITY;
    const STEPS: Steps = Inner::STEPS.if_kept();
    const LOOKS_BACK: usize = Inner::LOOKS_BACK;
    const MIXES_LANES: bool = Inner::MIXES_LANES;
    const LAYERS: &'static [LayerInfo] = Inner::LAYERS;

    fn init<T: Real>(
        params: &mut Self::Params<T>,
        stats: &mut Self::Stats<T>,
        follows: Nonlinearity,
        rng: &mut dyn Rng,
    ) {
        Inner::init(params, stats, follows, rng);
    }

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { params, stats, state, tape, x, ids, mut y, mut cx } = pass;
        Inner::forward(Forward {
            params,
            stats,
            state,
            tape: &mut tape.inner,
            x,
            ids,
            y: reshape_mut(y.reborrow()),
            cx: cx.inner(),
        });
        let y = y.as_mut_slice();
        if Inner::NEEDS_OUTPUT && cx.is_training() {
            tape.branch[..y.len()].copy_from_slice(y);
        }
        elementwise::add(y, x.as_slice());
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { params, gradient, tape, x, ids, y, dy, mut dx, mut cx } = pass;
        let skipped = &mut tape.skipped[..dy.len()];
        skipped.copy_from_slice(dy.as_slice());
        let y = if Inner::NEEDS_OUTPUT { columns(&tape.branch[..dy.len()]) } else { reshape(y) };
        Inner::backward(Backward {
            params,
            gradient,
            tape: &mut tape.inner,
            x,
            ids,
            y,
            dy: reshape_mut(dy),
            dx: dx.as_mut().map(|dx| dx.reborrow()),
            cx: cx.inner(),
        });
        if let Some(dx) = &mut dx {
            elementwise::add(dx.as_mut_slice(), skipped);
        }
    }

    fn observe<T: Real>(stats: &mut Self::Stats<T>, tape: &Self::Tape<T>) {
        Inner::observe(stats, &tape.inner);
    }
}
