use formwork::kernel::*;
use std::time::Instant;
fn best(mut f: impl FnMut()) -> f64 {
    let mut b = f64::INFINITY;
    f();
    f();
    let t = Instant::now();
    f();
    let one = t.elapsed().as_secs_f64();
    let n = (1e-3 / one).max(1.0) as usize;
    let rounds = std::env::var("R").map_or(60, |r| r.parse().unwrap());
    for _ in 0..rounds {
        let t = Instant::now();
        for _ in 0..n {
            f();
        }
        b = b.min(t.elapsed().as_secs_f64() / n as f64);
    }
    b
}
fn aligned(n: usize, off: usize) -> &'static mut [f32] {
    let v = Box::leak(vec![0.5f32; n + 64].into_boxed_slice());
    let o = v.as_ptr().align_offset(64);
    &mut v[o + off..o + off + n]
}
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let p = |i: usize| a[i].parse::<usize>().unwrap();
    let (m, k, n, off) = (p(2), p(3), p(4), p(5));
    // role: dx: A col-major m x k, B col-major; dw: A colmajor, B row-major; fw: A row-major, B colmajor
    let x = aligned(m * k, off);
    let y = aligned(k * n, off);
    let c = aligned(m * n, off);
    let s = best(|| {
        let (av, bv) = match a[1].as_str() {
            "dx" => (MatRef::col_major(x, m, k), MatRef::col_major(y, k, n)),
            "dw" => (MatRef::col_major(x, m, k), MatRef::row_major(y, k, n)),
            _ => (MatRef::row_major(x, m, k), MatRef::col_major(y, k, n)),
        };
        gemm(MatMut::col_major(c, m, n), 0.0, av, bv);
    });
    if std::env::var("R").is_ok() {
        return;
    }
    let pk = best(|| {
        std::hint::black_box(unsafe { peak(std::hint::black_box(1.0)) });
    });
    let pk = (10000 * 12 * 32) as f64 * 1e-9 / pk;
    print!("[peak {pk:.0}: {:.0}%] ", 100.0 * 2e-9 * (m * k * n) as f64 / s / pk);
    println!(
        "{} {m} {k} {n} off {off}: {:.2} us {:.1} GFLOP/s",
        a[1],
        s * 1e6,
        2e-9 * (m * k * n) as f64 / s
    );
}

#[target_feature(enable = "avx512f")]
fn peak(x: f32) -> f32 {
    use std::arch::x86_64::*;
    let (a, b) = (_mm512_set1_ps(0.999), _mm512_set1_ps(1e-3));
    let mut v = [_mm512_set1_ps(x); 12];
    for _ in 0..10000 {
        for v in &mut v {
            *v = _mm512_fmadd_ps(*v, a, b);
        }
    }
    v.into_iter().map(|v| _mm512_reduce_add_ps(v)).sum()
}
