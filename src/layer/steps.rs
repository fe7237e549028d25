//! What a layer does to the number of steps.

use crate::shape::Check;

/// So many steps looks a layer back whose outputs depend on all of them, as those of a recurrent one do.
pub const UNLIMITED: usize = usize::MAX;

/// What a layer does to the steps of a sequence, of which each is a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Steps {
    /// As many come out as go in.
    Kept,
    /// One comes out, of each sequence.
    One,
}

impl Steps {
    /// What two layers do, one after the other.
    #[must_use]
    pub const fn then(self, next: Self) -> Self {
        match self {
            Self::Kept => next,
            Self::One => Self::One,
        }
    }

    /// The number of columns that come out when `columns` go in, in `lanes` sequences.
    pub const fn columns(self, columns: usize, lanes: usize) -> usize {
        match self {
            Self::One if lanes < columns => lanes,
            _ => columns,
        }
    }

    /// That they are kept inside of `what`, which goes on with as many as it was given.
    pub const fn kept_in(self, what: &'static str) -> Check {
        let template = "{} gives as many steps as it is given, but the layers in its braces leave \
                        one of each sequence: put what does so after it";
        Check::require(matches!(self, Self::Kept), template).text(what)
    }
}
