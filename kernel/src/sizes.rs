//! Sizes that are known at run time, as constants.

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
