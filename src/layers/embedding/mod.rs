//! An embedding: a vector for each token of a vocabulary.
//!
//! ```text
//! forward   y = W[id]
//! backward  dW[id] = sum of dy over the columns with that id, 0 for tokens that do not occur
//! ```
//!
//! Shapes: `x` is `Token<V>`; `y` is `Vector<Size>`; `W` is `V x Size`, row-major, as in a PyTorch
//! `state_dict`.

use crate::arguments::Value;
use crate::check::Check;
use crate::init::Init;
use crate::kernel::{Real, elementwise};
use crate::layer::{Backward, Context, Layer, Nonlinearity, SharesWeight};
use crate::memory::{Memory, Tape};
use crate::plain::{self, Rows};
use crate::shape::{Columns, ColumnsMut, Dimension, Shape, Vector};
use alloc::vec::Vec;
use core::marker::PhantomData;
use rand::Rng;

crate::layer! {
    /// A vector of `Size` numbers for each token of the vocabulary.
    ///
    /// `Embedding<100>`, or `Embedding<100>(Init::Normal(1.0))` for other initial vectors than
    /// normal ones with a standard deviation of 0.01. A later layer may share its matrix:
    /// `tied to embed`.
    ///
    /// ```
    /// use formwork::data::{Batch, Tokens};
    /// use formwork::prelude::*;
    ///
    /// network! {
    ///     struct Lookup: Token<5> => Vector<2> { embed: Embedding<2> }
    /// }
    ///
    /// let mut model = Model::<Lookup>::zeroed();
    /// model.embed.weight[3] = [0.5, -0.5].into();
    /// let mut inference = Inference::<Lookup>::new(2);
    /// let tokens = Batch::<Tokens<5>>::from_vec(vec![3, 1])?;
    /// assert_eq!(inference.run(&model, &tokens), [0.5, -0.5, 0.0, 0.0]);
    /// # Ok::<(), formwork::data::DataError>(())
    /// ```
    pub struct Embedding<Size>(Init);
}

crate::params! {
    /// The parameters of [`Embedding`].
    pub struct EmbeddingParams<Vocabulary, Size> {
        /// `Vocabulary x Size`, row-major: a row for each token.
        pub weight: Rows<T, Vocabulary, Size>,
    }
}

impl<In: Shape, Size: Dimension, V: Value<Init> + 'static> Layer<In> for Embedding<Size, V> {
    type Out = Vector<Size>;
    type Params<T: Real> = EmbeddingParams<In::Channels, Size, T>;
    type Stats<T: Real> = ();
    type State<T: Real> = ();
    type Tape<T: Real> = Touched<In>;

    const CHECK: Check = Check::require(Size::USIZE > 0, "its vectors are empty: `Embedding<0>`")
        .and(Check::require(
            !In::NUMERIC,
            "Embedding takes token ids, but is given numbers: it comes first in a network that takes a `Token<vocabulary>`",
        ))
        .and(
            Check::require(
                In::NUMERIC || In::SIZE <= 1,
                "Embedding takes one token, but is given {}: `EmbeddingBag` takes the mean of several",
            )
            .shape::<In>(),
        );
    const OPERATIONS: usize = 0;

    fn init<T: Real>(
        params: &mut Self::Params<T>,
        _: &mut (),
        follows: Nonlinearity,
        rng: &mut dyn Rng,
    ) {
        let init = V::VALUE.unwrap_or(Init::Normal(0.01));
        let (vocabulary, size) = (<In::Channels as typenum::Unsigned>::USIZE, Size::USIZE);
        let weight = plain::as_mut_slice::<T, _>(&mut params.weight);
        // Of the ones and zeros that stand for a token, one input reaches an output.
        init.fill(weight, vocabulary, (1, size), follows, rng);
    }

    fn forward<T: Real>(
        params: &Self::Params<T>,
        _: &(),
        _: &mut (),
        x: Columns<'_, In, T>,
        mut y: ColumnsMut<'_, Self::Out, T>,
        _: &mut Self::Tape<T>,
        _: &mut Context<'_, T>,
    ) {
        for (y, &id) in y.as_mut_slice().chunks_exact_mut(Size::USIZE).zip(x.ids()) {
            y.copy_from_slice(&params.weight[id as usize]);
        }
    }

    fn backward<T: Real>(
        _: &Self::Params<T>,
        gradient: &mut Self::Params<T>,
        pass: Backward<'_, In, Self::Out, T>,
        touched: &mut Self::Tape<T>,
        cx: &mut Context<'_, T>,
    ) {
        touched.start(&mut gradient.weight, pass.x.ids(), cx.accumulate);
        // In the order of the columns, so that the sums come out the same every time.
        for (dy, &id) in pass.dy.as_slice().chunks_exact(Size::USIZE).zip(pass.x.ids()) {
            elementwise::add(&mut gradient.weight[id as usize], dy);
        }
    }
}

impl<In: Shape, Size: Dimension, V: Value<Init> + 'static> SharesWeight<In> for Embedding<Size, V> {
    const WEIGHT: [usize; 2] = [<In::Channels as typenum::Unsigned>::USIZE, Size::USIZE];

    fn weight<T: Real>(params: &Self::Params<T>) -> &[T] {
        plain::as_slice(&params.weight)
    }

    fn weight_mut<T: Real>(params: &mut Self::Params<T>) -> &mut [T] {
        plain::as_mut_slice(&mut params.weight)
    }
}

/// The ids whose rows of the gradient are not zero, so that clearing it takes as long as there are
/// tokens in a batch, not as there are words in the vocabulary.
#[derive(Debug)]
pub struct Touched<In> {
    ids: Vec<u32>,
    /// Whether all other rows are known to be zero.
    others_zero: bool,
    input: PhantomData<In>,
}

impl<In: Shape> Tape for Touched<In> {
    const MEMORY: Memory = Memory::bytes_per_column(size_of::<u32>() * In::SIZE);

    fn new(columns: usize, _: usize, training: bool) -> Self {
        let capacity = if training { columns * In::SIZE } else { 0 };
        Self { ids: Vec::with_capacity(capacity), others_zero: false, input: PhantomData }
    }
}

impl<In: Shape> Touched<In> {
    /// Prepares `gradient` for sums over the rows of `ids`. It must be the one of the call before,
    /// and elsewhere as that call left it, but for factors.
    pub(super) fn start<T: Real, V: Dimension, Size: Dimension>(
        &mut self,
        gradient: &mut Rows<T, V, Size>,
        ids: &[u32],
        accumulate: bool,
    ) {
        if accumulate {
            // Another layer writes to all rows.
            self.others_zero = false;
            return;
        }
        if self.others_zero {
            for &id in &self.ids {
                gradient[id as usize].fill(T::ZERO);
            }
        } else {
            elementwise::fill(plain::as_mut_slice::<T, _>(gradient), T::ZERO);
        }
        self.ids.clear();
        self.ids.extend_from_slice(ids);
        self.others_zero = true;
    }
}
