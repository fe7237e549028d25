//! Products with a packed matrix.

use crate::{at_every_level, numbers};
use formwork::kernel::recurrent::Packed;
use formwork::kernel::{MatMut, MatRef};

/// Every instruction set against sums in `f64`, for shapes around the edges of tiles; rows beyond
/// those of the product stay as they are.
#[test]
fn products() {
    at_every_level(|level| {
        let mut seed = 0;
        for rows in [1, 4, 15, 16, 17, 33, 80, 130] {
            for (depth, lanes) in [(1, 1), (3, 2), (20, 1), (7, 5), (9, 10), (5, 20), (4, 23)] {
                let mut random = |n| {
                    seed += 1;
                    numbers::<f32>(n, seed)
                };
                let stride = rows + depth % 3;
                let (a, x, y) =
                    (random(rows * depth), random(depth * lanes), random(stride * lanes));
                for by_rows in [true, false] {
                    let a = if by_rows {
                        MatRef::row_major(&a, rows, depth)
                    } else {
                        MatRef::col_major(&a, rows, depth)
                    };
                    let mut packed = Packed::either_way(depth, rows);
                    packed.pack(a);
                    let mut found = y.clone();
                    let x = MatRef::row_major(&x, depth, lanes);
                    packed.multiply_add(MatMut::new(&mut found, rows, lanes, 1, stride), x);
                    for (i, found) in found.iter().enumerate() {
                        let (row, lane) = (i % stride, i / stride);
                        let products = (0..if row < rows { depth } else { 0 })
                            .map(|k| f64::from(a.at(row, k)) * f64::from(x.at(k, lane)));
                        let expected = f64::from(y[i]) + products.sum::<f64>();
                        assert!(
                            (f64::from(*found) - expected).abs() < 1e-5,
                            "{level:?}, {rows} x {depth}, lane {lane} of {lanes}: {expected} {found}"
                        );
                    }
                }
            }
        }
    });
}
