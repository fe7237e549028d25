//! Processes that train one model together.

use std::io;

/// One of several processes (ranks) that train one model together: see
/// [`Trainer::ranks`](super::Trainer::ranks).
///
/// All that it can do is exchange bytes with another rank. The crate `formwork-mpi` does so over MPI;
/// threads may over channels, machines over sockets.
pub trait Communicator: Sync {
    /// The number of this process, counted from 0.
    fn rank(&self) -> usize;

    /// How many processes there are.
    fn ranks(&self) -> usize;

    /// Sends `sent` to another rank, which exchanges with this one at that moment, and fills `received`
    /// with what it sends. Both know how many bytes the other sends, which may be none. What goes from one
    /// rank to another arrives in order.
    ///
    /// # Errors
    /// Where the other rank cannot be reached. The training then ends, and with it the others should.
    fn exchange(&self, other: usize, sent: &[u8], received: &mut [u8]) -> io::Result<()>;
}

/// A process that trains by itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Alone;

impl Communicator for Alone {
    fn rank(&self) -> usize {
        0
    }

    fn ranks(&self) -> usize {
        1
    }

    fn exchange(&self, _: usize, _: &[u8], _: &mut [u8]) -> io::Result<()> {
        Err(io::ErrorKind::NotConnected.into())
    }
}

/// The number of a process among all. A web page is the only one: so what it downloads has nothing of the
/// others.
pub(super) fn rank(communicator: &dyn Communicator) -> usize {
    if cfg!(target_family = "wasm") { 0 } else { communicator.rank() }
}

/// How many processes there are, in a web page one.
pub(super) fn ranks(communicator: &dyn Communicator) -> usize {
    if cfg!(target_family = "wasm") { 1 } else { communicator.ranks() }
}
