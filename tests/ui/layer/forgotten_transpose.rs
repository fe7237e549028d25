//! The gradient by the input is `W^T dy`, not `W dy`.
use formwork::layer::{AsMatrix, Rows};
use formwork::shape::{Columns, ColumnsMut, Dimension, product};

fn backward<In: Dimension, Out: Dimension>(
    weight: &Rows<f32, Out, In>,
    dy: Columns<'_, f32, Out>,
    mut dx: ColumnsMut<'_, f32, In>,
) {
    product(&weight.view(), &dy).store(&mut dx);
}

fn main() {}
