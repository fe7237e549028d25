use std::time::Instant;
use formwork::kernel::parallel;
fn spin(ns: u128) { let t = Instant::now(); while t.elapsed().as_nanos() < ns {} }
fn main() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    pool.install(|| for gap in [0u128, 5_000, 20_000, 50_000, 100_000, 500_000, 2_000_000] { for work in [5_000u128, 10_000, 20_000, 40_000] {
        let mut v: Vec<f64> = (0..300).map(|_| { spin(3000); parallel::keep_awake(|| { spin(gap); let t = Instant::now(); parallel::for_each(2, usize::MAX, |_| spin(work)); t.elapsed().as_secs_f64() * 1e6 }) }).collect();
        v.sort_by(f64::total_cmp);
        println!("gap {gap} work 2x{work}: med {:.1} p10 {:.1} p90 {:.1}", v[150], v[30], v[270]);
    }});
}
