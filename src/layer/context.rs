//! The circumstances of a pass.

use super::{Fused, Plain};
use crate::kernel::Real;
use crate::kernel::conv::PIECES;
use alloc::string::String;
use rand::Rng;

/// The circumstances of a pass.
pub struct Context<'a, T: Real> {
    /// Training or inference.
    pub mode: Mode<'a>,
    /// The number of sequences that the columns belong to: column `i` is step `i / lanes` of lane
    /// `i % lanes`.
    pub lanes: usize,
    /// The number of steps of each lane, where they are not all of one length; to be had from
    /// [`lanes_of`](Self::lanes_of).
    pub lengths: &'a [usize],
    /// Whether backward adds to the parameters' gradient rather than overwriting it.
    pub accumulate: bool,
    /// Whether the parameters are those of the forward pass before, with the same tape: what a
    /// layer then made of them, such as a copy in another order, still holds.
    pub unchanged: bool,
    /// Whether a signal is played, by a [`Stream`](crate::Stream) or a player: a column has the same bits
    /// however a sequence is split.
    pub played: bool,
    /// The most pieces that columns are dealt to, of which each has its own working memory: 1 where a
    /// pass stays with one core.
    pub pieces: usize,
    /// Which work of a rectifier beside it the layer does, as its [`Layer::FUSION`](super::Layer::FUSION) says that it can.
    pub fused: Fused,
    /// The weight matrix of the layer that this one is tied to.
    pub tied: &'a [T],
    /// The gradient by `tied`, always added to.
    pub tied_gradient: &'a mut [T],
    /// Working memory for whichever layer runs, as much as [`Tape::SCRATCH`](super::Tape::SCRATCH) asks for, with whatever
    /// the layer before left in it. To be had from [`scratch`](Self::scratch()).
    pub scratch: &'a mut [T],
    /// Looks for the first layer with an output that is not finite.
    pub watch: Option<&'a mut Watch>,
}

/// So few lanes are those of a signal that is played: there each step of each lane is computed by itself
/// where the layer is small, so that a column has the same bits however a sequence is split.
pub const FEW_LANES: usize = 4;

/// Training or inference.
pub enum Mode<'a> {
    /// Keeps what backward needs; layers such as dropout draw from the generator.
    Training(&'a mut (dyn Rng + Send + 'static)),
    /// Keeps nothing.
    Inference,
}

impl<'a, T: Real> Context<'a, T> {
    /// A pass in the given mode over columns that are one step of `lanes` sequences.
    pub fn new(mode: Mode<'a>, lanes: usize) -> Self {
        Self {
            mode,
            lanes,
            lengths: &[],
            accumulate: false,
            unchanged: false,
            played: false,
            pieces: PIECES,
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
    /// When there is less than the layer's tape asks for by [`Tape::SCRATCH`](super::Tape::SCRATCH).
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

    /// To how many pieces so many columns are dealt.
    pub fn deal(&self, columns: usize) -> usize {
        columns.min(self.pieces).max(1)
    }

    /// Sets a gradient to zero, unless what comes is to be added to it.
    pub fn start<P: Plain<T>>(&self, gradient: &mut P) {
        if !self.accumulate {
            super::as_mut_slice(gradient).fill(T::ZERO);
        }
    }

    /// By what a gradient is multiplied before what comes is added: 0, or 1 to accumulate.
    pub fn beta(&self) -> T {
        if self.accumulate { T::ONE } else { T::ZERO }
    }

    /// The same circumstances for a layer inside: tied to nothing, and beside no rectifier.
    #[inline]
    pub fn inner(&mut self) -> Context<'_, T> {
        Context { fused: Fused::default(), tied: &[], tied_gradient: &mut [], ..self.same() }
    }

    /// The same circumstances for a shorter time.
    #[inline]
    pub fn same(&mut self) -> Context<'_, T> {
        Context {
            mode: match &mut self.mode {
                Mode::Training(rng) => Mode::Training(*rng),
                Mode::Inference => Mode::Inference,
            },
            lanes: self.lanes,
            lengths: self.lengths,
            accumulate: self.accumulate,
            unchanged: self.unchanged,
            played: self.played,
            pieces: self.pieces,
            fused: self.fused,
            tied: self.tied,
            tied_gradient: &mut *self.tied_gradient,
            scratch: &mut *self.scratch,
            watch: self.watch.as_deref_mut(),
        }
    }
}

/// Looks for the first layer with an output that is not finite.
#[derive(Debug, Default)]
pub struct Watch {
    /// The layer's path, once there is one.
    pub found: Option<String>,
}
