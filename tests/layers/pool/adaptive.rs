//! Means of so many windows.

use crate::images::network_agrees;
use formwork::prelude::*;

network! {
    /// Windows of unequal sizes, which overlap.
    struct Uneven: Image<3, 7, 5> => Image<3, 3, 2> {
        AdaptiveAvgPool<3, 2>,
    }
}

#[test]
fn options_agree_with_pytorch() {
    network_agrees::<Uneven>(&[-0.165770604239, 0.527891592345]);
}
