//! A residual connection around a stack of layers (He et al., 2016).
//!
//! ```text
//! forward   y = x + f(x)
//! backward  dx = dy + df(dy)
//! ```
//!
//! Shapes: any, kept, also by `f`.

use crate::arguments::{Arguments, NoValue, Syntax, Wrap};
use crate::check::Check;
use crate::kernel::{Buffer, Real, elementwise};
use crate::layer::{Backward, Context, Layer, Nonlinearity};
use crate::memory::{self, Memory, Scratch, Tape};
use crate::network::LayerInfo;
use crate::shape::{Columns, ColumnsMut, Shape};
use core::marker::PhantomData;
use rand::Rng;

/// Adds what a stack of layers makes of the input to the input: `Residual { conv: .., Relu }`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Residual<Inner = ()>(PhantomData<Inner>);

impl<Inner> Arguments for Residual<Inner> {
    const SYNTAX: Syntax = Syntax { layer: "Residual", positional: &[], keyed: &[] };
    type Value = NoValue;
}

impl<Inner> Wrap<Inner> for Residual {
    type Output = Residual<Inner>;
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
    type Params<T: Real> = Inner::Params<T>;
    type Stats<T: Real> = Inner::Stats<T>;
    type State<T: Real> = Inner::State<T>;
    type Tape<T: Real> = ResidualTape<In, Inner, T>;

    const CHECK: Check = Inner::CHECK.and(memory::same_shape::<In, Inner::Out>(
        "a residual branch must keep the shape, but it takes `{}` and gives `{}`",
    ));
    const OPERATIONS: usize = Inner::OPERATIONS.saturating_add(In::SIZE);
    const NONLINEARITY: Nonlinearity = Inner::NONLINEARITY;
    const LAYERS: &'static [LayerInfo] = Inner::LAYERS;

    fn init<T: Real>(
        params: &mut Self::Params<T>,
        stats: &mut Self::Stats<T>,
        follows: Nonlinearity,
        rng: &mut dyn Rng,
    ) {
        Inner::init(params, stats, follows, rng);
    }

    fn forward<T: Real>(
        params: &Self::Params<T>,
        stats: &Self::Stats<T>,
        state: &mut Self::State<T>,
        x: Columns<'_, In, T>,
        mut y: ColumnsMut<'_, In, T>,
        tape: &mut Self::Tape<T>,
        cx: &mut Context<'_, T>,
    ) {
        let inner = y.reborrow().reshape();
        Inner::forward(params, stats, state, x, inner, &mut tape.inner, cx);
        if Inner::NEEDS_OUTPUT && cx.is_training() {
            tape.branch[..y.as_slice().len()].copy_from_slice(y.as_slice());
        }
        elementwise::add(y.as_mut_slice(), x.numbers());
    }

    fn backward<T: Real>(
        params: &Self::Params<T>,
        gradient: &mut Self::Params<T>,
        pass: Backward<'_, In, In, T>,
        tape: &mut Self::Tape<T>,
        cx: &mut Context<'_, T>,
    ) {
        let Backward { x, y, dy, mut dx } = pass;
        let skipped = &mut tape.skipped[..dy.as_slice().len()];
        skipped.copy_from_slice(dy.as_slice());
        let y = if Inner::NEEDS_OUTPUT {
            Columns::from_numbers(&tape.branch[..dy.as_slice().len()])
        } else {
            y.reshape()
        };
        let inner = Backward { x, y, dy: dy.reshape(), dx: dx.as_mut().map(ColumnsMut::reborrow) };
        Inner::backward(params, gradient, inner, &mut tape.inner, cx);
        if let Some(dx) = &mut dx {
            elementwise::add(dx.as_mut_slice(), skipped);
        }
    }

    fn observe<T: Real>(stats: &mut Self::Stats<T>, tape: &Self::Tape<T>) {
        Inner::observe(stats, &tape.inner);
    }
}
