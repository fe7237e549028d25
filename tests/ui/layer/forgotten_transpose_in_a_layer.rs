//! A layer of one's own, whose backward forgets a transposition.
use formwork::kernel::Real;
use formwork::layer::{AsMatrix, Backward, Forward, Layer, Rows};
use formwork::shape::{Dimension, Shape, Transpose, Vector, product};

formwork::layer! {
    pub struct Linear<Out>;
}
formwork::params! { pub struct Weight<Out, In> { pub weight: Rows<T, Out, In>, } }

impl<In: Shape, Out: Dimension> Layer<In> for Linear<Out> {
    type Out = Vector<Out>;
    formwork::keeps! { params: Weight<Out, In::Features, T> }

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { params, x, mut y, .. } = pass;
        product(&params.weight.view(), &x).store(&mut y);
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { gradient, x, dy, cx, .. } = pass;
        product(&x, &dy.t()).accumulate(cx.beta(), &mut gradient.weight.view_mut());
    }
}

fn main() {}
