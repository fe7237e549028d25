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

use crate::arguments::{Arguments, NoValue, Syntax, Wrap};
use crate::check::Check;
use crate::kernel::{Buffer, Real, elementwise, parallel};
use crate::layer::{Backward, Context, Layer, Nonlinearity, State};
use crate::memory::{Memory, Scratch, Tape};
use crate::network::LayerInfo;
use crate::plain::{Pair, Plain};
use crate::shape::{Columns, ColumnsMut, Dimension, Image, Shape};
use core::marker::PhantomData;
use rand::Rng;
use typenum::U0;

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

/// The most branches that a summary can show.
const MOST: usize = 8;
const NAMES: [&str; MOST] = [
    "branch 1", "branch 2", "branch 3", "branch 4", "branch 5", "branch 6", "branch 7", "branch 8",
];

/// Stacks over one input, as nested pairs `(A, (B, ()))`.
pub trait Branches<In: Shape>: 'static {
    /// The channels of all outputs together.
    type Channels: Dimension;
    /// The parameters of all of them.
    type Params<T: Real>: Plain<T>;
    /// The statistics of all of them.
    type Stats<T: Real>: Plain<T>;
    /// The states of all of them.
    type State<T: Real>: State<T>;
    /// The tapes of all of them.
    type Tape<T: Real>: Tape;
    /// What is wrong with any of them.
    const CHECK: Check;
    /// How many there are.
    const COUNT: usize;
    /// The first of them, without names.
    const INFOS: [LayerInfo; MOST];
    /// Floating-point operations of all of them.
    const OPERATIONS: usize;

    /// As [`Layer::init`].
    fn init<T: Real>(
        params: &mut Self::Params<T>,
        stats: &mut Self::Stats<T>,
        follows: Nonlinearity,
        rng: &mut dyn Rng,
    );

    /// As [`Layer::forward`], to the channels from `y.first` on.
    fn forward<T: Real>(
        params: &Self::Params<T>,
        stats: &Self::Stats<T>,
        state: &mut Self::State<T>,
        x: Columns<'_, In, T>,
        y: Side<&mut [T]>,
        tape: &mut Self::Tape<T>,
        cx: &mut Context<'_, T>,
    );

    /// As [`Layer::backward`], from the channels from `dy.first` on. Where `dx` is asked for, the
    /// branch of channel 0 writes it, and the others add to it by way of `own`.
    fn backward<T: Real>(
        params: &Self::Params<T>,
        gradient: &mut Self::Params<T>,
        x: Columns<'_, In, T>,
        dy: Side<&[T]>,
        dx: Option<(&mut [T], &mut [T])>,
        tape: &mut Self::Tape<T>,
        cx: &mut Context<'_, T>,
    );

    /// As [`Layer::observe`].
    fn observe<T: Real>(stats: &mut Self::Stats<T>, tape: &Self::Tape<T>);
}

/// The pixels of all branches' outputs together: those of one branch are the channels from `first`
/// on.
pub struct Side<D> {
    pixels: D,
    channels: usize,
    first: usize,
}

/// Pixels that a thread copies at a time.
const PIECE: usize = 1024;
/// About how many nanoseconds it takes to copy one.
const NANOSECONDS: usize = 5;

impl<T: Real> Side<&mut [T]> {
    /// Writes the output of a branch, of `channels` channels.
    fn write(&mut self, branch: &[T], channels: usize) {
        let (all, first) = (self.channels, self.first);
        let count = branch.len() / channels;
        assert_eq!(
            self.pixels.len(),
            all * count,
            "the branches of a Concat give different numbers of columns"
        );
        parallel::for_each_chunk(self.pixels, PIECE * all, NANOSECONDS * count, |i, pixels| {
            let branch = branch[i * PIECE * channels..].chunks_exact(channels);
            for (pixel, branch) in pixels.chunks_exact_mut(all).zip(branch) {
                pixel[first..first + channels].copy_from_slice(branch);
            }
        });
    }
}

impl<T: Real> Side<&[T]> {
    /// Reads the gradient by the output of a branch, of `channels` channels.
    fn read(&self, branch: &mut [T], channels: usize) {
        let (all, first) = (self.channels, self.first);
        let cost = NANOSECONDS * (branch.len() / channels);
        parallel::for_each_chunk(branch, PIECE * channels, cost, |i, branch| {
            let pixels = self.pixels[i * PIECE * all..].chunks_exact(all);
            for (pixel, branch) in pixels.zip(branch.chunks_exact_mut(channels)) {
                branch.copy_from_slice(&pixel[first..first + channels]);
            }
        });
    }
}

/// What a branch and those after it keep.
pub struct BranchTape<In: Shape, A: Layer<In>, Rest: Branches<In>, T: Real> {
    inner: A::Tape<T>,
    /// The output; and in backward the gradient by it, unless the branch wants to see both.
    y: Buffer<T>,
    dy: Buffer<T>,
    rest: Rest::Tape<T>,
}

impl<In: Shape, A: Layer<In>, Rest: Branches<In>, T: Real> Tape for BranchTape<In, A, Rest, T> {
    const MEMORY: Memory = <A::Tape<T> as Tape>::MEMORY
        .and(Memory::per_column(A::Out::SIZE))
        .and(Memory::per_column(if A::NEEDS_OUTPUT { A::Out::SIZE } else { 0 }))
        .and(<Rest::Tape<T> as Tape>::MEMORY);
    const SCRATCH: Scratch = <A::Tape<T> as Tape>::SCRATCH.or(<Rest::Tape<T> as Tape>::SCRATCH);

    fn new(columns: usize, lanes: usize, training: bool) -> Self {
        let size = A::Out::SIZE * A::columns(columns, lanes);
        Self {
            inner: Tape::new(columns, lanes, training),
            y: Buffer::zeroed(size),
            dy: Buffer::zeroed(if training && A::NEEDS_OUTPUT { size } else { 0 }),
            rest: Tape::new(columns, lanes, training),
        }
    }
}

impl<In: Shape> Branches<In> for () {
    type Channels = U0;
    type Params<T: Real> = ();
    type Stats<T: Real> = ();
    type State<T: Real> = ();
    type Tape<T: Real> = ();
    const CHECK: Check = Check::OK;
    const COUNT: usize = 0;
    const INFOS: [LayerInfo; MOST] = [LayerInfo {
        name: "",
        declared: "",
        output: [0; 3],
        parameters: 0,
        operations: 0,
        layers: &[],
    }; MOST];
    const OPERATIONS: usize = 0;

    fn init<T: Real>(_: &mut (), _: &mut (), _: Nonlinearity, _: &mut dyn Rng) {}

    fn forward<T: Real>(
        _: &(),
        _: &(),
        _: &mut (),
        _: Columns<'_, In, T>,
        _: Side<&mut [T]>,
        _: &mut (),
        _: &mut Context<'_, T>,
    ) {
    }

    fn backward<T: Real>(
        _: &(),
        _: &mut (),
        _: Columns<'_, In, T>,
        _: Side<&[T]>,
        _: Option<(&mut [T], &mut [T])>,
        _: &mut (),
        _: &mut Context<'_, T>,
    ) {
    }

    fn observe<T: Real>(_: &mut (), _: &()) {}
}

impl<In: Shape, A: Layer<In>, Rest: Branches<In>> Branches<In> for (A, Rest) {
    type Channels = <<A::Out as Shape>::Channels as Dimension>::Plus<Rest::Channels>;
    type Params<T: Real> = Pair<A::Params<T>, Rest::Params<T>>;
    type Stats<T: Real> = Pair<A::Stats<T>, Rest::Stats<T>>;
    type State<T: Real> = (A::State<T>, Rest::State<T>);
    type Tape<T: Real> = BranchTape<In, A, Rest, T>;
    const CHECK: Check = A::CHECK.and(Rest::CHECK);
    const COUNT: usize = 1 + Rest::COUNT;
    const INFOS: [LayerInfo; MOST] = {
        let mut all = [LayerInfo::of::<A, In>("", "{ .. }"); MOST];
        let mut i = 1;
        while i < MOST {
            all[i] = Rest::INFOS[i - 1];
            i += 1;
        }
        all
    };
    const OPERATIONS: usize = A::OPERATIONS.saturating_add(Rest::OPERATIONS);

    fn init<T: Real>(
        params: &mut Self::Params<T>,
        stats: &mut Self::Stats<T>,
        follows: Nonlinearity,
        rng: &mut dyn Rng,
    ) {
        A::init(&mut params.first, &mut stats.first, follows, rng);
        Rest::init(&mut params.rest, &mut stats.rest, follows, rng);
    }

    fn forward<T: Real>(
        params: &Self::Params<T>,
        stats: &Self::Stats<T>,
        state: &mut Self::State<T>,
        x: Columns<'_, In, T>,
        mut y: Side<&mut [T]>,
        tape: &mut Self::Tape<T>,
        cx: &mut Context<'_, T>,
    ) {
        let own = &mut tape.y[..A::Out::SIZE * A::columns(x.count(), cx.lanes)];
        let (state, states) = (&mut state.0, &mut state.1);
        let columns = ColumnsMut::new(&mut *own);
        A::forward(&params.first, &stats.first, state, x, columns, &mut tape.inner, cx);
        let channels = A::Out::DIMS[0];
        y.write(own, channels);
        let y = Side { first: y.first + channels, ..y };
        Rest::forward(&params.rest, &stats.rest, states, x, y, &mut tape.rest, cx);
    }

    fn backward<T: Real>(
        params: &Self::Params<T>,
        gradient: &mut Self::Params<T>,
        x: Columns<'_, In, T>,
        dy: Side<&[T]>,
        mut dx: Option<(&mut [T], &mut [T])>,
        tape: &mut Self::Tape<T>,
        cx: &mut Context<'_, T>,
    ) {
        let (channels, size) = (A::Out::DIMS[0], A::Out::SIZE * A::columns(x.count(), cx.lanes));
        let (y, own): (&[T], _) = if A::NEEDS_OUTPUT {
            (&tape.y[..size], &mut tape.dy[..size])
        } else {
            (&[], &mut tape.y[..size])
        };
        dy.read(own, channels);
        let is_first = dy.first == 0;
        let target = dx.as_mut().map(|(dx, own)| if is_first { &mut **dx } else { &mut **own });
        let pass = Backward {
            x,
            y: Columns::from_numbers(y),
            dy: ColumnsMut::new(own),
            dx: target.map(ColumnsMut::new),
        };
        A::backward(&params.first, &mut gradient.first, pass, &mut tape.inner, cx);
        if let (Some((dx, own)), false) = (&mut dx, is_first) {
            elementwise::add(dx, own);
        }
        let dy = Side { first: dy.first + channels, ..dy };
        Rest::backward(&params.rest, &mut gradient.rest, x, dy, dx, &mut tape.rest, cx);
    }

    fn observe<T: Real>(stats: &mut Self::Stats<T>, tape: &Self::Tape<T>) {
        A::observe(&mut stats.first, &tape.inner);
        Rest::observe(&mut stats.rest, &tape.rest);
    }
}

/// What the branches keep.
pub struct ConcatTape<In: Shape, Inner: Branches<In>, T: Real> {
    branches: Inner::Tape<T>,
    /// The gradient by the input from one branch.
    dx: Buffer<T>,
}

impl<In: Shape, Inner: Branches<In>, T: Real> Tape for ConcatTape<In, Inner, T> {
    const MEMORY: Memory = <Inner::Tape<T> as Tape>::MEMORY.and(Memory::per_column(In::SIZE));
    const SCRATCH: Scratch = <Inner::Tape<T> as Tape>::SCRATCH;

    fn new(columns: usize, lanes: usize, training: bool) -> Self {
        Self {
            branches: Tape::new(columns, lanes, training),
            dx: Buffer::zeroed(if training { In::SIZE * columns } else { 0 }),
        }
    }
}

impl<A, Rest> Concat<(A, Rest)> {
    /// That the branches agree in height and width; what is unknown has been complained of.
    const fn agree<In: Shape>() -> Check
    where
        (A, Rest): Branches<In>,
    {
        let infos = <(A, Rest)>::INFOS;
        let [channels, height, width] = infos[0].output;
        let mut check = Check::OK;
        let mut i = 1;
        while i < MOST && i < <(A, Rest)>::COUNT {
            let [c, h, w] = infos[i].output;
            let unknown = channels * height * width == 0 || c * h * w == 0;
            check = check.and(
                Check::require(
                    unknown || height == h && width == w,
                    "its branches disagree: branch 1 gives `{}`, branch {} gives `{}`",
                )
                .dims(infos[0].output)
                .number(i + 1)
                .dims(infos[i].output),
            );
            i += 1;
        }
        check.and(
            Check::require(
                <(A, Rest)>::COUNT <= MOST,
                "Concat takes at most {} stacks, but {} are given",
            )
            .number(MOST)
            .number(<(A, Rest)>::COUNT),
        )
    }
}

impl<In: Shape, A: Layer<In>, Rest: Branches<In>> Layer<In> for Concat<(A, Rest)> {
    type Out = Image<
        <(A, Rest) as Branches<In>>::Channels,
        <A::Out as Shape>::Height,
        <A::Out as Shape>::Width,
    >;
    type Params<T: Real> = <(A, Rest) as Branches<In>>::Params<T>;
    type Stats<T: Real> = <(A, Rest) as Branches<In>>::Stats<T>;
    type State<T: Real> = <(A, Rest) as Branches<In>>::State<T>;
    type Tape<T: Real> = ConcatTape<In, (A, Rest), T>;

    const CHECK: Check = <(A, Rest)>::CHECK.and(Self::agree::<In>());
    const OPERATIONS: usize = <(A, Rest)>::OPERATIONS;
    const NONLINEARITY: Nonlinearity = A::NONLINEARITY;
    const LAYERS: &'static [LayerInfo] = {
        let all = const {
            let mut all = <(A, Rest)>::INFOS;
            let mut i = 0;
            while i < MOST {
                all[i].name = NAMES[i];
                i += 1;
            }
            &{ all }
        };
        let count = <(A, Rest)>::COUNT;
        all.split_at(if count < MOST { count } else { MOST }).0
    };

    fn columns(columns: usize, lanes: usize) -> usize {
        A::columns(columns, lanes)
    }

    fn init<T: Real>(
        params: &mut Self::Params<T>,
        stats: &mut Self::Stats<T>,
        follows: Nonlinearity,
        rng: &mut dyn Rng,
    ) {
        <(A, Rest)>::init(params, stats, follows, rng);
    }

    fn forward<T: Real>(
        params: &Self::Params<T>,
        stats: &Self::Stats<T>,
        state: &mut Self::State<T>,
        x: Columns<'_, In, T>,
        mut y: ColumnsMut<'_, Self::Out, T>,
        tape: &mut Self::Tape<T>,
        cx: &mut Context<'_, T>,
    ) {
        let y = Side { pixels: y.as_mut_slice(), channels: Self::Out::DIMS[0], first: 0 };
        <(A, Rest)>::forward(params, stats, state, x, y, &mut tape.branches, cx);
    }

    fn backward<T: Real>(
        params: &Self::Params<T>,
        gradient: &mut Self::Params<T>,
        pass: Backward<'_, In, Self::Out, T>,
        tape: &mut Self::Tape<T>,
        cx: &mut Context<'_, T>,
    ) {
        let Backward { x, dy, dx, .. } = pass;
        let dy = Side { pixels: dy.as_slice(), channels: Self::Out::DIMS[0], first: 0 };
        let dx = dx.map(|dx| {
            let dx = dx.into_slice();
            let own = &mut tape.dx[..dx.len()];
            (dx, own)
        });
        <(A, Rest)>::backward(params, gradient, x, dy, dx, &mut tape.branches, cx);
    }

    fn observe<T: Real>(stats: &mut Self::Stats<T>, tape: &Self::Tape<T>) {
        <(A, Rest)>::observe(stats, &tape.branches);
    }
}
