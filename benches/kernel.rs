//! GFLOP/s of the matrix products and GB/s of the loops over slices, next to the limits of the
//! machine.
//!
//! `cargo bench --bench kernel -- [NAME..] [--threads N] [--level portable|neon|avx2|avx512]` measures
//! the rows whose names contain one of the words given, on one thread unless told otherwise.

use formwork::kernel::{
    Finish, MatMut, MatRef, columns, dispatch::Level, elementwise, gemm, gemm_with, math, parallel,
    reduce,
};
use formwork::optim::{Adam, Optimizer};
use std::{
    hint::black_box,
    ops::{Deref, DerefMut},
    time::Instant,
};

fn main() {
    let mut words: Vec<String> = Vec::new();
    let (mut threads, mut level) = (1, Level::detect());
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--bench" => {}
            "--threads" => threads = args.next().and_then(|n| n.parse().ok()).expect("a number"),
            "--level" => {
                let name = args.next().expect("a level");
                let named = |l: &Level| format!("{l:?}").eq_ignore_ascii_case(&name);
                level = Level::ALL.into_iter().find(named).expect("portable, neon, avx2 or avx512");
            }
            _ => words.push(arg),
        }
    }
    assert!(level.force(), "this CPU has no {level:?}");
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
    pool.install(|| {
        let table = Table::new(words, threads, level);
        products(&table);
        slices(&table);
    });
}

/// Prints the rows that were asked for.
struct Table {
    words: Vec<String>,
    /// GFLOP/s of nothing but fused multiply-adds, on all threads.
    peak: f64,
}

impl Table {
    fn new(words: Vec<String>, threads: usize, level: Level) -> Self {
        let peak = threads as f64 * peak();
        println!("{threads} threads, {level:?}, peak {peak:.0} GFLOP/s");
        println!("{:<34}{:>12}{:>10}{:>8}", "", "us", "per ns", "of peak");
        Self { words, peak }
    }

    fn asked(&self, name: &str) -> bool {
        self.words.is_empty() || self.words.iter().any(|word| name.contains(word.as_str()))
    }

    /// `flop` floating-point operations a call.
    fn flop(&self, name: &str, flop: usize, f: impl FnMut()) {
        if self.asked(name) {
            let us = best_us(f);
            let gflops = flop as f64 / us * 1e-3;
            println!("{name:<34}{us:>12.2}{gflops:>10.1}{:>7.0}%", 100.0 * gflops / self.peak);
        }
    }

    /// `bytes` read and written a call.
    fn bytes(&self, name: &str, bytes: usize, f: impl FnMut()) {
        if self.asked(name) {
            let us = best_us(f);
            println!("{name:<34}{us:>12.2}{:>10.1}", bytes as f64 / us * 1e-3);
        }
    }
}

/// Microseconds a call: the best of 40 rounds of about 3 ms, since other programs only ever add.
fn best_us(mut f: impl FnMut()) -> f64 {
    let mut time = |calls: u32| {
        let start = Instant::now();
        (0..calls).for_each(|_| f());
        start.elapsed().as_secs_f64() * 1e6 / f64::from(calls)
    };
    time(1);
    let calls = (3_000.0 / time(1)).clamp(1.0, 1e6) as u32;
    (0..40).map(|_| time(calls)).fold(f64::INFINITY, f64::min)
}

/// GFLOP/s of independent fused multiply-adds in registers.
fn peak() -> f64 {
    const STEPS: usize = 10_000;

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx512f")]
    fn avx512(x: f32) -> f32 {
        use std::arch::x86_64::*;
        let (a, b) = (_mm512_set1_ps(0.999), _mm512_set1_ps(1e-3));
        let mut v = [_mm512_set1_ps(x); 12];
        for _ in 0..STEPS {
            for v in &mut v {
                *v = _mm512_fmadd_ps(*v, a, b);
            }
        }
        v.into_iter().map(|v| _mm512_reduce_add_ps(v)).sum()
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,fma")]
    fn avx2(x: f32) -> f32 {
        use std::arch::x86_64::*;
        let (a, b) = (_mm256_set1_ps(0.999), _mm256_set1_ps(1e-3));
        let mut v = [_mm256_set1_ps(x); 12];
        for _ in 0..STEPS {
            for v in &mut v {
                *v = _mm256_fmadd_ps(*v, a, b);
            }
        }
        v.into_iter().map(|v| _mm256_cvtss_f32(v)).sum()
    }

    let (lanes, run): (usize, fn(f32) -> f32) = match Level::detect() {
        // SAFETY: `detect` found these instructions.
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => (16, |x| unsafe { avx512(x) }),
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 => (8, |x| unsafe { avx2(x) }),
        _ => return f64::NAN,
    };
    let us = best_us(|| {
        black_box(run(black_box(1.0)));
    });
    (STEPS * 12 * lanes * 2) as f64 / us * 1e-3
}

/// Scalars that start on a cache line, as those of a network do.
struct Aligned {
    memory: Vec<f32>,
    start: usize,
    len: usize,
}

impl Deref for Aligned {
    type Target = [f32];
    fn deref(&self) -> &[f32] {
        &self.memory[self.start..][..self.len]
    }
}

impl DerefMut for Aligned {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.memory[self.start..][..self.len]
    }
}

/// Numbers in `[-1, 1)` from a linear congruential generator.
fn numbers(len: usize) -> Aligned {
    let mut state = 1_u32;
    let next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 8_388_608.0 - 1.0
    };
    let memory: Vec<f32> = std::iter::repeat_with(next).take(len + 15).collect();
    let start = memory.as_ptr().align_offset(64);
    Aligned { memory, start, len }
}

/// The three products of a dense layer with `output x input` weights stored by rows.
fn products(table: &Table) {
    for (output, input, samples) in [
        (50, 784, 100),
        (10, 50, 100),
        (512, 784, 128),
        (256, 512, 128),
        (10, 256, 128),
        (100, 4320, 100),
        (2600, 650, 20),
        (2600, 650, 700),
        (10_000, 650, 700),
        (16, 9, 78_400),
        (32, 288, 19_600),
        (64, 576, 6_400),
        (50, 784, 1),
        (10, 50, 1),
        (650, 650, 1),
    ] {
        let flop = 2 * output * input * samples;
        let shape = format!("{output} x {input} x {samples}");
        if !["forward ", "dw ", "dx "].iter().any(|role| table.asked(&format!("{role}{shape}"))) {
            continue;
        }
        let (w, x) = (numbers(output * input), numbers(input * samples));
        let bias = numbers(output);
        let mut y = numbers(output * samples);
        table.flop(&format!("forward {shape}"), flop, || {
            let (w, x) =
                (MatRef::row_major(&w, output, input), MatRef::col_major(&x, input, samples));
            let finish = Finish { bias: Some(&bias), relu: true, ..Finish::default() };
            gemm_with(MatMut::col_major(&mut y, output, samples), w, x, finish);
        });
        let mut dw = numbers(output * input);
        table.flop(&format!("dw {shape}"), flop, || {
            let (dy, x) =
                (MatRef::col_major(&y, output, samples), MatRef::col_major(&x, input, samples));
            gemm(MatMut::row_major(&mut dw, output, input), 0.0, dy, x.t());
        });
        let mut dx = numbers(input * samples);
        table.flop(&format!("dx {shape}"), flop, || {
            let (w, dy) =
                (MatRef::row_major(&w, output, input), MatRef::col_major(&y, output, samples));
            gemm(MatMut::col_major(&mut dx, input, samples), 0.0, w.t(), dy);
        });
    }
}

fn slices(table: &Table) {
    if !table.words.is_empty() && table.words.iter().all(|word| word.contains(" x ")) {
        return;
    }
    // How much of a piece of work a second thread takes off, and so from when on it is worthwhile.
    for spin in [1_000, 5_000, 10_000, 20_000, 50_000, 100_000] {
        table.bytes(&format!("fork and join 2 x {spin} ns"), 0, || {
            parallel::for_each(2, usize::MAX, |_| {
                let start = Instant::now();
                while start.elapsed().as_nanos() < spin {}
            });
        });
    }
    for n in [5_000, 65_536, 400_000, 13_000_000] {
        let (mut p, mut m, mut v) = (numbers(n), numbers(n), numbers(n));
        v.fill(1.0);
        let mut adam = Adam::new(0.001);
        let g = numbers(n);
        table.bytes(&format!("relu {n}"), 8 * n, || {
            elementwise::map(&mut p, |x| if x > 0.0 { x } else { 0.0 });
        });
        table.bytes(&format!("relu gradient {n}"), 12 * n, || {
            elementwise::zip(&mut m, &g, |d, y| if y > 0.0 { d } else { 0.0 });
        });
        table.bytes(&format!("axpy {n}"), 12 * n, || elementwise::axpy(&mut p, 1e-3, &g));
        table.bytes(&format!("adam {n}"), 28 * n, || adam.step(&mut p, &g));
        table.bytes(&format!("exp {n}"), 8 * n, || elementwise::map_into(&mut m, &g, math::exp));
        table.bytes(&format!("ln {n}"), 8 * n, || elementwise::map_into(&mut m, &v, math::ln));
        table.bytes(&format!("tanh {n}"), 8 * n, || elementwise::map_into(&mut m, &g, math::tanh));
        table.bytes(&format!("sigmoid {n}"), 8 * n, || {
            elementwise::map_into(&mut m, &g, math::sigmoid);
        });
        table.bytes(&format!("erf {n}"), 8 * n, || elementwise::map_into(&mut m, &g, math::erf));
        table.bytes(&format!("softplus {n}"), 8 * n, || {
            elementwise::map_into(&mut m, &g, math::softplus);
        });
        table.bytes(&format!("sum {n}"), 4 * n, || {
            black_box(reduce::sum(&g));
        });
        table.bytes(&format!("dot {n}"), 8 * n, || {
            black_box(reduce::dot(&g, &v));
        });
    }
    for (features, samples) in [(10, 100), (50, 100), (512, 128), (784, 100), (650, 700)] {
        let shape = format!("{features} x {samples}");
        let (x, mut sums) = (numbers(features * samples), vec![0.0; features]);
        let mut y = numbers(x.len());
        let bytes = 4 * x.len();
        table.bytes(&format!("add_sum {shape}"), bytes, || {
            columns::add_sum(&mut sums, &x, features, 0);
        });
        table.bytes(&format!("transpose {shape}"), 2 * bytes, || {
            columns::transpose(&mut y, &x, features, samples);
        });
    }
}
