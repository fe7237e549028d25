//! What a layer is handed in a pass.

use super::{Context, Layer};
use crate::kernel::Real;
use crate::shape::{Columns, ColumnsMut, Shape};

/// The features of the shape that a layer gives.
pub type Features<L, In> = <<L as Layer<In>>::Out as Shape>::Features;

/// What a layer goes forward with. Every matrix has a column for each sample, or for each step of
/// each sequence.
pub struct Forward<'a, L: Layer<In>, In: Shape, T: Real> {
    /// What is trained.
    pub params: &'a L::Params<T>,
    /// What is not trained but belongs to the model.
    pub stats: &'a L::Stats<T>,
    /// What is carried from one call to the next.
    pub state: &'a mut L::State<T>,
    /// What backward is to find, and memory of the layer's own.
    pub tape: &'a mut L::Tape<T>,
    /// `In x n`: the input. An image lies pixel by pixel, row after row, the channels of a pixel side
    /// by side. No columns for a layer that works [in place](Layer::IN_PLACE) or takes ids.
    pub x: Columns<'a, T, In::Features>,
    /// The input of a layer that [takes ids](Layer::TAKES_IDS); no columns for others.
    pub ids: Columns<'a, u32, In::Features>,
    /// `Out x m`: where the output goes, with anything in it (the input, of a layer that works in
    /// place).
    pub y: ColumnsMut<'a, T, Features<L, In>>,
    /// The circumstances.
    pub cx: Context<'a, T>,
}

/// What a layer goes backward with.
pub struct Backward<'a, L: Layer<In>, In: Shape, T: Real> {
    /// What is trained.
    pub params: &'a L::Params<T>,
    /// Where the gradient by the parameters goes; see [`Context::accumulate`].
    pub gradient: &'a mut L::Params<T>,
    /// What forward left.
    pub tape: &'a mut L::Tape<T>,
    /// `In x n`: what went in; no columns as in [`Forward::x`].
    pub x: Columns<'a, T, In::Features>,
    /// What went in, of a layer that [takes ids](Layer::TAKES_IDS).
    pub ids: Columns<'a, u32, In::Features>,
    /// `Out x m`: what came out (perhaps no columns, or others, for a layer without
    /// [`Layer::NEEDS_OUTPUT`]).
    pub y: Columns<'a, T, Features<L, In>>,
    /// `Out x m`: the gradient of the loss by `y`, which may be overwritten.
    pub dy: ColumnsMut<'a, T, Features<L, In>>,
    /// `In x n`: where the gradient by `x` goes; `None` when nobody asks for it.
    pub dx: Option<ColumnsMut<'a, T, In::Features>>,
    /// The circumstances.
    pub cx: Context<'a, T>,
}
