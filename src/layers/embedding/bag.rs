//! The mean of the embeddings of several tokens.
//!
//! ```text
//! forward   y = sum of W[id] over the ids of the bag / count
//! backward  dW[id] = sum of dy / count over the bags with that id, once for each time that it is in
//!           one; 0 for tokens that do not occur
//! ```
//!
//! Shapes: `x` is `Bag<V, count>` (or `Token<V>`, a bag of one); `y` is `Vector<Size>`; `W` is
//! `V x Size`, row-major, as in the `state_dict` of PyTorch's `EmbeddingBag` with `mode='mean'`.

use super::embedding::{EmbeddingParams, Touched};
use crate::arguments::Value;
use crate::check::Check;
use crate::init::Init;
use crate::kernel::{Real, elementwise};
use crate::layer::{Backward, Context, Layer, Nonlinearity, SharesWeight};
use crate::plain;
use crate::shape::{Columns, ColumnsMut, Dimension, Shape, Vector};
use rand::Rng;

crate::layer! {
    /// The mean of the vectors of several tokens, each of `Size` numbers.
    ///
    /// `EmbeddingBag<100>`, or `EmbeddingBag<100>(Init::Normal(1.0))` for other initial vectors than
    /// normal ones with a standard deviation of 0.01. The order of the tokens plays no part.
    ///
    /// ```
    /// use formwork::data::{Bags, Batch};
    /// use formwork::prelude::*;
    ///
    /// network! {
    ///     struct Mean: Bag<5, 2> => Vector<2> { embed: EmbeddingBag<2> }
    /// }
    ///
    /// let mut model = Model::<Mean>::zeroed();
    /// model.embed.weight[3] = [0.5, -0.5].into();
    /// model.embed.weight[4] = [1.5, 0.0].into();
    /// let mut inference = Inference::<Mean>::new(1);
    /// let bag = Batch::<Bags<5, 2>>::from_rows([[3, 4]])?;
    /// assert_eq!(inference.run(&model, &bag), [1.0, -0.25]);
    /// # Ok::<(), formwork::data::DataError>(())
    /// ```
    pub struct EmbeddingBag<Size>(Init);
}

impl<In: Shape, Size: Dimension, V: Value<Init> + 'static> Layer<In> for EmbeddingBag<Size, V> {
    type Out = Vector<Size>;
    type Params<T: Real> = EmbeddingParams<In::Channels, Size, T>;
    type Stats<T: Real> = ();
    type State<T: Real> = ();
    type Tape<T: Real> = Touched<In>;

    const CHECK: Check = Check::require(
        Size::USIZE > 0,
        "its vectors are empty: `EmbeddingBag<0>`",
    )
    .and(Check::require(
        !In::NUMERIC,
        "EmbeddingBag takes token ids, but is given numbers: it comes first in a network that takes a `Bag<vocabulary, count>`",
    ));
    const OPERATIONS: usize = In::SIZE.saturating_mul(Size::USIZE);

    fn init<T: Real>(
        params: &mut Self::Params<T>,
        _: &mut (),
        follows: Nonlinearity,
        rng: &mut dyn Rng,
    ) {
        let init = V::VALUE.unwrap_or(Init::Normal(0.01));
        let (vocabulary, size) = (<In::Channels as typenum::Unsigned>::USIZE, Size::USIZE);
        let weight = plain::as_mut_slice::<T, _>(&mut params.weight);
        // Of the ones and zeros that stand for the bag, `In::SIZE` reach an output.
        init.fill(weight, vocabulary, (In::SIZE, size), follows, rng);
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
        let share = T::ONE / T::of(In::SIZE as f64);
        let bags = x.ids().chunks_exact(In::SIZE);
        for (y, bag) in y.as_mut_slice().chunks_exact_mut(Size::USIZE).zip(bags) {
            y.fill(T::ZERO);
            for &id in bag {
                elementwise::axpy(y, share, &params.weight[id as usize]);
            }
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
        let share = T::ONE / T::of(In::SIZE as f64);
        let bags = pass.x.ids().chunks_exact(In::SIZE);
        for (dy, bag) in pass.dy.as_slice().chunks_exact(Size::USIZE).zip(bags) {
            for &id in bag {
                elementwise::axpy(&mut gradient.weight[id as usize], share, dy);
            }
        }
    }
}

impl<In: Shape, Size: Dimension, V: Value<Init> + 'static> SharesWeight<In>
    for EmbeddingBag<Size, V>
{
    const WEIGHT: [usize; 2] = [<In::Channels as typenum::Unsigned>::USIZE, Size::USIZE];

    fn weight<T: Real>(params: &Self::Params<T>) -> &[T] {
        plain::as_slice(&params.weight)
    }

    fn weight_mut<T: Real>(params: &mut Self::Params<T>) -> &mut [T] {
        plain::as_mut_slice(&mut params.weight)
    }
}
