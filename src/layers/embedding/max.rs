//! An embedding of bags: of a vector for each token the largest numbers.
//!
//! ```text
//! forward   y[f] = the largest W[id][f] of the ids
//! backward  dW[id][f] = sum of dy[f] over the columns in which W[id][f] is the largest, the first of
//!           them where several are
//! ```
//!
//! A padding id stands for no token: it is never the largest and has no gradient, so that bags may
//! hold different numbers of tokens. Of none, `y` is 0.
//!
//! Shapes: `x` is `Bag<V, count>`, or `Token<V>`; `y` is `Vector<Size>`; `W` is `V x Size`, row-major,
//! as in the `state_dict` of PyTorch's `EmbeddingBag` with `mode='max'`.

use super::padding::{PaddingId, is_known, tokens};
use super::{EmbeddingParams, Touched, shares_weight};
use crate::kernel::{Real, elementwise};
use crate::layer::{Backward, Forward, Init, Layer, Nonlinearity, NotGiven, Value};
use crate::shape::{Check, Dimension, Shape, Vector, slice};
use rand::Rng;

crate::layer! {
    /// For each of `Size` numbers the largest that a bag's tokens have; their order plays no part.
    ///
    /// `EmbeddingMax<100>`, or `EmbeddingMax<100>(Init::Normal(1.0))` for other initial vectors than
    /// normal ones with a standard deviation of 0.01. [`Embedding`](super::Embedding) takes the mean,
    /// [`EmbeddingSum`](super::EmbeddingSum) the sum.
    ///
    /// Keyed argument: `padding`, an id that stands for no token; none unless given.
    pub struct EmbeddingMax<Size; padding: Padding = NotGiven>(Init);
}

/// The larger of the two, or what is not a number.
#[inline(always)]
fn larger<T: Real>(y: T, w: T) -> T {
    if exceeds(w, y) { w } else { y }
}

#[inline(always)]
fn exceeds<T: Real>(w: T, y: T) -> bool {
    w > y || w.partial_cmp(&w).is_none()
}

impl<In, Size, P, V> Layer<In> for EmbeddingMax<Size, P, V>
where
    In: Shape,
    Size: Dimension,
    P: PaddingId,
    V: Value<Init> + 'static,
{
    type Out = Vector<Size>;
    crate::keeps! { params: EmbeddingParams<In::Channels, Size, T>, tape: Touched<In> }

    const CHECK: Check =
        Check::require(Size::USIZE > 0, "its vectors are empty: `EmbeddingMax<0>`")
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
            let (y, mut tokens) = (y.as_mut_slice(), tokens::<P>(ids.as_slice()));
            match tokens.next() {
                Some(first) => y.copy_from_slice(&weight[first]),
                None => y.fill(T::ZERO),
            }
            for id in tokens {
                elementwise::zip(y, &weight[id], larger);
            }
        }
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { params: EmbeddingParams { weight }, gradient, ids, dy, tape, cx, .. } = pass;
        let dw = &mut gradient.weight;
        tape.start(dw, slice(&ids), cx.accumulate);
        for (dy, ids) in dy.column_iter().zip(ids.column_iter()) {
            let tokens = tokens::<P>(ids.as_slice());
            for (f, &dy) in dy.iter().enumerate() {
                let better =
                    |a: usize, b: usize| if exceeds(weight[b][f], weight[a][f]) { b } else { a };
                if let Some(largest) = tokens.clone().reduce(better) {
                    dw[largest][f] += dy;
                }
            }
        }
    }
}

shares_weight!(EmbeddingMax);
