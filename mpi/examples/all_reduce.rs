//! How long it takes to add up a gradient over all ranks.
//!
//! ```text
//! mpirun -n 2 target/release/examples/all_reduce             # of 13,000,000 parameters
//! ```

use formwork::train::{AllReduce, Communicator};
use std::process::ExitCode;
use std::time::Instant;

/// Sums that are timed.
const ROUNDS: usize = 20;

fn main() -> ExitCode {
    formwork_mpi::run(|world| {
        let parameters = std::env::args().nth(1).map_or(Ok(13_000_000), |count| count.parse())?;
        let mut gradient = vec![1.0_f32; parameters];
        let mut all_reduce = AllReduce::new(world);
        let mut seconds = Vec::new();
        for round in 0..=ROUNDS {
            gradient.fill(1.0);
            let start = Instant::now();
            all_reduce.sum(&mut gradient)?;
            // The first one makes connections.
            if round > 0 {
                seconds.push(start.elapsed().as_secs_f64());
            }
            assert!(gradient.iter().all(|&sum| sum == world.ranks() as f32));
        }
        seconds.sort_by(f64::total_cmp);
        if world.rank() == 0 {
            println!(
                "{} ranks, {parameters} parameters: median {:.1} ms, fastest {:.1} ms of {ROUNDS}",
                world.ranks(),
                1e3 * seconds[ROUNDS / 2],
                1e3 * seconds[0],
            );
        }
        Ok(())
    })
}
