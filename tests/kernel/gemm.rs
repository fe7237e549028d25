use crate::{at_every_level, numbers};
use formwork::kernel::{Finish, MatMut, MatRef, Real, gemm, gemm_with};

/// How a matrix lies in memory.
#[derive(Clone, Copy, Debug)]
enum Order {
    Rows,
    Cols,
    /// Neither axis contiguous.
    Apart,
}

/// A matrix of `rows x cols` in a slice with gaps that nobody may touch.
struct Padded<T> {
    data: Vec<T>,
    rows: usize,
    cols: usize,
    strides: (usize, usize),
}

impl<T: Real> Padded<T> {
    fn new(rows: usize, cols: usize, order: Order, seed: u64) -> Self {
        let strides = match order {
            Order::Rows => (cols + 3, 1),
            Order::Cols => (1, rows + 3),
            Order::Apart => (2, 2 * rows + 1),
        };
        let len = match (rows, cols) {
            (0, _) | (_, 0) => 0,
            _ => (rows - 1) * strides.0 + (cols - 1) * strides.1 + 1,
        };
        Self { data: numbers(len, seed), rows, cols, strides }
    }
    /// Makes most elements zero, without a pattern.
    fn thinned(mut self) -> Self {
        let chances: Vec<f64> = numbers(self.data.len(), 5);
        self.data.iter_mut().zip(chances).filter(|(_, c)| *c < 0.3).for_each(|(x, _)| *x = T::ZERO);
        self
    }
    fn view(&self) -> MatRef<'_, T> {
        MatRef::new(&self.data, self.rows, self.cols, self.strides.0, self.strides.1)
    }
    fn view_mut(&mut self) -> MatMut<'_, T> {
        MatMut::new(&mut self.data, self.rows, self.cols, self.strides.0, self.strides.1)
    }
}

/// `beta C + A B + bias`, perhaps ReLU, for every element in `f64`; what is outside `C` stays.
fn reference<T: Real>(
    c: &Padded<T>,
    a: &Padded<T>,
    b: &Padded<T>,
    finish: Finish<'_, T>,
) -> Vec<f64> {
    let mut out: Vec<f64> = c.data.iter().map(|x| x.to_f64()).collect();
    for i in 0..c.rows {
        for j in 0..c.cols {
            let at = i * c.strides.0 + j * c.strides.1;
            let product: f64 =
                (0..a.cols).map(|k| a.view().at(i, k).to_f64() * b.view().at(k, j).to_f64()).sum();
            let old = if finish.beta == T::ZERO { 0.0 } else { finish.beta.to_f64() * out[at] };
            let y = old + product + finish.bias.map_or(0.0, |bias| bias[i].to_f64());
            out[at] = if finish.relu { y.max(0.0) } else { y };
        }
    }
    out
}

fn check<T: Real>((m, k, n): (usize, usize, usize), orders: [Order; 3], finish: Finish<'_, T>) {
    let [oa, ob, oc] = orders;
    compare(&Padded::new(m, k, oa, 1), &Padded::new(k, n, ob, 2), oc, finish);
}

/// Compares a product with what it should be.
fn compare<T: Real>(a: &Padded<T>, b: &Padded<T>, oc: Order, finish: Finish<'_, T>) {
    let (m, k, n) = (a.rows, a.cols, b.cols);
    let mut c = Padded::<T>::new(m, n, oc, 3);
    let expected = reference(&c, a, b, finish);
    gemm_with(c.view_mut(), a.view(), b.view(), finish);
    // A sum of k + 2 terms of at most 1 is off by at most about k + 2 roundings of a value that
    // large.
    let tolerance = 2.0 * T::EPSILON.to_f64() * ((k + 2) as f64).powi(2);
    for (at, (found, expected)) in c.data.iter().zip(&expected).enumerate() {
        let error = (found.to_f64() - expected).abs();
        assert!(
            error <= tolerance,
            "{m} x {k} x {n}, strides {:?}, {:?}, {:?}, {finish:?}: at {at} expected {expected}, found {found}",
            a.strides,
            b.strides,
            c.strides,
        );
    }
}

const SIZES: [usize; 12] = [1, 2, 3, 5, 8, 10, 16, 17, 31, 33, 50, 67];

fn all_shapes<T: Real>() {
    use Order::{Apart, Cols, Rows};
    for m in SIZES {
        for n in SIZES {
            for k in [0, 1, 2, 9, 16, 31, 33, 64, 300] {
                for orders in [
                    [Rows, Cols, Cols],
                    [Cols, Cols, Cols],
                    [Cols, Rows, Rows],
                    [Rows, Rows, Rows],
                    [Apart, Apart, Cols],
                ] {
                    check::<T>((m, k, n), orders, Finish::default());
                }
            }
        }
    }
}

/// Whole tiles and rests of them, and a single column: for machines on which all shapes take too long.
fn one_shape<T: Real>() {
    use Order::{Apart, Cols, Rows};
    let bias: Vec<T> = numbers(37, 4);
    for n in [1, 21] {
        for (oa, ob) in [(Rows, Cols), (Cols, Cols), (Cols, Rows), (Rows, Rows), (Apart, Apart)] {
            for oc in [Rows, Cols] {
                let finish = Finish { beta: T::of(-0.5), bias: Some(&bias), relu: true };
                check::<T>((37, 300, n), [oa, ob, oc], Finish::default());
                check::<T>((37, 300, n), [oa, ob, oc], finish);
            }
        }
    }
}

#[test]
fn one_shape_of_each_type() {
    at_every_level(|_| {
        one_shape::<f32>();
        one_shape::<f64>();
    });
}

#[test]
fn products_of_f32() {
    at_every_level(|_| all_shapes::<f32>());
}

#[test]
fn products_of_f64() {
    at_every_level(|_| all_shapes::<f64>());
}

/// Large enough for several blocks of terms, rows and columns, and for copies of both operands.
fn large_shapes<T: Real>() {
    use Order::{Apart, Cols, Rows};
    for shape in [(150, 390, 333), (67, 800, 131), (333, 200, 65), (64, 1, 500)] {
        for orders in [
            [Rows, Cols, Cols],
            [Cols, Rows, Cols],
            [Rows, Rows, Cols],
            [Cols, Cols, Rows],
            [Apart, Rows, Cols],
        ] {
            check::<T>(shape, orders, Finish { beta: T::ONE, ..Finish::default() });
        }
    }
}

#[test]
fn large_products_of_f32() {
    at_every_level(|_| large_shapes::<f32>());
}

#[test]
fn large_products_of_f64() {
    at_every_level(|_| large_shapes::<f64>());
}

#[test]
fn finishes() {
    use Order::{Apart, Cols, Rows};
    let bias: Vec<f32> = numbers(37, 4);
    at_every_level(|_| {
        for (oa, ob) in [(Rows, Cols), (Cols, Cols), (Rows, Rows), (Apart, Apart)] {
            for oc in [Rows, Cols] {
                for k in [0, 7, 40, 700] {
                    for beta in [0.0, 1.0, -0.5] {
                        for relu in [false, true] {
                            for bias in [None, Some(&bias[..])] {
                                check((37, k, 21), [oa, ob, oc], Finish { beta, bias, relu });
                            }
                        }
                    }
                }
            }
        }
    });
}

#[test]
fn not_a_number_in_an_old_c_is_forgotten_at_beta_0() {
    at_every_level(|_| {
        for k in [3, 100, 700] {
            let (a, b) = (vec![1.0_f32; 20 * k], vec![1.0_f32; k * 20]);
            let mut c = vec![f32::NAN; 400];
            gemm(
                MatMut::col_major(&mut c, 20, 20),
                0.0,
                MatRef::row_major(&a, 20, k),
                MatRef::col_major(&b, k, 20),
            );
            assert_eq!(c, vec![k as f32; 400]);
        }
    });
}

#[test]
fn relu_lets_not_a_number_pass() {
    at_every_level(|_| {
        for k in [3, 100] {
            let (a, b) = (vec![f32::NAN; 20 * k], vec![1.0_f32; k * 20]);
            let mut c = vec![0.0; 400];
            gemm_with(
                MatMut::col_major(&mut c, 20, 20),
                MatRef::row_major(&a, 20, k),
                MatRef::col_major(&b, k, 20),
                Finish { relu: true, ..Finish::default() },
            );
            assert!(c.iter().all(|x| x.is_nan()));
        }
    });
}

/// Of strips of several heights, the last not whole, of several blocks of terms and columns.
#[test]
fn products_of_operands_with_many_zeros() {
    use Order::{Apart, Cols, Rows};
    let bias: Vec<f32> = numbers(333, 4);
    at_every_level(|_| {
        for (m, k, n) in [(150, 390, 110), (70, 800, 30), (333, 70, 33)] {
            for [oa, ob, oc] in [
                [Rows, Cols, Cols],
                [Cols, Rows, Cols],
                [Cols, Cols, Rows],
                [Rows, Rows, Rows],
                [Apart, Apart, Cols],
            ] {
                let new = |rows, cols, order, seed| Padded::<f32>::new(rows, cols, order, seed);
                let (a, b) = (new(m, k, oa, 1), new(k, n, ob, 2));
                let (thin_a, thin_b) = (new(m, k, oa, 1).thinned(), new(k, n, ob, 2).thinned());
                for beta in [0.0, -0.5] {
                    let bare = Finish { beta, ..Finish::default() };
                    let whole = Finish { beta, bias: Some(&bias[..m]), relu: true };
                    for finish in [bare, whole] {
                        compare(&a, &thin_b, oc, finish);
                        compare(&thin_a, &b, oc, finish);
                        compare(&thin_a, &thin_b, oc, finish);
                    }
                }
            }
        }
    });
}

/// More columns than have their bits found at once.
#[test]
fn wide_products_of_operands_with_many_zeros() {
    at_every_level(|_| {
        let (a, b) =
            (Padded::<f32>::new(50, 380, Order::Rows, 1), Padded::new(380, 900, Order::Cols, 2));
        compare(&a, &b.thinned(), Order::Cols, Finish::default());
    });
}

/// Which shows that they are: 0 times what is not a number would not be one.
#[test]
fn zeros_are_left_out_where_there_are_many() {
    let (m, k, n) = (100, 120, 60);
    let dense: Vec<f32> = (0..m * k).map(|i| if i / m % 2 == 0 { f32::NAN } else { 1.0 }).collect();
    let thin: Vec<f32> = (0..k * n).map(|i| if i % k % 2 == 0 { 0.0 } else { 1.0 }).collect();
    at_every_level(|_| {
        let (a, b) = (MatRef::col_major(&dense, m, k), MatRef::col_major(&thin, k, n));
        let mut c = vec![0.0; m * n];
        gemm(MatMut::col_major(&mut c, m, n), 0.0, a, b);
        assert_eq!(c, vec![60.0; m * n]);
        gemm(MatMut::col_major(&mut c, n, m), 0.0, b.t(), a.t());
        assert_eq!(c, vec![60.0; m * n]);
    });
}

/// One row or column of a product alone has the bits it has in the whole, and so does the whole
/// on any number of threads.
#[cfg(feature = "parallel")]
#[test]
fn bits_do_not_depend_on_the_number_of_threads() {
    let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    // More terms than a block, so that what there is already is added to.
    let (m, k, n) = (300, 433, 200);
    let (a, b): (Vec<f32>, Vec<f32>) = (numbers(m * k, 1), numbers(k * n, 2));
    let thin: Vec<f32> = b.iter().map(|x| x.max(0.0)).collect();
    let product = |threads: usize, b: &[f32]| {
        pool(threads).install(|| {
            [MatRef::row_major(&a, m, k), MatRef::col_major(&a, m, k)].map(|a| {
                let mut c = vec![0.0; m * n];
                gemm(MatMut::col_major(&mut c, m, n), 0.0, a, MatRef::col_major(b, k, n));
                let mut transposed = vec![0.0; m * n];
                let b = MatRef::col_major(b, k, n).t();
                gemm(MatMut::col_major(&mut transposed, n, m), 0.0, b, a.t());
                [c, transposed]
            })
        })
    };
    at_every_level(|_| {
        for b in [&b, &thin] {
            let one = product(1, b);
            assert!([2, 3, 8].iter().all(|&threads| one == product(threads, b)));
        }
    });
}

/// The upper and the lower half of a matrix are written at once, from two threads, and so are
/// never seen as one slice.
#[test]
fn blocks_of_one_matrix_are_written_at_once() {
    let (m, k, n) = (40, 300, 30);
    let (a, b): (Vec<f32>, Vec<f32>) = (numbers(2 * m * k, 1), numbers(k * n, 2));
    let (a, b) = (MatRef::row_major(&a, 2 * m, k), MatRef::col_major(&b, k, n));
    at_every_level(|_| {
        let mut whole = vec![0.0; 2 * m * n];
        gemm(MatMut::col_major(&mut whole, 2 * m, n), 0.0, a, b);
        let mut halves = vec![0.0; 2 * m * n];
        let start = halves.as_mut_ptr();
        // SAFETY: rows of a column `2 m` long, the first `m` of each and the others.
        let [upper, lower] =
            [0, m].map(|row| unsafe { MatMut::from_raw_parts(start.add(row), m, n, 1, 2 * m) });
        std::thread::scope(|threads| {
            threads.spawn(|| gemm(upper, 0.0, a.block((0, 0), (m, k)), b));
            threads.spawn(|| gemm(lower, 0.0, a.block((m, 0), (m, k)), b));
        });
        assert_eq!(halves, whole);
    });
}

#[test]
#[should_panic(expected = "a 2 x 2 matrix cannot be the product of 2 x 3 and 2 x 2")]
fn shapes_must_agree() {
    let x = [0.0_f32; 6];
    let mut c = [0.0; 4];
    gemm(
        MatMut::col_major(&mut c, 2, 2),
        0.0,
        MatRef::col_major(&x, 2, 3),
        MatRef::col_major(&x, 2, 2),
    );
}
