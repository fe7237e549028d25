//! Arguments that say yes or no, and parameters that are there or not.

use crate::layer::Row;
use crate::shape::{Check, Dimension};

/// That the argument `key` is 1 for `yes`, or 0 for `no`.
pub const fn switch(key: &'static str, value: usize, [yes, no]: [&'static str; 2]) -> Check {
    Check::require(value <= 1, "`{}` is 1 for {} or 0 for {}, but is {}")
        .text(key)
        .text(yes)
        .text(no)
        .number(value)
}

/// A parameter of `Len` numbers, or `None` where a layer was declared without it: it has none then.
#[inline(always)]
pub fn given<T, Len: Dimension>(row: &[T]) -> Option<&Row<T, Len>> {
    Row::try_from_slice(row).ok()
}
