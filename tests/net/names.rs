//! Names that a network may have, and its layers.

#![allow(non_snake_case, non_camel_case_types, reason = "names that only a test would choose")]

use formwork::prelude::*;

network! { struct A: Vector<2> => Vector<2> { b_c: Dense<2>, Residual { x: Dense<2> }, residual1_x: Dense<2> } }
network! { struct A_b: Vector<2> => Vector<2> { c: Dense<2>, r: Residual { Out: Relu, x: Dense<2> }, r_x: Dense<2>, r_Out: Tanh } }
network! { struct In: Vector<2> => Vector<2> { T: Dense<3>, __values: Relu, __dims: Dense<2> } }
network! { struct T<In, __In>: Vector<2> => Vector<__In> { fc: Dense<In>, r: Residual { __dims: Dense<In>, __values: Relu }, __dims: Dense<__In> } }
network! { struct Argument: Vector<2> => Vector<4> { In: In, T: T<3, 4> } }
network! { struct Generic<Argument>: Vector<2> => Vector<Argument> { Argument: Dense<Argument> } }
network! { struct Around: Vector<2> => Vector<4> { A: A, A_b: A_b, Generic: Generic<4>, r#type: Relu } }

#[test]
fn names_that_code_of_the_macro_might_have_are_free() {
    assert_eq!(A::PARAMETERS, 18);
    assert_eq!(A_b::PARAMETERS, 18);
    assert_eq!(In::PARAMETERS, 9 + 8);
    assert_eq!(Argument::PARAMETERS, 17 + (9 + 12 + 16));
    assert_eq!(Around::PARAMETERS, 36 + 12);
}
