//! Constants as types.

use formwork::shape::{Integer, digit};
use formwork::typenum;
use formwork::typenum::Unsigned;

type Of<const N: usize> = core::marker::PhantomData<[(); N]>;

macro_rules! fold {
    ($n:expr) => {
        Integer<
            { digit($n, 7) }, { digit($n, 6) }, { digit($n, 5) }, { digit($n, 4) },
            { digit($n, 3) }, { digit($n, 2) }, { digit($n, 1) }, { digit($n, 0) },
        >
    };
}

#[test]
fn folds_to_the_canonical_integer() {
    let _: Of<0> = core::marker::PhantomData;
    assert_eq!(<fold!(0)>::USIZE, 0);
    assert_eq!(<fold!(13_275_200)>::USIZE, 13_275_200);
    assert_eq!(<fold!(0xffff_ffff)>::USIZE, 0xffff_ffff);
    // Leading zeros would make another type of the same number.
    let _: typenum::U1000 = <fold!(1000)>::new();
}
