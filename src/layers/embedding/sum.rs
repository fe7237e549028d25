//! An embedding of bags: the sum of a vector for each token.
//!
//! ```text
//! forward   y = the sum of W[id] over the ids
//! backward  dW[id] = sum of dy over the columns with that id, once for each time that it is in one
//! ```
//!
//! A padding id stands for no token: it adds nothing and has no gradient, so that bags may hold
//! different numbers of tokens.
//!
//! Shapes: `x` is `Bag<V, count>`, or `Token<V>`; `y` is `Vector<Size>`; `W` is `V x Size`, row-major,
//! as in the `state_dict` of PyTorch's `EmbeddingBag` with `mode='sum'`.

use super::padding::{PaddingId, is_known, tokens};
use super::{EmbeddingParams, Touched, shares_weight};
use crate::kernel::{Real, elementwise};
use crate::layer::{Backward, Forward, Init, Layer, Nonlinearity, NotGiven, Value};
use crate::shape::{Check, Dimension, Shape, Vector, slice};
use rand::Rng;

crate::layer! {
    /// The sum of a vector of `Size` numbers for each token of a bag, in which their order plays no
    /// part.
    ///
    /// `EmbeddingSum<100>`, or `EmbeddingSum<100>(Init::Normal(1.0))` for other initial vectors than
    /// normal ones with a standard deviation of 0.01. A later layer may share its matrix:
    /// `tied to embed`. [`Embedding`](super::Embedding) takes the mean, [`EmbeddingMax`](super::EmbeddingMax) the largest.
    ///
    /// Keyed argument: `padding`, an id that stands for no token; none unless given.
    ///
    /// ```
    /// use formwork::data::{Bags, Batch};
    /// use formwork::prelude::*;
    ///
    /// network! { struct Counts: Bag<5, 3> => Vector<2> { embed: EmbeddingSum<2, padding = 0> } }
    ///
    /// let mut model = Model::<Counts>::zeroed();
    /// model.embed.weight[3] = [0.5, -0.5].into();
    /// model.embed.weight[4] = [1.5, 0.0].into();
    /// let bags = Batch::<Bags<5, 3>>::from_rows([[3, 4, 4], [3, 0, 0]])?;
    /// let mut inference = Inference::<Counts>::new(2);
    /// assert_eq!(inference.run(&model, &bags).as_slice(), [3.5, -0.5, 0.5, -0.5]);
    /// # Ok::<(), formwork::data::DataError>(())
    /// ```
    pub struct EmbeddingSum<Size; padding: Padding = NotGiven>(Init);
}

impl<In, Size, P, V> Layer<In> for EmbeddingSum<Size, P, V>
where
    In: Shape,
    Size: Dimension,
    P: PaddingId,
    V: Value<Init> + 'static,
{
    type Out = Vector<Size>;
    crate::keeps! { params: EmbeddingParams<In::Channels, Size, T>, tape: Touched<In> }

    const CHECK: Check =
        Check::require(Size::USIZE > 0, "its vectors are empty: `EmbeddingSum<0>`")
            .and(is_known::<P, In>());
    const TAKES_IDS: bool = true;
    const OPERATIONS: usize = In::SIZE.saturating_mul(Size::USIZE);

    fn init<T: Real>(
        params: &mut Self::Params<T>,
        _: &mut (),
        follows: Nonlinearity,
        rng: &mut dyn Rng,
    ) {
        super::init::<In, Size, P, V, T>(params, follows, rng);
    }

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { params: EmbeddingParams { weight }, ids, mut y, .. } = pass;
        for (mut y, ids) in y.column_iter_mut().zip(ids.column_iter()) {
            y.fill(T::ZERO);
            tokens::<P>(ids.as_slice())
                .for_each(|id| elementwise::add(y.as_mut_slice(), &weight[id]));
        }
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { gradient: EmbeddingParams { weight: dw }, ids, dy, tape, cx, .. } = pass;
        tape.start(dw, slice(&ids), cx.accumulate);
        for (dy, ids) in dy.column_iter().zip(ids.column_iter()) {
            tokens::<P>(ids.as_slice()).for_each(|id| elementwise::add(&mut dw[id], dy.as_slice()));
        }
    }
}

shares_weight!(EmbeddingSum);
