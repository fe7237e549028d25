//! Sizes: their products and sums, and those known at run time as constants.

const BEYOND: &str = "sizes beyond all memory";

/// The product of sizes. It is taken this way where a geometry or a buffer is made: whatever is
/// computed later is a part of it.
///
/// # Panics
/// If it is no `usize`.
pub(crate) const fn product(sizes: &[usize]) -> usize {
    let (mut product, mut i) = (1_usize, 0);
    while i < sizes.len() {
        product = product.checked_mul(sizes[i]).expect(BEYOND);
        i += 1;
    }
    product
}

/// The sum of sizes.
///
/// # Panics
/// If it is no `usize`.
pub(crate) const fn sum(sizes: &[usize]) -> usize {
    let (mut sum, mut i) = (0_usize, 0);
    while i < sizes.len() {
        sum = sum.checked_add(sizes[i]).expect(BEYOND);
        i += 1;
    }
    sum
}

/// The least multiple of `unit` that is not below `size`.
///
/// # Panics
/// If it is no `usize`.
pub(crate) const fn round_up(size: usize, unit: usize) -> usize {
    size.checked_next_multiple_of(unit).expect(BEYOND)
}

/// Evaluates an expression in which two sizes are constants. Nothing is compiled of pairs for which
/// the condition does not hold, and these must not come up.
///
/// ```text
/// constants! {
///     H = height, in [1 2 3];
///     W = width, in [1 2 3 4];
///     if fits(H, W) => isa.call(Tile::<T, H, W>(p))
/// }
/// ```
macro_rules! constants {
    ($H:ident = $height:expr, in [$($h:literal)*]; $($rest:tt)*) => {
        constants!(@each $H, $height, [$($h)*], { $($rest)* })
    };
    // What is the same for each height is one token, which can be repeated.
    (@each $H:ident, $height:expr, [$($h:literal)*], $rest:tt) => {
        match $height {
            $($h => constants!(@one $H = $h, $rest),)*
            _ => unreachable!("a size without a constant"),
        }
    };
    (@one $H:ident = $h:literal, { $W:ident = $width:expr, in [$($w:literal)*]; if $fits:expr => $value:expr }) => {
        match $width {
            $($w if const { const $H: usize = $h; const $W: usize = $w; $fits } => {
                const $H: usize = $h;
                const $W: usize = $w;
                $value
            })*
            _ => unreachable!("a size without a constant"),
        }
    };
}
pub(crate) use constants;
