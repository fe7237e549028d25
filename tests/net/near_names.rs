//! Layers of a program's own whose names are nearly those of others, or what these are called
//! elsewhere.

use formwork::prelude::*;
use formwork::typenum::U2;

/// Layers of another module.
mod layers {
    macro_rules! repeaters {
        ($($name:ident)*) => {$(
            formwork::layer! {
                /// Gives its first input `Size` times.
                pub struct $name<Size>;
            }

            const _: () = {
                use formwork::layer::prelude::*;

                impl<In: Shape, Size: Dimension> Layer<In> for $name<Size> {
                    type Out = Vector<Size>;
                    formwork::keeps! {}

                    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
                        let Forward { x, mut y, .. } = pass;
                        y.column_iter_mut().enumerate().for_each(|(n, mut y)| y.fill(x[(0, n)]));
                    }

                    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
                        if let Some(mut dx) = pass.dx {
                            dx.fill(T::ZERO);
                        }
                    }
                }
            };
        )*};
    }
    pub(crate) use repeaters;

    repeaters! { Conv3d Linear }

    /// Layers that are imported one by one.
    pub(crate) mod others {
        super::repeaters! { LSTM Danse }
    }
}

use layers::others::{Danse, LSTM as Dence, LSTM};
use layers::*;

formwork::network! { pub(crate) struct Dense2: Vector<2> => Vector<7> { Dense<7> } }

network! { struct Globs: Vector<2> => Vector<2> { a: Conv3d<3>, Linear<4>, Conv3d<2> } }
network! { struct Imports: Vector<2> => Vector<2> { a: LSTM<3>, Danse<4>, Dence<2> } }
network! { struct Beside: Vector<2> => Vector<3> { Dense2, Swish<3> } }
network! { struct Generic<C>: Vector<2> => Vector<C> { Conv3d<3>, Residual { Linear<3> }, Conv3d<C> } }

layers::repeaters! { Swish }

#[test]
fn layers_of_ones_own_come_first() {
    layers::repeaters! { Rleu }
    {
        use layers::others::Danse as Swish;
        network! { struct Inner: Vector<2> => Vector<2> { Rleu<3>, Conv3d<4>, Danse<5>, Swish<2> } }
        network! { struct Again: Vector<2> => Vector<2> { Rleu<2>, Inner, Rleu<2> } }
        assert_eq!(Inner::PARAMETERS, 0);
        assert_eq!(Again::PARAMETERS, 0);
    }
    network! { struct Outer: Vector<2> => Vector<3> { Generic<3> } }
    assert_eq!((Globs::PARAMETERS, Imports::PARAMETERS, Outer::PARAMETERS), (0, 0, 0));
    assert_eq!(Beside::PARAMETERS, 7 * 2 + 7);
    let model = Model::<Globs>::zeroed();
    let mut inference = Inference::<Globs>::new(1);
    let batch = formwork::data::Batch::from_rows([[2.5, 1.0]]).unwrap();
    assert_eq!(inference.run(&model, &batch).as_slice(), [2.5, 2.5]);
    let _ = Linear::<U2>::default();
}
