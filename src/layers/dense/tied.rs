//! A dense layer with the weight of another layer: `y = W x + b`, where only `b` is its own.
//!
//! ```text
//! forward   y = W x + b
//! backward  dW += dy x^T    db = sum of dy over the samples    dx = W^T dy
//! ```
//!
//! Shapes: as [`Dense`]; `W` is `Out x In`, row-major, and belongs to the layer that is named by
//! `tied to`: another dense layer of the same sizes, or an embedding of `Out` tokens in vectors of
//! `In`.

use super::super::switch::given;
use super::{Biases, Dense, backward};
use crate::kernel::Real;
use crate::layer::{
    Backward, Entered, Forward, Init, Layer, NotGiven, Row, TakesWeight, Tie, Value, rows, rows_mut,
};
use crate::shape::{Check, Dimension, Shape, Vector, product};
use core::marker::PhantomData;
use typenum::U1;

/// What `Dense<Out> tied to ..` stands for: a dense layer with the weight of another.
///
/// ```
/// use formwork::prelude::*;
///
/// network! {
///     struct Autoencoder: Vector<8> => Vector<8> {
///         first: Dense<8>, Tanh, second: Dense<8> tied to first
///     }
/// }
/// assert_eq!(Autoencoder::PARAMETERS, 8 * 8 + 8 + 8);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct TiedDense<Out, V = NotGiven, Bias = U1>(PhantomData<(Out, V, Bias)>);

impl<Out, Bias, V> Tie for Dense<Out, Bias, V> {
    type Output = TiedDense<Out, V, Bias>;
}

crate::params! {
    /// The parameters of [`TiedDense`].
    pub struct TiedDenseParams<Biases> {
        /// `Out`, or nothing.
        pub bias: Row<T, Biases>,
    }
}

impl<In, Out, V, Bias> Layer<In> for TiedDense<Out, V, Bias>
where
    In: Shape,
    Out: Dimension,
    V: Value<Init> + 'static,
    Bias: Dimension,
{
    type Out = Vector<Out>;
    crate::keeps! { params: TiedDenseParams<Biases<Out, Bias>, T>, tape: Entered<In, T> }

    const CHECK: Check = <Dense<Out, Bias, V> as Layer<In>>::CHECK.and(
        Check::require(
            V::VALUE.is_none(),
            "its weight is that of the layer it is tied to, so it takes no `({})`",
        )
        .text(V::TEXT),
    );
    const OPERATIONS: usize = <Dense<Out, Bias, V> as Layer<In>>::OPERATIONS;

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { params, x, mut y, tape, cx, .. } = pass;
        let w = rows::<Out, In::Features, T>(cx.tied);
        product(&w, &tape.enter(x)).plus_any(given(&params.bias)).store(&mut y);
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { gradient, x, dy, dx, tape, cx, .. } = pass;
        if !cx.accumulate {
            gradient.bias.fill(T::ZERO);
        }
        // The gradient by the weight is the sum over all layers that share it.
        let (w_t, dw_t) = (rows(cx.tied).t(), rows_mut(cx.tied_gradient).t());
        backward(w_t, (dw_t, T::ONE), &mut gradient.bias, (x, dy, dx), tape);
    }
}

impl<In, Out, V, Bias> TakesWeight<In> for TiedDense<Out, V, Bias>
where
    In: Shape,
    Out: Dimension,
    V: Value<Init> + 'static,
    Bias: Dimension,
{
    const WEIGHT: [usize; 2] = [Out::USIZE, In::SIZE];
}
