//! A recurrent stack in both directions (Schuster and Paliwal, 1997).
//!
//! ```text
//! forward   y = (f(x_1, .., x_T)_t, r(x_T, .., x_1)_(T+1-t)), of a lane of T steps; 0 beyond its end
//! backward  dx = what f and r make of their parts of dy, the latter in its own order of steps
//! ```
//!
//! Shapes: `x` is `In`; `y` is `Vector<2 N>` where the stack gives `N` features, an image's in the
//! order channels, height, width: first those of the forward direction, then those of the reverse
//! one.

use crate::declare;
use crate::kernel::{Buffer, Real, elementwise};
use crate::layer::{
    Arguments, Backward, Context, Features, Forward, Layer, LayerInfo, Memory, NoValue,
    Nonlinearity, Plain, Scratch, State, Steps, Syntax, Tape, TensorVisitor, UNLIMITED, Wrap,
};
use crate::shape::{
    Check, Columns, ColumnsMut, Dimension, Reborrow, Shape, Vector, columns, columns_mut, differs,
    to_channels_first, to_channels_last,
};
use core::marker::PhantomData;
use rand::Rng;

/// Goes through each sequence in both directions, with a stack of its own for each:
/// `Bidirectional { lstm: Lstm<100> }`.
///
/// A call takes whole sequences: both directions start from the state before the first step, and
/// nothing is carried to the next call. The parameters of the two directions are `forward` and
/// `reverse`. As tensors, in a file for example, those of the reverse direction have names that end
/// in `_reverse`; and those of a layer that is alone go by the name of the whole, as in PyTorch:
/// `lstm: Bidirectional { Lstm<100> }` has `lstm.weight_ih_l0` and `lstm.weight_ih_l0_reverse`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bidirectional<Inner = ()>(PhantomData<Inner>);

impl<Inner> Arguments for Bidirectional<Inner> {
    const SYNTAX: Syntax = Syntax { layer: "Bidirectional", positional: &[], keyed: &[] };
    type Value = NoValue;
}

impl<Inner> Wrap<Inner> for Bidirectional {
    type Output = Bidirectional<Inner>;
}

/// What there is of each direction of a stack: parameters or statistics.
#[repr(C)]
pub struct Directions<In, Inner, P> {
    /// Of the direction in which the steps are given.
    pub forward: P,
    /// Of the other one.
    pub reverse: P,
    stack: PhantomData<fn(In) -> Inner>,
}

// SAFETY: a `repr(C)` pair of equal runs, and nothing else of any size.
unsafe impl<In: Shape, Inner: Layer<In>, P: Plain<T>, T: Real> Plain<T>
    for Directions<In, Inner, P>
{
    const LEN: usize = P::LEN.saturating_mul(2);

    fn tensors(visit: &mut TensorVisitor<'_>) {
        visit.directions::<T, P>(Inner::LAYERS.len() == 1);
    }
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
    const INFERENCE: Memory = {
        let direction = <Inner::Tape<T> as Tape>::INFERENCE
            .and(Memory::per_column(<Inner::Out as Shape>::SIZE))
            .and(<Inner::State<T> as State<T>>::MEMORY)
            .and(<Inner::State<T> as State<T>>::MEMORY);
        direction.and(direction).and(Memory::per_column(In::SIZE))
    };
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

impl<In: Shape, Inner: Layer<In>> Layer<In> for Bidirectional<Inner> {
    type Out = Vector<<Features<Inner, In> as Dimension>::Double>;
    crate::keeps! {
        params: Directions<In, Inner, Inner::Params<T>>,
        stats: Directions<In, Inner, Inner::Stats<T>>,
        tape: BidirectionalTape<In, Inner, T>,
    }

    const CHECK: Check = {
        let steps = Inner::LOOKS_BACK;
        let template = "Bidirectional goes through whole sequences in both directions, but the layers in \
                        its braces look {} steps back at most: put what is causal before or after it";
        declare::check::<Inner, In>()
            .and(declare::takes_numbers::<In, Inner::Out>())
            .and(Inner::STEPS.kept_in("Bidirectional"))
            .and(Check::require(steps == 0 || steps == UNLIMITED, template).number(steps))
    };
    const TAKES_IDS: bool = !In::NUMERIC;
    const STEPS: Steps = Inner::STEPS.if_kept();
    const LOOKS_BACK: usize = UNLIMITED;
    const MIXES_LANES: bool = Inner::MIXES_LANES;
    const OPERATIONS: usize = Inner::OPERATIONS.saturating_mul(2);
    const NONLINEARITY: Nonlinearity = Inner::NONLINEARITY;
    const LAYERS: &'static [LayerInfo] = Inner::LAYERS;

    fn init<T: Real>(
        params: &mut Self::Params<T>,
        stats: &mut Self::Stats<T>,
        follows: Nonlinearity,
        rng: &mut dyn Rng,
    ) {
        Inner::init(&mut params.forward, &mut stats.forward, follows, rng);
        Inner::init(&mut params.reverse, &mut stats.reverse, follows, rng);
    }

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { params, stats, x, mut y, tape, mut cx, .. } = pass;
        let (half, lanes) = (<Inner::Out as Shape>::SIZE, cx.lanes_of(x.ncols()));
        let y = y.as_mut_slice();
        let turn = |to: &mut [T], from: &[T]| {
            if differs::<Inner::Out>() {
                to_channels_first::<Inner::Out, T>(to, from);
            } else {
                to.copy_from_slice(from);
            }
        };
        let ahead = tape.ahead.forward((&params.forward, &stats.forward), x, cx.inner());
        for (y, from) in y.chunks_exact_mut(2 * half).zip(ahead.column_iter()) {
            turn(&mut y[..half], from.as_slice());
        }
        let mut reversed = columns_mut(&mut tape.x[..x.len()]);
        for (i, mut to) in reversed.column_iter_mut().enumerate() {
            match lanes.mirror(i) {
                Some(mirrored) => to.copy_from(&x.column(mirrored)),
                None => to.fill(T::ZERO),
            }
        }
        let back =
            tape.reverse.forward((&params.reverse, &stats.reverse), reversed.read(), cx.inner());
        for (i, y) in y.chunks_exact_mut(2 * half).enumerate() {
            match lanes.mirror(i) {
                Some(mirrored) => turn(&mut y[half..], back.column(mirrored).as_slice()),
                None => y.fill(T::ZERO),
            }
        }
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { params, gradient, x, dy, mut dx, tape, mut cx, .. } = pass;
        let (half, n) = (<Inner::Out as Shape>::SIZE, x.ncols());
        let lanes = cx.lanes_of(n);
        let turn = |to: &mut [T], from: &[T]| {
            if differs::<Inner::Out>() {
                to_channels_last::<Inner::Out, T>(to, from);
            } else {
                to.copy_from_slice(from);
            }
        };
        for (i, dy) in dy.as_slice().chunks_exact(2 * half).enumerate() {
            let (mut ahead, mut reverse) = (tape.ahead.dy(n), tape.reverse.dy(n));
            let Some(mirrored) = lanes.mirror(i) else {
                ahead.column_mut(i).fill(T::ZERO);
                reverse.column_mut(i).fill(T::ZERO);
                continue;
            };
            turn(ahead.column_mut(i).as_mut_slice(), &dy[..half]);
            turn(reverse.column_mut(mirrored).as_mut_slice(), &dy[half..]);
        }
        let reversed = columns(&tape.x[..x.len()]);
        let mut dreversed = dx.is_some().then(|| columns_mut(&mut tape.dx[..x.len()]));
        let (forward, reverse) =
            ((&params.forward, &mut gradient.forward), (&params.reverse, &mut gradient.reverse));
        tape.ahead.backward(forward, x, dx.as_mut().map(Reborrow::reborrow), cx.inner());
        let into = dreversed.as_mut().map(Reborrow::reborrow);
        tape.reverse.backward(reverse, reversed, into, cx.inner());
        if let (Some(mut dx), Some(dreversed)) = (dx, dreversed) {
            for (i, mut dx) in dx.column_iter_mut().enumerate() {
                if let Some(mirrored) = lanes.mirror(i) {
                    elementwise::add(dx.as_mut_slice(), dreversed.column(mirrored).as_slice());
                }
            }
        }
    }

    fn observe<T: Real>(stats: &mut Self::Stats<T>, tape: &Self::Tape<T>) {
        Inner::observe(&mut stats.forward, &tape.ahead.tape);
        Inner::observe(&mut stats.reverse, &tape.reverse.tape);
    }
}

impl<In: Shape, Inner: Layer<In>, T: Real> Direction<In, Inner, T> {
    /// What the stack makes of `x`.
    fn forward(
        &mut self,
        (params, stats): (&Inner::Params<T>, &Inner::Stats<T>),
        x: Columns<'_, T, In::Features>,
        cx: Context<'_, T>,
    ) -> Columns<'_, T, Features<Inner, In>> {
        let Self { tape, start, state, y, .. } = self;
        state.clone_from(start);
        let y = &mut y[..Self::OUT * x.ncols()];
        let (ids, out) = (columns(&[]), columns_mut(y));
        Inner::forward(Forward { params, stats, state, tape, x, ids, y: out, cx });
        columns(y)
    }

    /// The gradients, from [`dy`](Self::dy).
    fn backward(
        &mut self,
        (params, gradient): (&Inner::Params<T>, &mut Inner::Params<T>),
        x: Columns<'_, T, In::Features>,
        dx: Option<ColumnsMut<'_, T, In::Features>>,
        cx: Context<'_, T>,
    ) {
        let Self { tape, y, dy, .. } = self;
        let len = Self::OUT * x.ncols();
        let (ids, y, dy) = (columns(&[]), columns(&y[..len]), columns_mut(&mut dy[..len]));
        Inner::backward(Backward { params, gradient, tape, x, ids, y, dy, dx, cx });
    }

    /// The gradient by what the stack gives, of `columns` columns.
    fn dy(&mut self, columns: usize) -> ColumnsMut<'_, T, Features<Inner, In>> {
        columns_mut(&mut self.dy[..Self::OUT * columns])
    }
}
