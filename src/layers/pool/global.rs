//! The mean of each feature map.
//!
//! ```text
//! forward   y[c] = sum over i, j of x[c, i, j] / (H W)
//! backward  dx[c, i, j] = dy[c] / (H W)
//! ```
//!
//! Shapes: `x` is `Image<C, H, W>`; `y` is `Vector<C>`.

use crate::check::Check;
use crate::kernel::{Real, elementwise};
use crate::layer::{Backward, Context, Layer, Nonlinearity};
use crate::shape::{Columns, ColumnsMut, Shape, Vector, takes_image};

crate::layer! {
    /// The mean of each feature map, as a vector.
    pub struct GlobalAvgPool;
}

impl<In: Shape> Layer<In> for GlobalAvgPool {
    type Out = Vector<In::Channels>;
    type Params<T: Real> = ();
    type Stats<T: Real> = ();
    type State<T: Real> = ();
    type Tape<T: Real> = ();

    const CHECK: Check = takes_image::<In>("GlobalAvgPool");
    const OPERATIONS: usize = In::SIZE;
    const NONLINEARITY: Nonlinearity = Nonlinearity::Transparent;

    fn forward<T: Real>(
        _: &(),
        _: &(),
        _: &mut (),
        x: Columns<'_, In, T>,
        mut y: ColumnsMut<'_, Self::Out, T>,
        _: &mut (),
        _: &mut Context<'_, T>,
    ) {
        let channels = In::DIMS[0];
        let share = T::of(1.0 / (In::SIZE / channels) as f64);
        let samples = x.numbers().chunks_exact(In::SIZE);
        for (y, x) in y.as_mut_slice().chunks_exact_mut(channels).zip(samples) {
            y.fill(T::ZERO);
            x.chunks_exact(channels).for_each(|pixel| elementwise::add(y, pixel));
            y.iter_mut().for_each(|y| *y *= share);
        }
    }

    fn backward<T: Real>(
        _: &(),
        _: &mut (),
        pass: Backward<'_, In, Self::Out, T>,
        _: &mut (),
        _: &mut Context<'_, T>,
    ) {
        let Some(mut dx) = pass.dx else { return };
        let channels = In::DIMS[0];
        let share = T::of(1.0 / (In::SIZE / channels) as f64);
        let samples = dx.as_mut_slice().chunks_exact_mut(In::SIZE);
        for (dx, dy) in samples.zip(pass.dy.as_slice().chunks_exact(channels)) {
            for pixel in dx.chunks_exact_mut(channels) {
                pixel.iter_mut().zip(dy).for_each(|(dx, &dy)| *dx = share * dy);
            }
        }
    }
}
