use crate::{at_every_level, numbers};
use formwork::kernel::{MatMut, MatRef, Real, copy};

/// Strides of a matrix of so many rows and columns by columns, by rows and with both axes apart.
fn orders(rows: usize, cols: usize) -> [(usize, usize); 3] {
    [(1, rows + 3), (cols + 3, 1), (2, 2 * rows + 1)]
}

fn copies<T: Real>() {
    for (rows, cols) in [(0, 3), (1, 1), (1, 40), (40, 1), (3, 5), (16, 33), (37, 8), (130, 300)] {
        let x: Vec<T> = numbers((2 * rows + 4) * (2 * cols + 4), 1);
        for (down, across) in orders(rows, cols) {
            let from = MatRef::new(&x, rows, cols, down, across);
            for (to_down, to_across) in orders(rows, cols).into_iter().take(2) {
                let mut y = vec![T::ZERO; x.len()];
                copy(MatMut::new(&mut y, rows, cols, to_down, to_across), from);
                let mut expected = vec![T::ZERO; x.len()];
                for i in 0..rows {
                    for j in 0..cols {
                        expected[i * to_down + j * to_across] = x[i * down + j * across];
                    }
                }
                assert_eq!(y, expected, "{rows} x {cols}, {down} and {across} apart");
            }
        }
    }
}

#[test]
fn copies_go_from_any_order_to_any_other() {
    at_every_level(|_| {
        copies::<f32>();
        copies::<f64>();
    });
}

#[test]
#[should_panic(expected = "the shapes of a matrix and its copy")]
fn a_copy_has_the_same_shape() {
    let x = [0.0; 6];
    copy(MatMut::col_major(&mut [0.0; 6], 2, 3), MatRef::col_major(&x, 3, 2));
}

#[test]
fn blocks_are_parts_of_the_same_memory() {
    let x: Vec<usize> = (0..35).collect();
    let whole = MatRef::row_major(&x, 5, 7);
    let block = whole.block((1, 2), (4, 3));
    assert_eq!((block.rows(), block.cols()), (4, 3));
    assert_eq!((block.at(0, 0), block.at(3, 2)), (9, 32));
    assert_eq!(whole.t().block((2, 1), (3, 4)).at(2, 3), 32);
    assert_eq!(whole.block((5, 7), (0, 0)).rows(), 0);
}

#[test]
#[should_panic(expected = "a block outside")]
fn blocks_lie_inside() {
    let _ = MatRef::col_major(&[0; 6], 2, 3).block((1, 0), (2, 3));
}

#[test]
#[should_panic(expected = "a 2 x 4 matrix with strides 1 and 2 does not fit 7 scalars")]
fn views_stay_inside_their_slice() {
    let _ = MatRef::col_major(&[0; 7], 2, 4);
}

#[test]
#[should_panic(expected = "does not fit")]
fn strides_may_not_overflow() {
    let _ = MatRef::new(&[0; 7], usize::MAX, 2, 2, 1);
}

#[test]
#[should_panic(expected = "elements of a mutable 2 x 4 matrix overlap with strides 1 and 1")]
fn elements_to_write_may_not_overlap() {
    let _ = MatMut::new(&mut [0; 8], 2, 4, 1, 1);
}
