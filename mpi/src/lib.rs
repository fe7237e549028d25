//! Several processes, on one machine or many, that train one network together over MPI.
//!
//! ```no_run
//! use formwork::data::digits;
//! use formwork::optim::Adam;
//! use formwork::prelude::*;
//! use formwork::train::{Communicator, Trainer};
//! use rand::SeedableRng;
//! use std::error::Error;
//! use std::process::ExitCode;
//!
//! network! { struct Digits: Image<1, 8, 8> => Vector<10> { fc1: Dense<64>, Relu, fc2: Dense<10> } }
//!
//! fn main() -> ExitCode {
//!     formwork_mpi::run(|world| {
//!         let data = digits::parse(include_bytes!("../../examples/data/digits.csv.gz"))?;
//!         let mut rng = Generator::seed_from_u64(1); // the same on each rank
//!         let mut model = Model::<Digits>::new(&mut rng);
//!         Trainer::new(Adam::new(1e-3))
//!             .groups(8)
//!             .ranks(world)
//!             .fit(&mut model, &SoftmaxCrossEntropy::new(), &data, &mut rng)?;
//!         if world.rank() == 0 {
//!             model.save("digits.safetensors")?;
//!         }
//!         Ok(())
//!     })
//! }
//! ```
//!
//! `mpirun -n 4 target/release/digits` has the bits of one process: see
//! [`Trainer::ranks`](formwork::train::Trainer::ranks).

#![warn(missing_docs)]

use formwork::train::Communicator;
use mpi::Threading;
use mpi::point_to_point::send_receive_into;
use mpi::topology::SimpleCommunicator;
use mpi::traits::{Communicator as _, Equivalence as _};
use std::any::Any;
use std::error::Error;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;

/// All processes that were started together.
#[derive(Clone, Copy, Debug)]
pub struct World {
    rank: usize,
    ranks: usize,
}

impl Communicator for World {
    fn rank(&self) -> usize {
        self.rank
    }

    fn ranks(&self) -> usize {
        self.ranks
    }

    /// Where another process cannot be reached, MPI ends all: that is no error here.
    fn exchange(&self, other: usize, sent: &[u8], received: &mut [u8]) -> io::Result<()> {
        // Made anew, because it cannot be handed from thread to thread.
        let world = SimpleCommunicator::world();
        let other = world.process_at_rank(other as i32);
        let status = send_receive_into(sent, &other, received, &other);
        let count = status.count(u8::equivalent_datatype()) as usize;
        if count < received.len() {
            let expected = received.len();
            return Err(io::Error::other(format!("it sends {count} bytes, expected {expected}")));
        }
        Ok(())
    }
}

/// Runs `work` in each of the processes that `mpirun` has started; in a single one, without `mpirun`, as
/// well. Where it fails or panics on one rank, that rank says so by its number, and all are ended.
///
/// To be called once, by `main`, which returns what it gives. Threads may be started, of which one at a
/// time speaks with other ranks.
///
/// # Panics
/// Where MPI has been initialised already, or allows one thread only.
pub fn run(work: impl FnOnce(&World) -> Result<(), Box<dyn Error>>) -> ExitCode {
    let (universe, threading) = mpi::initialize_with_threading(Threading::Serialized)
        .expect("MPI is initialised once, by `formwork_mpi::run`");
    assert!(threading >= Threading::Serialized, "this MPI allows one thread only");
    let comm = universe.world();
    let world = World { rank: comm.rank() as usize, ranks: comm.size() as usize };
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| work(&world)));
    let message = match outcome {
        Ok(Ok(())) => return ExitCode::SUCCESS,
        Ok(Err(error)) => error.to_string(),
        Err(panic) => format!("panicked: {}", words(&*panic)),
    };
    let World { rank, ranks } = world;
    eprintln!("rank {rank} of {ranks}: {message}");
    comm.abort(1)
}

/// What a panic said.
fn words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without words")
}
