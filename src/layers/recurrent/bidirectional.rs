//! A recurrent stack in both directions (Schuster and Paliwal, 1997).
//!
//! ```text
//! forward   y = (f(x_1, .., x_T)_t, r(x_T, .., x_1)_(T+1-t))
//! backward  dx = what f and r make of their parts of dy, the latter in its own order of steps
//! ```
//!
//! Shapes: `x` is `In`; `y` is `Vector<2 N>` where the stack gives `N` features: first those of the
//! forward direction, then those of the reverse one.

use crate::arguments::{Arguments, NoValue, Syntax, Wrap};
use crate::check::Check;
use crate::kernel::{Buffer, Real, elementwise};
use crate::layer::{Backward, Context, Layer, Nonlinearity, State};
use crate::memory::{Memory, Scratch, Tape};
use crate::network::LayerInfo;
use crate::plain::Pair;
use crate::shape::{Columns, ColumnsMut, Dimension, Shape, Vector};
use core::marker::PhantomData;
use rand::Rng;

/// Goes through each sequence in both directions, with a stack of its own for each:
/// `Bidirectional { lstm: Lstm<100> }`.
///
/// A call takes whole sequences: both directions start from the state before the first step, and
/// nothing is carried to the next call. The parameters of the forward direction are `first`, those
/// of the reverse one `rest`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bidirectional<Inner = ()>(PhantomData<Inner>);

impl<Inner> Arguments for Bidirectional<Inner> {
    const SYNTAX: Syntax = Syntax { layer: "Bidirectional", positional: &[], keyed: &[] };
    type Value = NoValue;
}

impl<Inner> Wrap<Inner> for Bidirectional {
    type Output = Bidirectional<Inner>;
}

/// What a direction keeps.
struct Direction<In: Shape, Inner: Layer<In>, T: Real> {
    tape: Inner::Tape<T>,
    y: Buffer<T>,
    dy: Buffer<T>,
    start: Inner::State<T>,
    state: Inner::State<T>,
}

/// What [`Bidirectional`] keeps.
pub struct BidirectionalTape<In: Shape, Inner: Layer<In>, T: Real> {
    ahead: Direction<In, Inner, T>,
    reverse: Direction<In, Inner, T>,
    /// The input with the steps in reverse order, and the gradient by it.
    x: Buffer<T>,
    dx: Buffer<T>,
}

impl<In: Shape, Inner: Layer<In>, T: Real> Direction<In, Inner, T> {
    const OUT: usize = <Inner::Out as Shape>::SIZE;

    fn new(columns: usize, lanes: usize, training: bool) -> Self {
        let start = <Inner::State<T> as State<T>>::new(lanes);
        Self {
            tape: Tape::new(columns, lanes, training),
            y: Buffer::zeroed(Self::OUT * columns),
            dy: Buffer::zeroed(if training { Self::OUT * columns } else { 0 }),
            state: start.clone(),
            start,
        }
    }
}

impl<In: Shape, Inner: Layer<In>, T: Real> Tape for BidirectionalTape<In, Inner, T> {
    const MEMORY: Memory = <Inner::Tape<T> as Tape>::MEMORY
        .and(<Inner::Tape<T> as Tape>::MEMORY)
        .and(Memory::per_column(4 * <Inner::Out as Shape>::SIZE + 2 * In::SIZE));
    const SCRATCH: Scratch = <Inner::Tape<T> as Tape>::SCRATCH;

    fn new(columns: usize, lanes: usize, training: bool) -> Self {
        Self {
            ahead: Direction::new(columns, lanes, training),
            reverse: Direction::new(columns, lanes, training),
            x: Buffer::zeroed(In::SIZE * columns),
            dx: Buffer::zeroed(if training { In::SIZE * columns } else { 0 }),
        }
    }
}

/// Writes the steps, of `len` scalars each, in reverse order.
fn reverse<T: Real>(to: &mut [T], from: &[T], len: usize) {
    for (to, from) in to.chunks_exact_mut(len).zip(from.chunks_exact(len).rev()) {
        to.copy_from_slice(from);
    }
}

impl<In: Shape, Inner: Layer<In>> Layer<In> for Bidirectional<Inner> {
    type Out = Vector<<<Inner::Out as Shape>::Features as Dimension>::Double>;
    type Params<T: Real> = Pair<Inner::Params<T>, Inner::Params<T>>;
    type Stats<T: Real> = Pair<Inner::Stats<T>, Inner::Stats<T>>;
    type State<T: Real> = ();
    type Tape<T: Real> = BidirectionalTape<In, Inner, T>;

    const CHECK: Check = Check::require(
        In::NUMERIC,
        "Bidirectional takes numbers, but is given token ids: embed them first",
    )
    .and(Inner::CHECK);
    const OPERATIONS: usize = Inner::OPERATIONS.saturating_mul(2);
    const NONLINEARITY: Nonlinearity = Inner::NONLINEARITY;
    const LAYERS: &'static [LayerInfo] = Inner::LAYERS;

    fn init<T: Real>(
        params: &mut Self::Params<T>,
        stats: &mut Self::Stats<T>,
        follows: Nonlinearity,
        rng: &mut dyn Rng,
    ) {
        Inner::init(&mut params.first, &mut stats.first, follows, rng);
        Inner::init(&mut params.rest, &mut stats.rest, follows, rng);
    }

    fn forward<T: Real>(
        params: &Self::Params<T>,
        stats: &Self::Stats<T>,
        _: &mut (),
        x: Columns<'_, In, T>,
        mut y: ColumnsMut<'_, Self::Out, T>,
        tape: &mut Self::Tape<T>,
        cx: &mut Context<'_, T>,
    ) {
        let (out, lanes, n) = (<Inner::Out as Shape>::SIZE, cx.lanes.max(1), x.count());
        let reversed = &mut tape.x[..In::SIZE * n];
        reverse(reversed, x.numbers(), In::SIZE * lanes);
        let passes = [
            (&params.first, &stats.first, x, &mut tape.ahead),
            (&params.rest, &stats.rest, Columns::from_numbers(reversed), &mut tape.reverse),
        ];
        for (params, stats, x, way) in passes {
            way.state.clone_from(&way.start);
            let y = ColumnsMut::new(&mut way.y[..out * n]);
            Inner::forward(params, stats, &mut way.state, x, y, &mut way.tape, cx);
        }
        for (i, y) in y.as_mut_slice().chunks_exact_mut(2 * out).enumerate() {
            let (ahead, back) = y.split_at_mut(out);
            ahead.copy_from_slice(&tape.ahead.y[out * i..][..out]);
            back.copy_from_slice(&tape.reverse.y[out * mirrored(i, n, lanes)..][..out]);
        }
    }

    fn backward<T: Real>(
        params: &Self::Params<T>,
        gradient: &mut Self::Params<T>,
        pass: Backward<'_, In, Self::Out, T>,
        tape: &mut Self::Tape<T>,
        cx: &mut Context<'_, T>,
    ) {
        let (out, lanes, n) = (<Inner::Out as Shape>::SIZE, cx.lanes.max(1), pass.x.count());
        for (i, dy) in pass.dy.as_slice().chunks_exact(2 * out).enumerate() {
            let (ahead, back) = dy.split_at(out);
            tape.ahead.dy[out * i..][..out].copy_from_slice(ahead);
            tape.reverse.dy[out * mirrored(i, n, lanes)..][..out].copy_from_slice(back);
        }
        let mut dx = pass.dx;
        let len = In::SIZE * n;
        let reversed = dx.is_some().then(|| ColumnsMut::new(&mut tape.dx[..len]));
        let x = Columns::from_numbers(&tape.x[..len]);
        let passes = [
            (
                &params.first,
                &mut gradient.first,
                pass.x,
                dx.as_mut().map(ColumnsMut::reborrow),
                &mut tape.ahead,
            ),
            (&params.rest, &mut gradient.rest, x, reversed, &mut tape.reverse),
        ];
        for (params, gradient, x, dx, way) in passes {
            let pass = Backward {
                x,
                y: Columns::from_numbers(&way.y[..out * n]),
                dy: ColumnsMut::new(&mut way.dy[..out * n]),
                dx,
            };
            Inner::backward(params, gradient, pass, &mut way.tape, cx);
        }
        if let Some(mut dx) = dx {
            let step = In::SIZE * lanes;
            let reversed = tape.dx[..len].chunks_exact(step).rev();
            for (dx, reversed) in dx.as_mut_slice().chunks_exact_mut(step).zip(reversed) {
                elementwise::add(dx, reversed);
            }
        }
    }

    fn observe<T: Real>(stats: &mut Self::Stats<T>, tape: &Self::Tape<T>) {
        Inner::observe(&mut stats.first, &tape.ahead.tape);
        Inner::observe(&mut stats.rest, &tape.reverse.tape);
    }
}

/// The column of the same lane at the step that mirrors that of column `i`.
fn mirrored(i: usize, columns: usize, lanes: usize) -> usize {
    columns - (i / lanes + 1) * lanes + i % lanes
}
