//! A dense (fully connected, affine) layer: `y = W x + b`.
//!
//! ```text
//! forward   y = W x + b
//! backward  dW = dy x^T    db = sum of dy over the samples    dx = W^T dy
//! ```
//!
//! Shapes: `x` is `In`, an image taken as a flat vector in the order channels, height, width;
//! `y` is `Vector<Out>`; `W` is `Out x In`, row-major, as in a PyTorch `state_dict`.

use super::{Activation, Relu};
use crate::arguments::Value;
use crate::check::Check;
use crate::init::Init;
use crate::kernel::{
    Finish, MatMut, MatRef, NEAR, Real, columns, elementwise, gemm, gemm_with, is_small, matvec,
};
use crate::layer::{Backward, Context, Fusion, Layer, Nonlinearity, SharesWeight};
use crate::memory::{ChannelsFirst, differs};
use crate::plain::{self, Row, Rows};
use crate::shape::{Columns, ColumnsMut, Dimension, Shape, Vector};
use rand::Rng;

crate::layer! {
    /// A dense layer with `Out` outputs: `y = W x + b`.
    ///
    /// `Dense<100>`, or `Dense<100>(Init::Normal(0.01))` for other initial weights than those
    /// that suit the layer after it.
    pub struct Dense<Out>(Init);
}

crate::params! {
    /// The parameters of [`Dense`].
    pub struct DenseParams<Out, In> {
        /// `Out x In`, row-major.
        pub weight: Rows<T, Out, In>,
        /// `Out`.
        pub bias: Row<T, Out>,
    }
}

impl<In: Shape, Out: Dimension, V: Value<Init> + 'static> Layer<In> for Dense<Out, V> {
    type Out = Vector<Out>;
    type Params<T: Real> = DenseParams<Out, In::Features, T>;
    type Stats<T: Real> = ();
    type State<T: Real> = ();
    type Tape<T: Real> = ChannelsFirst<In, T>;

    const CHECK: Check =
        Check::require(Out::USIZE > 0, "it has no outputs: `Dense<0>`").and(Check::require(
            In::NUMERIC,
            "Dense takes numbers, but is given token ids: embed them first",
        ));
    const OPERATIONS: usize = Out::USIZE.saturating_mul(In::SIZE).saturating_mul(2);
    const FUSION: Fusion = Fusion { rectifies: true, ..Fusion::NONE };

    fn init<T: Real>(
        params: &mut Self::Params<T>,
        _: &mut (),
        follows: Nonlinearity,
        rng: &mut dyn Rng,
    ) {
        let init = V::VALUE.unwrap_or_default();
        let weight = plain::as_mut_slice::<T, _>(&mut params.weight);
        init.fill(weight, Out::USIZE, (In::SIZE, Out::USIZE), follows, rng);
    }

    fn forward<T: Real>(
        params: &Self::Params<T>,
        _: &(),
        _: &mut (),
        x: Columns<'_, In, T>,
        y: ColumnsMut<'_, Self::Out, T>,
        tape: &mut Self::Tape<T>,
        cx: &mut Context<'_, T>,
    ) {
        forward(plain::as_slice(&params.weight), &params.bias, x, y, tape, cx.fused.after);
    }

    fn backward<T: Real>(
        params: &Self::Params<T>,
        gradient: &mut Self::Params<T>,
        pass: Backward<'_, In, Self::Out, T>,
        tape: &mut Self::Tape<T>,
        cx: &mut Context<'_, T>,
    ) {
        let beta = if cx.accumulate { T::ONE } else { T::ZERO };
        if !cx.accumulate {
            gradient.bias.fill(T::ZERO);
        }
        let (weight, dweight) =
            (plain::as_slice(&params.weight), plain::as_mut_slice(&mut gradient.weight));
        backward(weight, (dweight, beta), &mut gradient.bias, pass, tape);
    }
}

/// `y = W x + b`, and 0 where that is negative if it is to `rectify`.
pub(super) fn forward<In: Shape, Out: Dimension, T: Real>(
    weight: &[T],
    bias: &[T],
    x: Columns<'_, In, T>,
    mut y: ColumnsMut<'_, Vector<Out>, T>,
    tape: &mut ChannelsFirst<In, T>,
    rectify: bool,
) {
    let (n, x) = (x.count(), tape.enter(x));
    // Where every nanosecond counts: one sample, a small layer.
    if is_small::<Out, In::Features>() && n == 1 {
        matvec::<Out, In::Features, T>(y.as_mut_slice(), weight, x, bias);
        if rectify {
            elementwise::map(y.as_mut_slice(), |y| Relu::function(y));
        }
        return;
    }
    gemm_with(
        MatMut::col_major(y.as_mut_slice(), Out::USIZE, n),
        MatRef::row_major(weight, Out::USIZE, In::SIZE),
        MatRef::col_major(x, In::SIZE, n),
        Finish { beta: T::ZERO, bias: Some(bias), relu: rectify },
    );
}

/// `dW = beta dW + dy x^T`, `db += sum of dy`, `dx = W^T dy`, in blocks of outputs whose part of `dy`
/// stays in the cache for all three.
pub(super) fn backward<In: Shape, Out: Dimension, T: Real>(
    weight: &[T],
    (dweight, beta): (&mut [T], T),
    dbias: &mut [T],
    mut pass: Backward<'_, In, Vector<Out>, T>,
    tape: &mut ChannelsFirst<In, T>,
) {
    let (n, outputs, inputs) = (pass.x.count(), Out::USIZE, In::SIZE);
    // The gradient by an image takes the place of what was entered: that is for all at once.
    let most = if differs::<In>() { outputs } else { (NEAR / n.max(1)).next_multiple_of(64) };
    for first in (0..outputs).step_by(most) {
        let count = most.min(outputs - first);
        let rows = first * inputs..(first + count) * inputs;
        let dy = MatRef::new(&pass.dy.as_slice()[first..], count, n, 1, outputs);
        let x = MatRef::col_major(tape.entered(pass.x), inputs, n);
        let dweight = MatMut::row_major(&mut dweight[rows.clone()], count, inputs);
        gemm(dweight, beta, dy, x.t());
        let dbias = &mut dbias[first..][..count];
        columns::add_sum_from(dbias, pass.dy.as_slice(), outputs, first);
        if let Some(dx) = &mut pass.dx {
            let weight = MatRef::row_major(&weight[rows], count, inputs);
            let beta = if first == 0 { T::ZERO } else { T::ONE };
            tape.leave(dx.reborrow(), |dx| {
                gemm(MatMut::col_major(dx, inputs, n), beta, weight.t(), dy);
            });
        }
    }
}

impl<In: Shape, Out: Dimension, V: Value<Init> + 'static> SharesWeight<In> for Dense<Out, V> {
    const WEIGHT: [usize; 2] = [Out::USIZE, In::SIZE];

    fn weight<T: Real>(params: &Self::Params<T>) -> &[T] {
        plain::as_slice(&params.weight)
    }

    fn weight_mut<T: Real>(params: &mut Self::Params<T>) -> &mut [T] {
        plain::as_mut_slice(&mut params.weight)
    }
}
