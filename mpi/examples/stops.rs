//! A rank that stops while the others wait for it: `.ci/mpi` sees that all end, and which it was.
//!
//! ```text
//! mpirun -n 4 target/release/examples/stops 2 panic      # or error, or exit
//! ```

use formwork::train::{AllReduce, Communicator};
use std::process::ExitCode;

fn main() -> ExitCode {
    let [rank, how] = [1, 2].map(|i| std::env::args().nth(i).unwrap_or_default());
    formwork_mpi::run(|world| {
        let mut numbers = vec![1.0_f32; 1000];
        let mut all_reduce = AllReduce::new(world);
        all_reduce.sum(&mut numbers)?;
        if world.rank().to_string() == rank {
            match how.as_str() {
                "panic" => panic!("stopped in a panic"),
                "error" => return Err("stopped by an error".into()),
                _ => std::process::exit(3),
            }
        }
        all_reduce.sum(&mut numbers)?;
        Ok(())
    })
}
