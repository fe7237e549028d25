//! The workloads of the benchmark, ten steps of each (three of the large language model): the same bits on any number of threads, of which
//! there may be more than processors.

#[expect(dead_code, reason = "the benchmark has more workloads")]
#[path = "../benches/workloads/conv.rs"]
mod conv;
#[expect(dead_code, reason = "as above")]
#[path = "../benches/workloads/dense.rs"]
mod dense;
#[expect(dead_code, reason = "as above")]
#[path = "../benches/workloads/recurrent.rs"]
mod recurrent;
#[path = "../benches/workloads/words.rs"]
mod words;
#[expect(dead_code, reason = "as above")]
#[path = "../benches/workloads/workload.rs"]
mod workload;

use workload::{Make, Watch};

/// The bits of the parameters after the last step, one number for all of them.
#[derive(Default)]
struct Bits(u64);

impl Watch for Bits {
    fn parameters(&mut self, parameters: &[f32]) {
        let mix = |sum: u64, x: &f32| {
            (sum.rotate_left(5) ^ u64::from(x.to_bits())).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        };
        self.0 = parameters.iter().fold(0, mix);
    }
}

fn bits(make: Make, steps: usize, threads: usize) -> u64 {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| {
        let (mut workload, mut bits) = (make(), Bits::default());
        (0..steps).for_each(|_| (workload.step)(&mut bits));
        bits.0
    })
}

#[test]
fn the_same_bits_on_any_number_of_threads() {
    let workloads: [(&str, Make, usize); 8] = [
        ("w1", dense::w1, 10),
        ("w2", dense::w2, 10),
        ("w3", conv::w3, 10),
        ("w4", conv::w4, 10),
        ("w5", recurrent::w5, 3),
        ("w5b", recurrent::w5b, 10),
        ("w6", words::w6, 10),
        ("w6s", words::w6s, 10),
    ];
    for (name, make, steps) in workloads {
        let one = bits(make, steps, 1);
        for threads in [2, 3, 5, 8, 16] {
            assert_eq!(bits(make, steps, threads), one, "{name} on {threads} threads");
        }
    }
}
