//! An embedding: a vector for each token of a vocabulary, and of several tokens the mean.
//!
//! ```text
//! forward   y = W^T e    with e = the mean of the ids' unit vectors: W[id], or the mean of such rows
//! backward  dW[id] = sum of dy / count over the columns with that id, once for each time that it is
//!           in one; 0 for tokens that do not occur
//! ```
//!
//! A padding id stands for no token: it has a row of zeros and no gradient, and of a bag it is no
//! part, so that `count` is that of the others, and of none of them the mean is 0.
//!
//! Shapes: `x` is `Token<V>`, which is one id, or `Bag<V, count>`; `y` is `Vector<Size>`; `W` is
//! `V x Size`, row-major, as in the `state_dict` of PyTorch's `Embedding`, and of its `EmbeddingBag`
//! with `mode='mean'`.

mod max;
mod padding;
mod sum;
mod touched;

pub use max::EmbeddingMax;
pub use padding::PaddingId;
pub use sum::EmbeddingSum;
pub use touched::Touched;

use crate::kernel::{Real, elementwise};
use crate::layer::{
    Backward, Forward, Init, Layer, Nonlinearity, NotGiven, Rows, Value, as_mut_slice,
};
use crate::shape::{Check, Dimension, Shape, Vector, slice};
use rand::Rng;
use typenum::Unsigned;

crate::layer! {
    /// A vector of `Size` numbers for each token of the vocabulary; for a bag of tokens the mean of
    /// theirs, in which their order plays no part. [`EmbeddingSum`] takes the sum, [`EmbeddingMax`] the
    /// largest.
    ///
    /// `Embedding<100>`, or `Embedding<100>(Init::Normal(1.0))` for other initial vectors than
    /// normal ones with a standard deviation of 0.01. A later layer may share its matrix:
    /// `tied to embed`.
    ///
    /// `Embedding<100, padding = 0>` has a padding id, with which sequences and bags are made as long
    /// as others. Its vector begins as zeros and gets no gradient from here, as with PyTorch's
    /// `padding_idx`; a tied layer's gradient would move it.
    ///
    /// ```
    /// use formwork::data::{Bags, Batch, Tokens};
    /// use formwork::prelude::*;
    ///
    /// network! { struct Lookup: Token<5> => Vector<2> { embed: Embedding<2> } }
    /// network! { struct Mean: Bag<5, 2> => Vector<2> { embed: Embedding<2> } }
    ///
    /// let mut model = Model::<Lookup>::zeroed();
    /// model.embed.weight[3] = [0.5, -0.5].into();
    /// model.embed.weight[4] = [1.5, 0.0].into();
    /// let tokens = Batch::<Tokens<5>>::from_vec(vec![3, 1])?;
    /// let mut inference = Inference::<Lookup>::new(2);
    /// assert_eq!(inference.run(&model, &tokens).as_slice(), [0.5, -0.5, 0.0, 0.0]);
    ///
    /// let mut mean = Model::<Mean>::zeroed();
    /// mean.embed.weight = model.embed.weight;
    /// let bag = Batch::<Bags<5, 2>>::from_rows([[3, 4]])?;
    /// let mut inference = Inference::<Mean>::new(1);
    /// assert_eq!(inference.run(&mean, &bag).as_slice(), [1.0, -0.25]);
    /// # Ok::<(), formwork::data::DataError>(())
    /// ```
    pub struct Embedding<Size; padding: Padding = NotGiven>(Init);
}

crate::params! {
    /// The parameters of [`Embedding`].
    pub struct EmbeddingParams<Vocabulary, Size> {
        /// `Vocabulary x Size`, row-major: a row for each token.
        pub weight: Rows<T, Vocabulary, Size>,
    }
}

/// Sets the initial vectors, and that of a padding id to zeros.
fn init<In: Shape, Size: Dimension, P: PaddingId, V: Value<Init>, T: Real>(
    params: &mut EmbeddingParams<In::Channels, Size, T>,
    follows: Nonlinearity,
    rng: &mut dyn Rng,
) {
    let init = V::VALUE.unwrap_or(Init::Normal(0.01));
    let weight = as_mut_slice::<T, _>(&mut params.weight);
    // Of the ones and zeros that stand for the tokens, `In::SIZE` reach an output.
    init.fill(weight, In::Channels::USIZE, (In::SIZE, Size::USIZE), follows, rng);
    if let Some(padding) = P::ID {
        params.weight[padding].fill(T::ZERO);
    }
}

/// The tokens of a column, and the share that each has.
fn tokens<T: Real, P: PaddingId>(ids: &[u32]) -> (impl Iterator<Item = usize>, T) {
    let tokens = padding::tokens::<P>(ids);
    let count = if P::ID.is_some() { tokens.clone().count() } else { ids.len() };
    (tokens, T::ONE / T::of(count as f64))
}

impl<In: Shape, Size: Dimension, P: PaddingId, V: Value<Init> + 'static> Layer<In>
    for Embedding<Size, P, V>
{
    type Out = Vector<Size>;
    crate::keeps! { params: EmbeddingParams<In::Channels, Size, T>, tape: Touched<In> }

    const CHECK: Check = Check::require(Size::USIZE > 0, "its vectors are empty: `Embedding<0>`")
        .and(padding::is_known::<P, In>());
    const TAKES_IDS: bool = true;
    const OPERATIONS: usize = if In::SIZE > 1 { In::SIZE.saturating_mul(Size::USIZE) } else { 0 };

    fn init<T: Real>(
        params: &mut Self::Params<T>,
        _: &mut (),
        follows: Nonlinearity,
        rng: &mut dyn Rng,
    ) {
        init::<In, Size, P, V, T>(params, follows, rng);
    }

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { params: EmbeddingParams { weight }, ids, mut y, .. } = pass;
        for (mut y, ids) in y.column_iter_mut().zip(ids.column_iter()) {
            if let [id] = *ids.as_slice() {
                y.as_mut_slice().copy_from_slice(&weight[id as usize]);
                continue;
            }
            y.fill(T::ZERO);
            let (tokens, share) = tokens::<T, P>(ids.as_slice());
            tokens.for_each(|id| elementwise::axpy(y.as_mut_slice(), share, &weight[id]));
        }
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { gradient: EmbeddingParams { weight: dw }, ids, dy, tape, cx, .. } = pass;
        tape.start(dw, slice(&ids), cx.accumulate);
        // In the order of the columns, so that the sums come out the same every time.
        for (dy, ids) in dy.column_iter().zip(ids.column_iter()) {
            let (tokens, share) = tokens::<T, P>(ids.as_slice());
            tokens.for_each(|id| elementwise::axpy(&mut dw[id], share, dy.as_slice()));
        }
    }
}

/// The weight that another layer may share, of a layer with [`EmbeddingParams`].
macro_rules! shares_weight {
    ($layer:ident) => {
        impl<In, Size, P, V> $crate::layer::SharesWeight<In> for $layer<Size, P, V>
        where
            In: Shape,
            Size: Dimension,
            P: PaddingId,
            V: Value<Init> + 'static,
        {
            const WEIGHT: [usize; 2] = [In::DIMS[0], Size::USIZE];

            fn weight<T: Real>(params: &Self::Params<T>) -> &[T] {
                $crate::layer::as_slice(&params.weight)
            }

            fn weight_mut<T: Real>(params: &mut Self::Params<T>) -> &mut [T] {
                $crate::layer::as_mut_slice(&mut params.weight)
            }
        }
    };
}
use shares_weight;

shares_weight!(Embedding);
