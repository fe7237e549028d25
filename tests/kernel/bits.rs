use crate::{at_every_level, numbers};
use formwork::kernel::{MatMut, MatRef, dispatch::Level, elementwise, gemm, math, reduce};

/// A number that depends on each bit of each number.
fn checksum(numbers: &[f32]) -> u32 {
    numbers.iter().fold(0_u32, |sum, x| sum.rotate_left(5).wrapping_mul(0x9e37_79b1) ^ x.to_bits())
}

/// What portable code computes here, some of all that kernels do.
fn results() -> [u32; 4] {
    let product = |m: usize, k: usize, n: usize| {
        let (a, b) = (numbers::<f32>(m * k, 1), numbers::<f32>(k * n, 2));
        let by_rows = [MatRef::row_major(&a, m, k), MatRef::col_major(&a, m, k)];
        let mut c = [vec![0.0; m * n], vec![0.0; m * n]];
        for (c, a) in c.iter_mut().zip(by_rows) {
            gemm(MatMut::col_major(c, m, n), 0.0, a, MatRef::col_major(&b, k, n));
        }
        c.concat()
    };
    let x: Vec<f32> = numbers::<f32>(1000, 3).iter().map(|x| 20.0 * x).collect();
    let functions: [fn(f32) -> f32; 5] =
        [math::exp, math::tanh, math::sigmoid, math::erf, math::softplus];
    let values = functions.map(|f| {
        let mut y = x.clone();
        elementwise::map(&mut y, f);
        y
    });
    [
        checksum(&product(50, 70, 90)),
        checksum(&[product(200, 300, 3), product(9, 500, 1)].concat()),
        checksum(&values.concat()),
        checksum(&[reduce::sum(&x), reduce::dot(&x, &x)]),
    ]
}

/// As x86-64 computed it: a change here is a change for all who compare bits between machines.
#[test]
fn portable_code_has_the_same_bits_on_every_machine() {
    at_every_level(|level| {
        if level == Level::Portable {
            let expected = [0x3991_0749, 0xf484_6fa6, 0x09d7_5fd4, 0x4507_34d4];
            assert_eq!(results(), expected, "{:#010x?}", results());
        }
    });
}
