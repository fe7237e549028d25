//! What a layer does to the number of steps.

use crate::shape::Check;

/// So many steps looks a layer back whose outputs depend on all of them, as those of a recurrent one do.
pub const UNLIMITED: usize = usize::MAX;

/// What a layer does to the steps of a sequence, of which each is a column.
///
/// Steps go in some at a time, `takes` of them, in every call: a sequence, or a block of it, is a
/// multiple of that. What comes out for them may depend on all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Steps {
    /// For every `takes` that go in, `gives` come out.
    Rate {
        /// How many go in at a time.
        takes: usize,
        /// How many come out for them.
        gives: usize,
    },
    /// One comes out, of each sequence.
    One {
        /// How many go in at a time.
        takes: usize,
    },
}

impl Steps {
    /// As many come out as go in.
    pub const KEPT: Self = Self::Rate { takes: 1, gives: 1 };
    /// One comes out, of each sequence.
    pub const ONE: Self = Self::One { takes: 1 };

    /// How many go in at a time.
    #[inline]
    pub const fn takes(self) -> usize {
        match self {
            Self::Rate { takes, .. } | Self::One { takes } => takes,
        }
    }

    /// Whether as many come out as go in.
    #[inline]
    pub const fn are_kept(self) -> bool {
        matches!(self, Self::Rate { takes, gives } if takes == gives)
    }

    /// What a layer does that [keeps](Self::kept_in) the steps, around others which do this: where these
    /// do not, that has been complained of, and is no matter of what is around it.
    #[must_use]
    pub const fn if_kept(self) -> Self {
        if self.are_kept() { self } else { Self::KEPT }
    }

    /// What two layers do, one after the other.
    #[must_use]
    pub const fn then(self, next: Self) -> Self {
        let Self::Rate { takes, gives } = self else { return self };
        // So often as to make what the next one takes at a time.
        let often = next.takes() / common(gives, next.takes());
        let takes = takes.saturating_mul(often);
        match next {
            Self::One { .. } => Self::One { takes },
            Self::Rate { takes: each, gives: more } => {
                let runs = gives.saturating_mul(often) / larger(each, 1);
                Self::Rate { takes, gives: runs.saturating_mul(more) }
            }
        }
    }

    /// What two layers do side by side, of which each does the same to the number of steps.
    #[must_use]
    pub(crate) const fn beside(self, other: Self) -> Self {
        let (own, takes) = (self.takes(), other.takes());
        let often = takes / common(own, takes);
        match self {
            Self::One { takes } => Self::One { takes: takes.saturating_mul(often) },
            Self::Rate { takes, gives } => Self::Rate {
                takes: takes.saturating_mul(often),
                gives: gives.saturating_mul(often),
            },
        }
    }

    /// Whether two layers make as many steps of a sequence.
    pub(crate) const fn agrees_with(self, other: Self) -> bool {
        match (self, other) {
            (Self::One { .. }, Self::One { .. }) => true,
            (Self::Rate { takes, gives }, Self::Rate { takes: others, gives: theirs }) => {
                gives.saturating_mul(others) == theirs.saturating_mul(takes)
            }
            _ => false,
        }
    }

    /// The number of columns that come out when `columns` go in, in `lanes` sequences.
    #[inline]
    pub const fn columns(self, columns: usize, lanes: usize) -> usize {
        match self {
            Self::One { .. } if lanes < columns => lanes,
            _ => self.of(columns),
        }
    }

    /// How many of anything come out for so many that go in; where one step of each sequence is left, as
    /// many as go in, since each may be a sequence of its own.
    #[inline]
    pub const fn of(self, columns: usize) -> usize {
        match self {
            Self::Rate { takes: 1, gives: 1 } | Self::One { .. } => columns,
            Self::Rate { takes, gives } => columns.saturating_mul(gives).div_ceil(larger(takes, 1)),
        }
    }

    /// That as many come out of `what`, which goes on with as many as it was given.
    pub const fn kept_in(self, what: &'static str) -> Check {
        let template = match self {
            Self::One { .. } => {
                "{} gives as many steps as it is given, but the layers in its braces leave one of \
                 each sequence: put what does so after it"
            }
            Self::Rate { .. } => {
                "{} gives as many steps as it is given, but the layers in its braces make {} of every {}"
            }
        };
        let check = Check::require(self.are_kept(), template).text(what);
        match self {
            Self::One { .. } => check,
            Self::Rate { takes, gives } => check.number(gives).number(takes),
        }
    }

    /// What layers do that come before each of these, one after the other.
    pub const fn before<const LAYERS: usize>(layers: [Self; LAYERS]) -> [Self; LAYERS] {
        let mut before = [Self::KEPT; LAYERS];
        let mut i = 1;
        while i < LAYERS {
            before[i] = before[i - 1].then(layers[i - 1]);
            i += 1;
        }
        before
    }

    /// How many steps before the last one that goes in what comes out of all the layers depends on, of
    /// which each [looks back](super::Layer::LOOKS_BACK) so many of its own.
    pub const fn look_back<const LAYERS: usize>(layers: [(Self, usize); LAYERS]) -> usize {
        let (mut before, mut all, mut i) = (Self::KEPT, 0_usize, 0);
        while i < LAYERS {
            let (steps, own) = layers[i];
            let own = match before {
                // What came out earlier for the same steps is no further back than what comes out last.
                Self::Rate { takes, gives } if own < UNLIMITED => {
                    own.div_ceil(larger(gives, 1)).saturating_mul(takes)
                }
                _ => own,
            };
            all = all.saturating_add(own);
            before = before.then(steps);
            i += 1;
        }
        all
    }

    /// The [operations](super::Layer::OPERATIONS) of all the layers for one column that goes in, of each
    /// of which there are so many for one of its own.
    pub const fn operations<const LAYERS: usize>(layers: [(Self, usize); LAYERS]) -> usize {
        let (mut before, mut all, mut i) = (Self::KEPT, 0_usize, 0);
        while i < LAYERS {
            let (steps, own) = layers[i];
            all = all.saturating_add(before.of(own));
            before = before.then(steps);
            i += 1;
        }
        all
    }
}

/// The greatest common divisor; 1 where there is none.
const fn common(mut a: usize, mut b: usize) -> usize {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    larger(a, 1)
}

#[inline]
const fn larger(a: usize, b: usize) -> usize {
    if a > b { a } else { b }
}
