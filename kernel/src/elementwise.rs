//! Any function of one or several slices, element by element.
//!
//! The function is a closure; it is inlined into a loop that is compiled for every instruction
//! set, so keep it free of branches that data decide (a plain `if a { b } else { c }` between two
//! values is a select, and fine) and take elementary functions from [`math`](super::math).
//! Large slices are shared among [threads](super::parallel).
//!
//! The name says what is written: `map` and `zip..` replace the first slice by a function of its
//! own value and those of the others; `.._into` write the first slice without reading it.
//!
//! ```
//! use formwork_kernel::{elementwise, math};
//!
//! let mut x = [-1.0_f32, 0.0, 2.0];
//! elementwise::map(&mut x, |x| if x > 0.0 { x } else { 0.0 });
//! assert_eq!(x, [0.0, 0.0, 2.0]);
//!
//! let mut y = [0.0; 3];
//! elementwise::map_into(&mut y, &x, math::exp);
//! assert_eq!(y[0], 1.0);
//! ```
//!
//! # Panics
//! All of them, if the slices differ in length.

use super::{
    dispatch::{Isa, Kernel, dispatch},
    parallel,
    scalar::Scalar,
};

/// Scalars that one thread takes at a time.
const PIECE: usize = 1 << 15;
/// About how many scalars of each slice a core gets through in a nanosecond.
const PER_NANOSECOND: usize = 4;

/// Defines a function over slices written (`w`) and read (`r`), its kernel, and its pieces.
macro_rules! elementwise {
    (
        $(#[$doc:meta])*
        $name:ident, [$($w:ident: $wt:ident),+], [$($r:ident: $rt:ident),*],
        Fn($($arg:ty),+) $(-> $ret:ty)?, |$f:ident| $body:expr
    ) => {
        $(#[$doc])*
        ///
        /// # Panics
        /// If the slices differ in length.
        #[track_caller]
        pub fn $name<T: Scalar, F: Fn($($arg),+) $(-> $ret)? + Sync>(
            $($w: &mut [T],)+ $($r: &[T],)* f: F,
        ) {
            struct Loop<'a, T, F> { $($w: &'a mut [T],)+ $($r: &'a [T],)* f: &'a F }

            impl<T: Scalar, F: Fn($($arg),+) $(-> $ret)?> Kernel for Loop<'_, T, F> {
                type Output = ();
                #[inline(always)]
                fn run<I: Isa>(self, _: I) {
                    body($(self.$w,)+ $(self.$r,)* self.f);
                }
            }

            // As parameters the slices are known not to overlap what the closure borrows.
            #[inline(always)]
            fn body<T: Scalar, F: Fn($($arg),+) $(-> $ret)?>(
                $($w: &mut [T],)+ $($r: &[T],)* $f: &F,
            ) {
                let n = [$($w.len(),)+ $($r.len()),*][0];
                // Equal lengths in plain sight drop the bounds checks.
                $(let $w = &mut $w[..n];)+
                $(let $r = &$r[..n];)*
                for i in 0..n {
                    $(let $w = &mut $w[i];)+
                    $(let $r = $r[i];)*
                    $body;
                }
            }

            fn halve<T: Scalar, F: Fn($($arg),+) $(-> $ret)? + Sync>(
                pieces: usize, $($w: &mut [T],)+ $($r: &[T],)* f: &F,
            ) {
                if pieces <= 1 {
                    return dispatch(Loop { $($w,)+ $($r,)* f });
                }
                let (left, right) = (pieces / 2, pieces - pieces / 2);
                $(let $w = $w.split_at_mut(left * PIECE);)+
                $(let $r = $r.split_at(left * PIECE);)*
                parallel::halves(
                    || halve(left, $($w.0,)+ $($r.0,)* f),
                    || halve(right, $($w.1,)+ $($r.1,)* f),
                );
            }

            let lengths = [$($w.len(),)+ $($r.len()),*];
            let n = lengths[0];
            assert!(lengths.iter().all(|&len| len == n), "slices of different lengths: {lengths:?}");
            let fork = parallel::threads_for(n / PER_NANOSECOND) > 1;
            halve(if fork { n.div_ceil(PIECE) } else { 1 }, $($w,)+ $($r,)* &f);
        }
    };
}

elementwise! {
    /// `x = f(x)`.
    map, [x: T], [], Fn(T) -> T, |f| *x = f(*x)
}
elementwise! {
    /// `y = f(a)`.
    map_into, [y: T], [a: T], Fn(T) -> T, |f| *y = f(a)
}
elementwise! {
    /// `y = f(y, a)`.
    zip, [y: T], [a: T], Fn(T, T) -> T, |f| *y = f(*y, a)
}
elementwise! {
    /// `y = f(y, a, b)`.
    zip2, [y: T], [a: T, b: T], Fn(T, T, T) -> T, |f| *y = f(*y, a, b)
}
elementwise! {
    /// `y = f(a, b)`.
    zip_into, [y: T], [a: T, b: T], Fn(T, T) -> T, |f| *y = f(a, b)
}

/// `x = value`.
pub fn fill<T: Scalar>(x: &mut [T], value: T) {
    map(x, |_| value);
}

/// `x = factor * x`.
pub fn scale<T: Scalar>(x: &mut [T], factor: T) {
    map(x, |x| x * factor);
}

/// `y = y + x`.
///
/// # Panics
/// If the slices differ in length.
#[track_caller]
pub fn add<T: Scalar>(y: &mut [T], x: &[T]) {
    zip(y, x, |y, x| y + x);
}

/// `y = y + factor * x`.
///
/// # Panics
/// If the slices differ in length.
#[track_caller]
pub fn axpy<T: Scalar>(y: &mut [T], factor: T, x: &[T]) {
    zip(y, x, |y, x| y + factor * x);
}
