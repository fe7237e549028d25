//! Models as the bytes of a safetensors file.

use super::{Entries, Tensors, WeightsError};
use crate::Model;
use crate::kernel::Real;
use crate::net::Network;
use alloc::vec::Vec;

/// Weights in the safetensors format: see [`io`](crate::io).
impl<N: Network, T: Real> Model<N, T> {
    /// The parameters and statistics as the bytes of a file.
    ///
    /// # Errors
    /// If a number is one that no network can calculate with, or the names of the tensors take more
    /// than 100 MB, for which the format has no room.
    pub fn to_bytes(&self) -> Result<Vec<u8>, WeightsError> {
        self.entries().into_bytes()
    }

    /// The same with whatever numbers there are.
    pub(super) fn to_bytes_as_is(&self) -> Result<Vec<u8>, WeightsError> {
        self.entries().accepting_all().into_bytes()
    }

    /// The same in half precision.
    pub(super) fn to_half_bytes(&self) -> Result<Vec<u8>, WeightsError> {
        self.entries().halved()?.into_bytes()
    }

    /// A model from the bytes of a file, such as `include_bytes!` puts into a program.
    ///
    /// # Errors
    /// If they are not of this network: see [`WeightsError`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WeightsError> {
        let mut tensors = Tensors::parse(bytes)?;
        let mut model = Self::zeroed();
        model.read_from(&mut tensors, "")?;
        tensors.finish()?;
        Ok(model)
    }

    fn entries(&self) -> Entries {
        let mut entries = Entries::default();
        self.write_to(&mut entries, "");
        entries
    }

    pub(crate) fn write_to(&self, entries: &mut Entries, prefix: &str) {
        entries.plain::<T, _>(prefix, &*self.params);
        entries.plain::<T, _>(prefix, &*self.stats);
    }

    pub(crate) fn read_from(
        &mut self,
        tensors: &mut Tensors<'_>,
        prefix: &str,
    ) -> Result<(), WeightsError> {
        tensors.plain::<T, _>(prefix, &mut *self.params)?;
        tensors.plain::<T, _>(prefix, &mut *self.stats)
    }
}
