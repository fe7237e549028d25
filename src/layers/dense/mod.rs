//! A dense (fully connected, affine) layer: `y = W x + b`.
//!
//! ```text
//! forward   y = W x + b
//! backward  dW = dy x^T    db = sum of dy over the samples    dx = W^T dy
//! ```
//!
//! Shapes: `x` is `In`, an image taken as a flat vector in the order channels, height, width;
//! `y` is `Vector<Out>`; `W` is `Out x In`, row-major, as in a PyTorch `state_dict`. `b` is `Out`, or
//! not there.

mod tied;

pub use tied::{TiedDense, TiedDenseParams};

use super::switch::{given, switch};
use crate::kernel::{NEAR, Real, is_small};
use crate::layer::{
    AsMatrix, Backward, Entered, FEW_LANES, Forward, Fusion, Init, Layer, Nonlinearity, Row, Rows,
    SharesWeight, Turned, TurnedMut, Value, as_mut_slice, as_slice,
};
use crate::shape::{
    Check, Columns, ColumnsMut, Dimension, Shape, Transpose, Vector, add_sum_from, differs, product,
};
use nalgebra::Dyn;
use rand::Rng;
use typenum::U1;

crate::layer! {
    /// A dense layer with `Out` outputs: `y = W x + b`.
    ///
    /// `Dense<100>`, or `Dense<100>(Init::Normal(0.01))` for other initial weights than those
    /// that suit the layer after it.
    ///
    /// Keyed argument: `bias` (1; 0 for none, as before a [`BatchNorm`](super::BatchNorm), which takes
    /// any away again).
    ///
    /// ```
    /// use formwork::prelude::*;
    ///
    /// network! {
    ///     struct Projection: Vector<8> => Vector<4> { fc: Dense<4, bias = 0>, BatchNorm, Relu }
    /// }
    /// assert_eq!(Projection::PARAMETERS, 4 * 8 + 2 * 4);
    /// ```
    pub struct Dense<Out; bias: Bias = U1>(Init);
}

crate::params! {
    /// The parameters of [`Dense`].
    pub struct DenseParams<Out, In, Biases> {
        /// `Out x In`, row-major.
        pub weight: Rows<T, Out, In>,
        /// `Out`, or nothing.
        pub bias: Row<T, Biases>,
    }
}

/// The number of biases.
type Biases<Out, Bias> = <Out as Dimension>::Times<Bias>;

impl<In, Out, Bias, V> Layer<In> for Dense<Out, Bias, V>
where
    In: Shape,
    Out: Dimension,
    Bias: Dimension,
    V: Value<Init> + 'static,
{
    type Out = Vector<Out>;
    crate::keeps! {
        params: DenseParams<Out, In::Features, Biases<Out, Bias>, T>,
        tape: Entered<In, T>,
    }

    const CHECK: Check = Check::require(Out::USIZE > 0, "it has no outputs: `Dense<0>`")
        .and(switch("bias", Bias::USIZE, ["a bias", "none"]));
    const OPERATIONS: usize = Out::USIZE.saturating_mul(In::SIZE).saturating_mul(2);
    const FUSION: Fusion = Fusion { rectifies: true, ..Fusion::NONE };

    fn init<T: Real>(
        params: &mut Self::Params<T>,
        _: &mut (),
        follows: Nonlinearity,
        rng: &mut dyn Rng,
    ) {
        let init = V::VALUE.unwrap_or_default();
        let weight = as_mut_slice::<T, _>(&mut params.weight);
        init.fill(weight, Out::USIZE, (In::SIZE, Out::USIZE), follows, rng);
    }

    #[inline]
    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { params: DenseParams { weight: w, bias }, x, mut y, tape, cx, .. } = pass;
        let (x, w, rectify) = (tape.enter(x), w.view(), cx.fused.after);
        // Of a signal: what is played, or sequences of several steps.
        let steps = !cx.is_training() && (cx.played || x.ncols() > cx.lanes);
        let few = cfg!(feature = "batches") && steps && cx.lanes <= FEW_LANES;
        let (n, alone) = (x.ncols(), few && is_small::<Out, In::Features>());
        // Each column by itself, as a single step is, or all at once.
        let at_once = if alone { 1 } else { n.max(1) };
        for i in (0..n).step_by(at_once) {
            let (x, mut y) =
                (x.columns_generic(i, Dyn(at_once)), y.columns_generic_mut(i, Dyn(at_once)));
            product(&w, &x).plus_any(given(bias)).rectified(rectify).store(&mut y);
        }
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { params, gradient, x, dy, dx, tape, cx, .. } = pass;
        let DenseParams { weight: dw, bias: db } = gradient;
        if !cx.accumulate {
            db.fill(T::ZERO);
        }
        backward(params.weight.t(), (dw.t_mut(), cx.beta()), db, (x, dy, dx), tape);
    }
}

/// `x`, `dy` and `dx` of a backward pass.
type Pass<'a, T, In, Out> =
    (Columns<'a, T, In>, ColumnsMut<'a, T, Out>, Option<ColumnsMut<'a, T, In>>);

/// `dW = beta dW + dy x^T`, `db += sum of dy`, `dx = W^T dy`, in blocks of outputs whose part of `dy`
/// stays in the cache for all three. Weights are seen as their transposes, `In x Out`.
fn backward<In: Shape, Out: Dimension, Biases: Dimension, T: Real>(
    w_t: Turned<'_, T, Out, In::Features>,
    (mut dw_t, beta): (TurnedMut<'_, T, Out, In::Features>, T),
    db: &mut Row<T, Biases>,
    (x, dy, mut dx): Pass<'_, T, In::Features, Out>,
    tape: &mut Entered<In, T>,
) {
    // The gradient by an image takes the place of what was entered: that is for all at once.
    let near = (NEAR / x.ncols().max(1)).next_multiple_of(64);
    let most = if differs::<In>() { Out::USIZE } else { near };
    for first in (0..Out::USIZE).step_by(most) {
        let block = Dyn(most.min(Out::USIZE - first));
        let (w_t, mut dw_t) =
            (w_t.columns_generic(first, block), dw_t.columns_generic_mut(first, block));
        if !db.is_empty() {
            add_sum_from(&mut db[first..][..block.0], &dy, first);
        }
        let dy = dy.rows_generic(first, block);
        product(&tape.entered(x), &dy.t()).accumulate(beta, &mut dw_t);
        if let Some(dx) = &mut dx {
            let beta = if first == 0 { T::ZERO } else { T::ONE };
            tape.leave(dx, |dx| product(&w_t, &dy).accumulate(beta, dx));
        }
    }
}

impl<In, Out, Bias, V> SharesWeight<In> for Dense<Out, Bias, V>
where
    In: Shape,
    Out: Dimension,
    Bias: Dimension,
    V: Value<Init> + 'static,
{
    const WEIGHT: [usize; 2] = [Out::USIZE, In::SIZE];

    fn weight<T: Real>(params: &Self::Params<T>) -> &[T] {
        as_slice(&params.weight)
    }

    fn weight_mut<T: Real>(params: &mut Self::Params<T>) -> &mut [T] {
        as_mut_slice(&mut params.weight)
    }
}
