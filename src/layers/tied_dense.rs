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

use super::dense::{self, Dense};
use crate::arguments::{NotGiven, Tie, Value};
use crate::check::Check;
use crate::init::Init;
use crate::kernel::Real;
use crate::layer::{Backward, Context, Layer, TakesWeight};
use crate::memory::ChannelsFirst;
use crate::plain::Row;
use crate::shape::{Columns, ColumnsMut, Dimension, Shape, Vector};
use core::marker::PhantomData;

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
pub struct TiedDense<Out, V = NotGiven>(PhantomData<(Out, V)>);

impl<Out, V> Tie for Dense<Out, V> {
    type Output = TiedDense<Out, V>;
}

crate::params! {
    /// The parameters of [`TiedDense`].
    pub struct TiedDenseParams<Out> {
        /// `Out`.
        pub bias: Row<T, Out>,
    }
}

impl<In: Shape, Out: Dimension, V: Value<Init> + 'static> Layer<In> for TiedDense<Out, V> {
    type Out = Vector<Out>;
    type Params<T: Real> = TiedDenseParams<Out, T>;
    type Stats<T: Real> = ();
    type State<T: Real> = ();
    type Tape<T: Real> = ChannelsFirst<In, T>;

    const CHECK: Check = <Dense<Out, V> as Layer<In>>::CHECK.and(
        Check::require(
            V::VALUE.is_none(),
            "its weight is that of the layer it is tied to, so it takes no `({})`",
        )
        .text(V::TEXT),
    );
    const OPERATIONS: usize = <Dense<Out, V> as Layer<In>>::OPERATIONS;

    fn forward<T: Real>(
        params: &Self::Params<T>,
        _: &(),
        _: &mut (),
        x: Columns<'_, In, T>,
        y: ColumnsMut<'_, Self::Out, T>,
        tape: &mut Self::Tape<T>,
        cx: &mut Context<'_, T>,
    ) {
        dense::forward(cx.tied, &params.bias, x, y, tape, false);
    }

    fn backward<T: Real>(
        _: &Self::Params<T>,
        gradient: &mut Self::Params<T>,
        pass: Backward<'_, In, Self::Out, T>,
        tape: &mut Self::Tape<T>,
        cx: &mut Context<'_, T>,
    ) {
        if !cx.accumulate {
            gradient.bias.fill(T::ZERO);
        }
        // The gradient by the weight is the sum over all layers that share it.
        dense::backward(cx.tied, (cx.tied_gradient, T::ONE), &mut gradient.bias, pass, tape);
    }
}

impl<In: Shape, Out: Dimension, V: Value<Init> + 'static> TakesWeight<In> for TiedDense<Out, V> {
    const WEIGHT: [usize; 2] = [Out::USIZE, In::SIZE];
}
