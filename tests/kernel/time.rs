//! Filters over time against plain loops, at every instruction set, with the same bits for each column
//! however many there are.

use crate::{at_every_level, numbers};
use formwork::kernel::Real;
use formwork::kernel::time::{Filter, Filters, Finish, Function, Sizes, Unit};
use formwork::typenum::{U1, U2, U3, U5, U6, U8, U15, U16, U17, U20, U40, Unsigned};

/// The columns of the ring, and what lies beside the channels in each.
const COLUMNS: usize = 40;
const BESIDE: usize = 2;
/// The columns that lie once more behind the ring of a unit.
const REPEATED: usize = 12;

fn agrees<C: Unsigned, F: Unsigned, K: Unsigned, T: Real>(groups: usize) {
    let (channels, filters, taps) = (C::USIZE, F::USIZE, K::USIZE);
    let (x_stride, y_stride) = (groups * channels + BESIDE, groups * filters + BESIDE);
    let weight = numbers::<T>(groups * filters * channels * taps, 1);
    let bias = numbers::<T>(groups * filters, 2);
    let mut packed = Filters::zeroed(Sizes { groups, filters, channels, taps });
    packed.pack(&weight, &bias);
    let x = numbers::<T>(COLUMNS * x_stride, 3);
    let (shift, first) = (12, 30);
    // The first tap begins near the end, the next one at the start again.
    for count in [1, 2, 3, 7] {
        let before = numbers::<T>(count * y_stride, 4);
        let run = |first: usize, count: usize, y: &mut [T], add, rectify| {
            Filter {
                filters: &packed,
                x: &x,
                x_stride,
                columns: COLUMNS,
                first,
                shift,
                count,
                y,
                y_stride,
                finish: Finish { add, rectify },
            }
            .run::<C, F, K>();
        };
        for (add, rectify) in [(false, false), (true, true)] {
            let mut y = before.clone();
            run(first, count, &mut y, add, rectify);
            for (i, &found) in y.iter().enumerate() {
                let (t, f) = (i / y_stride, i % y_stride);
                if f >= groups * filters {
                    assert_eq!(found, before[i], "what lies beside the outputs");
                    continue;
                }
                let mut sum = bias[f].to_f64();
                for k in 0..taps {
                    let column = (first + k * shift) % COLUMNS + t;
                    for c in 0..channels {
                        let w = weight[(f * channels + c) * taps + k].to_f64();
                        sum += w * x[column * x_stride + f / filters * channels + c].to_f64();
                    }
                }
                let sum = if add { sum + before[i].to_f64() } else { sum };
                let expected = if rectify { sum.max(0.0) } else { sum };
                let tolerance = if size_of::<T>() == 4 { 2e-5 } else { 1e-12 };
                let (error, large) = ((found.to_f64() - expected).abs(), expected.abs().max(1.0));
                assert!(error < tolerance * large, "{channels} {filters} {taps}: {error:e}");
            }
            // Each column by itself.
            let mut single = before.clone();
            for (t, y) in single.chunks_mut(y_stride).enumerate() {
                run(first + t, 1, y, add, rectify);
            }
            assert!(single == y, "a column has other bits alone");
        }
    }
}

#[test]
fn filters_agree_with_loops() {
    at_every_level(|_| {
        agrees::<U16, U16, U2, f32>(1);
        agrees::<U8, U8, U2, f32>(1);
        agrees::<U1, U16, U1, f32>(1);
        agrees::<U5, U1, U2, f32>(1);
        agrees::<U3, U20, U2, f32>(2);
        agrees::<U2, U3, U2, f32>(3);
        agrees::<U17, U40, U1, f32>(1);
        agrees::<U5, U6, U2, f64>(2);
        agrees::<U16, U17, U1, f64>(1);
    });
}

fn unit_agrees<C: Unsigned, N: Unsigned, K: Unsigned>(function: Function) {
    // With all runs side by side, the last of them repeated, and across the end.
    for first in [5, 20, 33] {
        unit_agrees_from::<C, N, K>(function, first);
    }
}

fn unit_agrees_from<C: Unsigned, N: Unsigned, K: Unsigned>(function: Function, first: usize) {
    let (channels, condition, taps) = (C::USIZE, N::USIZE, K::USIZE);
    let size = 2 * channels + condition;
    let filters = |channels, taps, seed| {
        let sizes = Sizes { groups: 1, filters: C::USIZE, channels, taps };
        let (weight, bias) =
            (numbers::<f32>(C::USIZE * channels * taps, seed), numbers(C::USIZE, !seed));
        let mut packed = Filters::zeroed(sizes);
        packed.pack(&weight, &bias);
        (packed, weight, bias)
    };
    let (conv, mix, out) =
        (filters(channels, taps, 1), filters(condition, 1, 2), filters(channels, 1, 3));
    let shift = if taps > 6 { 0 } else { 3 };
    let count = 11;
    let before = numbers::<f32>(count * size, 5);
    let mut ring = numbers::<f32>(COLUMNS * channels, 4);
    ring.extend_from_within(..REPEATED * channels);
    // With the signal where the last tap sees it.
    let (mut x, last) = (ring.clone(), (first + (taps - 1) * shift) % COLUMNS);
    for (t, before) in before.chunks(size).enumerate() {
        let at = (last + t) % COLUMNS;
        for at in if at < REPEATED { vec![at, COLUMNS + at] } else { vec![at] } {
            x[at * channels..][..channels].copy_from_slice(&before[..channels]);
        }
    }
    let run = |x: &mut [f32], first: usize, count: usize, flow: &mut [f32]| {
        Unit {
            conv: &conv.0,
            mix: &mix.0,
            function,
            out: &out.0,
            x,
            columns: COLUMNS,
            repeated: REPEATED,
            first,
            shift,
            count,
            flow,
        }
        .run::<C, N, K>();
    };
    let (mut flow, mut played) = (before.clone(), ring.clone());
    run(&mut played, first, count, &mut flow);
    assert!(played == x, "the ring has other columns");
    for (t, (found, before)) in flow.chunks(size).zip(before.chunks(size)).enumerate() {
        let a: Vec<f64> = (0..channels)
            .map(|f| {
                let mut z = f64::from(conv.2[f]);
                for k in 0..taps {
                    for c in 0..channels {
                        let column = (first + k * shift) % COLUMNS + t;
                        let w = conv.1[(f * channels + c) * taps + k];
                        z += f64::from(w) * f64::from(x[column * channels + c]);
                    }
                }
                for n in 0..condition {
                    z += f64::from(mix.1[f * condition + n]) * f64::from(before[2 * channels + n]);
                }
                match function {
                    Function::Tanh => z.tanh(),
                    Function::Rectifier(slope) => {
                        if z > 0.0 {
                            z
                        } else {
                            slope * z
                        }
                    }
                }
            })
            .collect();
        for f in 0..channels {
            let sum: f64 = (0..channels).map(|c| f64::from(out.1[f * channels + c]) * a[c]).sum();
            let signal = f64::from(before[f]) + f64::from(out.2[f]) + sum;
            let skips = f64::from(before[channels + f]) + a[f];
            assert!((f64::from(found[f]) - signal).abs() < 3e-5, "signal {f} of step {t}");
            assert!((f64::from(found[channels + f]) - skips).abs() < 3e-5, "skips {f} of step {t}");
        }
        assert_eq!(found[2 * channels..], before[2 * channels..], "the condition");
    }
    let (mut single, mut played) = (before.clone(), ring);
    for (t, flow) in single.chunks_mut(size).enumerate() {
        run(&mut played, (first + t) % COLUMNS, 1, flow);
    }
    assert!(single == flow, "a column has other bits alone");
}

#[test]
fn units_agree_with_loops() {
    at_every_level(|_| {
        unit_agrees::<U16, U1, U3>(Function::Tanh);
        unit_agrees::<U8, U1, U6>(Function::Rectifier(0.01));
        unit_agrees::<U3, U2, U15>(Function::Tanh);
        unit_agrees::<U20, U3, U2>(Function::Rectifier(0.0));
        unit_agrees::<U40, U1, U2>(Function::Tanh);
    });
}
