//! How a product is computed, and shared among threads.

use super::{dot, outer, product::Product, sparse};
use crate::{parallel, scalar::Scalar};

/// How a product is computed.
#[derive(Clone, Copy)]
enum Method {
    /// Sums of outer products, blocks of so many terms.
    Outer { depth: usize },
    /// Dot products.
    Dot,
    /// Without the zeros of an operand.
    Sparse(sparse::Side),
}

/// Cuts a product between threads and computes it.
pub(crate) fn compute<T: Scalar>(p: &Product<T>) {
    if p.rows == 0 || p.cols == 0 {
        return;
    }
    // For the whole, so that all parts round alike.
    let method = if let Some(side) = sparse::sparse_side(p) {
        Method::Sparse(side)
    } else if dot::suits(p) {
        Method::Dot
    } else {
        Method::Outer { depth: outer::depth(p) }
    };
    // Two operations a term, and about 160 of them in a nanosecond.
    let cost = p.rows.saturating_mul(p.cols).saturating_mul(p.depth) / 80;
    let threads = parallel::threads_for(cost);
    if threads == 1 {
        return compute_part(p, method);
    }
    // Cut the longer side, in multiples of a cache line along rows, or else the rows, if these are
    // what is copied; for a product that takes long in more pieces than threads, in case that
    // one of them is slower.
    let copies_rows =
        matches!(method, Method::Outer { .. }) && !outer::copies_b(p) && p.rows >= 64 * threads;
    let by_rows = p.rows >= 2 * p.cols || copies_rows;
    let (len, unit) = if by_rows { (p.rows, 16) } else { (p.cols, 1) };
    let pieces = threads * (cost / threads / 1_000_000).clamp(1, 4);
    let piece = len.div_ceil(pieces).next_multiple_of(unit);
    parallel::for_each(len.div_ceil(piece), cost, |i| {
        let start = i * piece;
        let n = piece.min(len - start);
        let part = if by_rows { p.part(start, n, 0, p.cols) } else { p.part(0, p.rows, start, n) };
        compute_part(&part, method);
    });
}

/// Computes the product on this thread.
fn compute_part<T: Scalar>(p: &Product<T>, method: Method) {
    match method {
        Method::Outer { depth } => outer::compute(p, depth),
        Method::Dot => dot::compute(p),
        Method::Sparse(side) if const { sparse::serves::<T>() } => sparse::compute(p, side),
        Method::Sparse(_) => unreachable!("a product that `sparse` does not serve"),
    }
}
