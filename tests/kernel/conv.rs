//! Convolutions against loops over every index, at every instruction set.

use crate::{at_every_level, numbers};
use formwork::kernel::Real;
use formwork::kernel::conv::{
    self, Axis, Convolution, Gradient, Memory, PIECES, backward, forward, transposed,
    transposed_backward,
};

/// One axis in numbers.
#[derive(Clone, Copy)]
struct Line {
    size: usize,
    kernel: usize,
    stride: usize,
    pads: [usize; 2],
    dilation: usize,
}

impl Line {
    fn axis(self) -> Axis {
        Axis::new(self.size, self.kernel, self.stride, self.pads, self.dilation)
    }

    fn positions(self) -> usize {
        let span = self.dilation * (self.kernel - 1) + 1;
        (self.size + self.pads[0] + self.pads[1] - span) / self.stride + 1
    }

    /// The input pixel under tap `k` at position `i`, if it is inside.
    fn pixel(self, i: usize, k: usize) -> Option<usize> {
        let pixel = (i * self.stride + k * self.dilation).checked_sub(self.pads[0])?;
        (pixel < self.size).then_some(pixel)
    }
}

#[derive(Clone)]
struct Case {
    samples: usize,
    channels: usize,
    filters: usize,
    groups: usize,
    down: Line,
    across: Line,
}

impl Case {
    /// Calls `f` with the places in `y`, `x` and the weights of every product.
    fn each_product(&self, mut f: impl FnMut(usize, usize, usize)) {
        let Self { samples, channels, filters, groups, down, across } = *self;
        let (rows, cols) = (down.positions(), across.positions());
        let (share, kept) = (channels / groups, filters / groups);
        for n in 0..samples {
            for (i, j) in pairs(rows, cols) {
                for (filter, c) in pairs(filters, share) {
                    for (k, l) in pairs(down.kernel, across.kernel) {
                        let (Some(m), Some(o)) = (down.pixel(i, k), across.pixel(j, l)) else {
                            continue;
                        };
                        let channel = filter / kept * share + c;
                        f(
                            ((n * rows + i) * cols + j) * filters + filter,
                            ((n * down.size + m) * across.size + o) * channels + channel,
                            ((filter * share + c) * down.kernel + k) * across.kernel + l,
                        );
                    }
                }
            }
        }
    }

    fn convolution(&self) -> Convolution {
        let Self { channels, filters, groups, down, across, .. } = *self;
        Convolution::new(channels, filters, groups, down.axis(), across.axis())
    }
}

fn pairs(a: usize, b: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..a).flat_map(move |i| (0..b).map(move |j| (i, j)))
}

const fn square(size: usize, kernel: usize, stride: usize, pad: usize, dilation: usize) -> Line {
    Line { size, kernel, stride, pads: [pad; 2], dilation }
}

/// With a border of its own on each side.
const fn uneven(size: usize, kernel: usize, stride: usize, pads: [usize; 2]) -> Line {
    Line { size, kernel, stride, pads, dilation: 1 }
}

/// Tiles of every width and height, borders that are cut, groups, strides and dilation.
fn cases() -> Vec<Case> {
    let case = |samples, channels, filters, groups, down: Line, across: Line| Case {
        samples,
        channels,
        filters,
        groups,
        down,
        across,
    };
    let line = |kernel| square(kernel + 1, kernel, 1, 0, 1);
    let mut cases = vec![
        case(1, 1, 30, 1, square(12, 5, 1, 0, 1), square(12, 5, 1, 0, 1)),
        case(2, 16, 16, 1, square(6, 3, 1, 1, 1), square(28, 3, 1, 1, 1)),
        case(9, 16, 32, 1, square(4, 3, 1, 2, 1), square(6, 3, 1, 0, 1)),
        case(1, 32, 16, 1, square(2, 3, 1, 1, 1), uneven(62, 3, 1, [2, 0])),
        case(1, 48, 80, 1, square(4, 3, 1, 0, 1), square(4, 3, 1, 2, 1)),
        // Many weights, which pieces share.
        case(3, 48, 64, 1, square(4, 3, 1, 1, 1), square(2, 3, 1, 1, 1)),
        case(3, 33, 64, 1, square(4, 4, 1, 1, 1), square(3, 4, 2, 2, 1)),
        case(9, 17, 35, 1, square(5, 3, 1, 2, 1), square(7, 3, 1, 2, 1)),
        case(2, 6, 4, 2, square(9, 3, 2, 4, 2), square(8, 2, 3, 1, 3)),
        case(2, 5, 5, 5, square(6, 3, 2, 1, 1), square(6, 3, 1, 1, 1)),
        case(1, 33, 9, 1, square(4, 1, 1, 0, 1), square(5, 1, 1, 0, 1)),
        case(1, 2, 3, 1, square(3, 2, 3, 2, 1), square(4, 2, 2, 3, 1)),
        case(0, 2, 3, 1, square(3, 2, 1, 0, 1), square(4, 2, 1, 0, 1)),
        case(2, 3, 4, 1, uneven(5, 3, 1, [2, 0]), uneven(6, 3, 1, [0, 2])),
        case(2, 3, 4, 1, uneven(5, 3, 1, [2, 2]), uneven(6, 3, 1, [2, 1])),
        case(1, 2, 3, 1, uneven(5, 2, 1, [0, 3]), uneven(4, 2, 2, [3, 0])),
        case(1, 4, 6, 2, uneven(6, 3, 2, [0, 1]), uneven(7, 3, 3, [1, 3])),
    ];
    for width in 1..16 {
        cases.push(case(1, 3, 20, 1, line(2), square(width, 1, 1, 0, 1)));
        cases.push(case(1, width, 5, 1, line(2), square(3, 2, 1, 0, 1)));
        cases.push(case(1, 2 * width, 40, 1, line(2), square(3, 1, 1, 0, 1)));
    }
    cases
}

fn assert_close<T: Real>(what: &str, case: &Case, found: &[T], expected: &[T]) {
    assert_eq!(found.len(), expected.len());
    for (i, (&f, &e)) in found.iter().zip(expected).enumerate() {
        let off = (f - e).to_f64().abs();
        let allowed = 200.0 * T::EPSILON.to_f64() * (1.0 + e.to_f64().abs());
        let Case { channels, filters, .. } = case;
        assert!(off <= allowed, "{what}[{i}] of {channels} to {filters}: {f}, not {e}");
    }
}

/// By how much outputs are off the same in double precision, beside the largest output.
fn errors_of_single_precision(conv: &Convolution) -> f64 {
    let (x, weight) = (numbers::<f32>(conv.input(), 1), numbers::<f32>(conv.weights(), 2));
    fn outputs<T: Real>(conv: &Convolution, x: &[T], weight: &[T]) -> Vec<T> {
        let (mut y, mut packed) = (vec![T::ZERO; conv.output()], vec![T::ZERO; conv.packed()]);
        conv.pack(&mut packed, weight);
        forward(conv, &mut y, x, &packed, &[], false, &mut vec![T::ZERO; conv.padded()]);
        y
    }
    let double = |x: &[f32]| x.iter().map(|&x| f64::from(x)).collect::<Vec<_>>();
    let exact = outputs(&conv.direct(), &double(&x), &double(&weight));
    let largest = exact.iter().fold(0.0, |most: f64, y| most.max(y.abs()));
    let off = |(y, exact): (f32, f64)| (f64::from(y) - exact).abs();
    outputs(conv, &x, &weight).into_iter().zip(exact).map(off).fold(0.0, f64::max) / largest
}

#[test]
fn transforms_are_as_precise_as_sums_of_products() {
    at_every_level(|level| {
        for channels in [32, 64, 256] {
            let axis = Axis::new(14, 3, 1, [1; 2], 1);
            let conv = Convolution::new(channels, 64, 1, axis, axis);
            assert!(conv.saves_products());
            let errors = [conv, conv.direct()].map(|conv| errors_of_single_precision(&conv));
            println!("{level:?}, {channels} channels: {:.1e}, direct {:.1e}", errors[0], errors[1]);
            assert!(errors[0] < 2.0 * errors[1] && errors[0] < 2e-6, "{channels}: {errors:?}");
        }
    });
}

fn agrees<T: Real>() {
    let with_and_without = |case: Case| {
        let conv = case.convolution();
        let direct = conv.saves_products().then(|| (case.clone(), conv.direct()));
        [(case, conv)].into_iter().chain(direct)
    };
    for (case, conv) in cases().into_iter().flat_map(with_and_without) {
        let pieces = case.samples.clamp(1, PIECES);
        let x = numbers::<T>(case.samples * conv.input(), 1);
        let dy = numbers::<T>(case.samples * conv.output(), 2);
        let weight = numbers::<T>(conv.weights(), 3);
        let bias = numbers::<T>(case.filters, 4);
        let channel_bias = numbers::<T>(case.channels, 5);

        let mut expected_y = dy.clone();
        expected_y.chunks_exact_mut(case.filters).for_each(|y| y.copy_from_slice(&bias));
        let mut expected_dx = vec![T::ZERO; x.len()];
        let mut expected_dw = vec![T::ONE; weight.len()];
        case.each_product(|y, at, w| {
            expected_y[y] += x[at] * weight[w];
            expected_dx[at] += dy[y] * weight[w];
            expected_dw[w] += x[at] * dy[y];
        });
        let sum = |from: &[T], features: usize| -> Vec<T> {
            let start = vec![T::ONE; features];
            from.chunks_exact(features).fold(start, |mut sum, pixel| {
                sum.iter_mut().zip(pixel).for_each(|(s, &v)| *s += v);
                sum
            })
        };

        // What nobody writes must not be read, or be zero: so other numbers lie there first.
        let mut packed = numbers::<T>(conv.packed(), 6);
        let mut packed_adjoint = numbers::<T>(conv.packed_adjoint(), 7);
        conv.pack(&mut packed, &weight);
        conv.pack_adjoint(&mut packed_adjoint, &weight);
        let anything = T::of(f64::NAN);
        let mut padded = vec![anything; pieces * conv.padded()];
        let mut spread = vec![anything; pieces * conv.spread()];
        let shared = case.samples.clamp(2, PIECES);
        let mut images = vec![anything; shared * conv.image()];
        let mut sums = numbers::<T>(shared * conv.sums(), 8);
        let mut y = numbers::<T>(dy.len(), 9);
        forward(&conv, &mut y, &x, &packed, &bias, true, &mut padded);
        let rectified: Vec<T> =
            expected_y.iter().map(|&y| if y < T::ZERO { T::ZERO } else { y }).collect();
        assert_close("rectified y", &case, &y, &rectified);
        padded.fill(anything);
        forward(&conv, &mut y, &x, &packed, &bias, false, &mut padded);
        assert_close("y", &case, &y, &expected_y);

        let mut dx = numbers::<T>(x.len(), 10);
        let (mut dw, mut db) = (vec![T::ONE; weight.len()], vec![T::ONE; case.filters]);
        let gradient = Gradient { weight: &mut dw, bias: &mut db, accumulate: true };
        let memory = Memory { images: &mut images, sums: &mut sums };
        backward(&conv, gradient, Some(&mut dx), (&x, &dy), &packed_adjoint, true, memory);
        let masked: Vec<T> = expected_dx
            .iter()
            .zip(&x)
            .map(|(&d, &x)| if x > T::ZERO { d } else { T::ZERO })
            .collect();
        assert_close("masked dx", &case, &dx, &masked);
        dw.fill(T::ONE);
        db.fill(T::ONE);
        let gradient = Gradient { weight: &mut dw, bias: &mut db, accumulate: true };
        let memory = Memory { images: &mut images, sums: &mut sums };
        backward(&conv, gradient, Some(&mut dx), (&x, &dy), &packed_adjoint, false, memory);
        assert_close("dx", &case, &dx, &expected_dx);
        assert_close("dw", &case, &dw, &expected_dw);
        assert_close("db", &case, &db, &sum(&dy, case.filters));

        // The transposition: `dy` goes in and what is like `dx` comes out.
        let biased: Vec<T> = expected_dx
            .iter()
            .enumerate()
            .map(|(i, &v)| v + channel_bias[i % case.channels])
            .collect();
        spread.fill(anything);
        transposed(&conv, &mut dx, &dy, &packed_adjoint, &channel_bias, &mut spread);
        assert_close("transposed y", &case, &dx, &biased);
        let plain: Vec<T> =
            expected_y.iter().enumerate().map(|(i, &v)| v - bias[i % case.filters]).collect();
        let mut db = vec![T::ONE; case.channels];
        dw.fill(T::ONE);
        images.fill(anything);
        let gradient = Gradient { weight: &mut dw, bias: &mut db, accumulate: true };
        let memory = Memory { images: &mut images, sums: &mut sums };
        transposed_backward(&conv, gradient, Some(&mut y), (&dy, &x), &packed, memory);
        assert_close("transposed dx", &case, &y, &plain);
        assert_close("transposed dw", &case, &dw, &expected_dw);
        assert_close("transposed db", &case, &db, &sum(&x, case.channels));
    }
}

#[test]
fn products_agree_with_loops() {
    at_every_level(|_| {
        agrees::<f32>();
        agrees::<f64>();
    });
}

#[test]
fn what_cannot_slide_has_no_positions() {
    let axis = |size, kernel, stride| Axis::new(size, kernel, stride, [0; 2], 1);
    for (down, across) in [(axis(2, 3, 1), axis(9, 3, 1)), (axis(9, 3, 1), axis(9, 3, 0))] {
        let conv = Convolution::new(1, 1, 1, down, across);
        assert_eq!(conv.output(), 0);
    }
    assert_eq!(conv::Convolution::new(3, 4, 2, axis(3, 3, 1), axis(3, 3, 1)).weights(), 4 * 3 * 9);
}
