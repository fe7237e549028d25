//! What a layer is.

use crate::check::Check;
pub use crate::fusion::{Fused, Fusion};
use crate::kernel::Real;
use crate::memory::Tape;
use crate::plain::Plain;
use crate::shape::{Columns, ColumnsMut, Shape};
use rand::Rng;

/// A layer that can follow a shape `In`.
///
/// The implementing type describes the layer and holds nothing: `Conv2d<16, 3>` is zero-sized. Its
/// parameters, its statistics, its state and what it keeps for the backward pass are values of
/// types of their own, held by others and handed in.
///
/// All functions see samples as columns. The number of columns is free, and the same function
/// serves training and inference; [`Context::mode`] tells which.
pub trait Layer<In: Shape>: 'static {
    /// The shape that comes out.
    type Out: Shape;
    /// What is trained: a plain run of floats (`()` for none).
    type Params<T: Real>: Plain<T>;
    /// What is not trained but belongs to the model, such as running means (`()` for none).
    type Stats<T: Real>: Plain<T>;
    /// What is carried from one call to the next, such as a hidden state (`()` for none).
    type State<T: Real>: State<T>;
    /// What forward leaves for backward, and any working memory (`()` for none).
    type Tape<T: Real>: Tape;

    /// Whether the arguments are sound and fit the shape that comes in.
    const CHECK: Check = Check::OK;
    /// Floating-point operations of a forward pass, for one column.
    const OPERATIONS: usize;
    /// Whether the layer works in place: on entry of forward `y` holds the input and `x` has no
    /// columns; on entry of backward `dy` is turned into the gradient by the input, and `dx` is
    /// `None`. Such a layer must keep shape, and its backward cannot see `x`.
    const IN_PLACE: bool = false;
    /// Whether backward reads `y`, so that the next layer must not work in place on it.
    const NEEDS_OUTPUT: bool = false;
    /// What the layer does to what it is given, by which a layer before chooses the scale of its
    /// initial weights.
    const NONLINEARITY: Nonlinearity = Nonlinearity::Linear;
    /// What the layer can do for a rectifier beside it; see [`Context::fused`].
    const FUSION: Fusion = Fusion::NONE;

    /// The layers inside, for summaries.
    const LAYERS: &'static [crate::network::LayerInfo] = &[];

    /// The number of columns that come out when `columns` go in, in `lanes` sequences.
    fn columns(columns: usize, lanes: usize) -> usize {
        let _ = lanes;
        columns
    }

    /// Sets the initial parameters and statistics, which are all zero on entry.
    fn init<T: Real>(
        params: &mut Self::Params<T>,
        stats: &mut Self::Stats<T>,
        follows: Nonlinearity,
        rng: &mut dyn Rng,
    ) {
        let _ = (params, stats, follows, rng);
    }

    /// Computes `y` from `x`.
    fn forward<T: Real>(
        params: &Self::Params<T>,
        stats: &Self::Stats<T>,
        state: &mut Self::State<T>,
        x: Columns<'_, In, T>,
        y: ColumnsMut<'_, Self::Out, T>,
        tape: &mut Self::Tape<T>,
        cx: &mut Context<'_, T>,
    );

    /// Computes the gradients by the input and by the parameters from that by the output.
    fn backward<T: Real>(
        params: &Self::Params<T>,
        gradient: &mut Self::Params<T>,
        pass: Backward<'_, In, Self::Out, T>,
        tape: &mut Self::Tape<T>,
        cx: &mut Context<'_, T>,
    );

    /// Brings the statistics up to date with the last forward pass in training.
    fn observe<T: Real>(stats: &mut Self::Stats<T>, tape: &Self::Tape<T>) {
        let _ = (stats, tape);
    }
}

/// Says, in an implementation of [`Layer`], that it has no statistics, no state and no tape.
#[macro_export]
macro_rules! keeps_nothing {
    () => {
        type Stats<T: $crate::kernel::Real> = ();
        type State<T: $crate::kernel::Real> = ();
        type Tape<T: $crate::kernel::Real> = ();
    };
}

/// What a file that defines a layer needs: `use formwork::layer::prelude::*`.
pub mod prelude {
    pub use super::{Backward, Context, Layer, Mode, Nonlinearity, State};
    pub use crate::arguments::Value;
    pub use crate::kernel::Real;
    pub use crate::memory::{Memory, Tape};
    pub use crate::plain::{Row, Rows};
    pub use crate::shape::{Columns, ColumnsMut, Dimension, Image, Shape, Vector};
    pub use crate::{Buffer, Check};
    pub use rand::Rng;
}

/// The matrices of a backward pass.
pub struct Backward<'a, In: Shape, Out: Shape, T: Real> {
    /// What went in (no columns for a layer that works in place).
    pub x: Columns<'a, In, T>,
    /// What came out (perhaps no columns, or others, for a layer without [`Layer::NEEDS_OUTPUT`]).
    pub y: Columns<'a, Out, T>,
    /// The gradient of the loss by `y`, which may be overwritten.
    pub dy: ColumnsMut<'a, Out, T>,
    /// Where the gradient by `x` goes; `None` when nobody asks for it.
    pub dx: Option<ColumnsMut<'a, In, T>>,
}

/// The circumstances of a pass.
pub struct Context<'a, T: Real> {
    /// Training or inference.
    pub mode: Mode<'a>,
    /// The number of sequences that the columns belong to: column `i` is step `i / lanes` of lane
    /// `i % lanes`.
    pub lanes: usize,
    /// Whether backward adds to the parameters' gradient rather than overwriting it.
    pub accumulate: bool,
    /// Whether the parameters are those of the forward pass before, with the same tape: what a
    /// layer then made of them, such as a copy in another order, still holds.
    pub unchanged: bool,
    /// Which work of a rectifier beside it the layer does, as its [`Layer::FUSION`] says that it can.
    pub fused: Fused,
    /// The weight matrix of the layer that this one is tied to.
    pub tied: &'a [T],
    /// The gradient by `tied`, always added to.
    pub tied_gradient: &'a mut [T],
    /// Working memory for whichever layer runs, as much as [`Tape::SCRATCH`] asks for, with whatever
    /// the layer before left in it. To be had from [`scratch`](Self::scratch()).
    pub scratch: &'a mut [T],
    /// Looks for the first layer with an output that is not finite.
    pub watch: Option<&'a mut crate::memory::Watch>,
}

/// Training or inference.
pub enum Mode<'a> {
    /// Keeps what backward needs; layers such as dropout draw from the generator.
    Training(&'a mut (dyn Rng + Send)),
    /// Keeps nothing.
    Inference,
}

impl<'a, T: Real> Context<'a, T> {
    /// A pass in the given mode over columns that are one step of `lanes` sequences.
    pub fn new(mode: Mode<'a>, lanes: usize) -> Self {
        Self {
            mode,
            lanes,
            accumulate: false,
            unchanged: false,
            fused: Fused::default(),
            tied: &[],
            tied_gradient: &mut [],
            scratch: &mut [],
            watch: None,
        }
    }

    /// Whether this is training.
    pub fn is_training(&self) -> bool {
        matches!(self.mode, Mode::Training(_))
    }

    /// Parts of the working memory, of so many scalars each, with anything in them.
    ///
    /// # Panics
    /// When there is less than the layer's tape asks for by [`Tape::SCRATCH`].
    pub fn scratch<const PARTS: usize>(&mut self, lengths: [usize; PARTS]) -> [&mut [T]; PARTS] {
        let (asked, given) = (lengths.iter().sum::<usize>(), self.scratch.len());
        assert!(
            asked <= given,
            "a layer needs {asked} scalars of working memory, but its context has {given}: \
             `Context::scratch` must be what `Tape::SCRATCH` asks for"
        );
        let mut rest = &mut *self.scratch;
        lengths.map(|length| rest.split_off_mut(..length).expect("they fit in all together"))
    }

    /// Sets a gradient to zero, unless what comes is to be added to it.
    pub fn start<P: Plain<T>>(&self, gradient: &mut P) {
        if !self.accumulate {
            crate::plain::as_mut_slice(gradient).fill(T::ZERO);
        }
    }

    /// The same circumstances for a layer inside, tied to nothing.
    pub fn inner(&mut self) -> Context<'_, T> {
        Context {
            mode: match &mut self.mode {
                Mode::Training(rng) => Mode::Training(&mut **rng),
                Mode::Inference => Mode::Inference,
            },
            lanes: self.lanes,
            accumulate: self.accumulate,
            unchanged: self.unchanged,
            fused: Fused::default(),
            tied: &[],
            tied_gradient: &mut [],
            scratch: &mut *self.scratch,
            watch: self.watch.as_deref_mut(),
        }
    }

    /// The same circumstances with a weight matrix to share, and its gradient in a backward pass.
    pub fn tie<'b>(&'b mut self, weight: &'b [T], gradient: &'b mut [T]) -> Context<'b, T> {
        let fused = self.fused;
        Context { fused, tied: weight, tied_gradient: gradient, ..self.inner() }
    }
}

/// What a layer does to its input, as far as the scale of the weights before it depends on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Nonlinearity {
    /// It passes the input on at its scale: the layer after it decides.
    Transparent,
    /// A linear map, or the end of the network.
    Linear,
    /// A rectifier with this slope below zero: He initialisation.
    Rectifier(f64),
    /// An odd or sigmoidal squashing function: Xavier initialisation.
    Saturating,
}

impl Nonlinearity {
    /// What decides on the weights of layer `index`: the first of the layers after it that is not
    /// transparent, or else what `follows` the stack.
    pub const fn after(layers: &[Self], index: usize, follows: Self) -> Self {
        let mut i = index + 1;
        while i < layers.len() {
            if !matches!(layers[i], Self::Transparent) {
                return layers[i];
            }
            i += 1;
        }
        follows
    }
}

/// What a recurrent layer carries from one call to the next. A clone of it is a point to come back
/// to.
pub trait State<T>: Clone + Send + Sync + 'static {
    /// The state before the first step, for a number of lanes.
    fn new(lanes: usize) -> Self;
    /// Puts one lane back to the state before the first step.
    fn reset(&mut self, lane: usize);
    /// Calls `each` with all values of every part, a column a lane, always in the same order: to
    /// save a state, and to restore it.
    fn visit(&mut self, each: &mut dyn FnMut(&mut [T]));
}

impl<T> State<T> for () {
    fn new(_: usize) {}
    fn reset(&mut self, _: usize) {}
    fn visit(&mut self, _: &mut dyn FnMut(&mut [T])) {}
}

impl<T, A: State<T>, B: State<T>> State<T> for (A, B) {
    fn new(lanes: usize) -> Self {
        (A::new(lanes), B::new(lanes))
    }

    fn reset(&mut self, lane: usize) {
        self.0.reset(lane);
        self.1.reset(lane);
    }

    fn visit(&mut self, each: &mut dyn FnMut(&mut [T])) {
        self.0.visit(each);
        self.1.visit(each);
    }
}

/// A layer with a weight matrix that others may share.
#[diagnostic::on_unimplemented(
    message = "no layer can be tied to this one",
    label = "has no weight matrix to share"
)]
pub trait SharesWeight<In: Shape>: Layer<In> {
    /// Rows and columns of the weight matrix.
    const WEIGHT: [usize; 2];
    /// The weight matrix, row after row.
    fn weight<T: Real>(params: &Self::Params<T>) -> &[T];
    /// The weight matrix, row after row, to be written.
    fn weight_mut<T: Real>(params: &mut Self::Params<T>) -> &mut [T];
}

/// A layer that takes the weight matrix of another, from [`Context::tied`].
pub trait TakesWeight<In: Shape>: Layer<In> {
    /// Rows and columns that the weight matrix must have.
    const WEIGHT: [usize; 2];
}
