//! Models as safetensors.

use super::error::{FileError, WeightsError};
use super::file;
use super::tensors::{Entries, Tensors};
use crate::Model;
use crate::kernel::Real;
use crate::net::Network;
use alloc::vec::Vec;
use std::path::Path;

/// Weights in the safetensors format: see [`io`](crate::io).
impl<N: Network, T: Real> Model<N, T> {
    /// Writes the parameters and statistics to a file, which is replaced only once all is written.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), FileError> {
        file::write(path.as_ref(), self.to_bytes())
    }

    /// As [`save`](Self::save), each number rounded to 16 bits (IEEE half precision): half of the
    /// size, with three significant digits. [`load`](Self::load) reads it.
    ///
    /// # Errors
    /// If the file cannot be written, or a number is beyond the largest one of half precision,
    /// 65504.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// use rand::SeedableRng;
    ///
    /// network! {
    ///     struct Gate: Vector<2> => Vector<1> { fc1: Dense<8>, Tanh, fc2: Dense<1> }
    /// }
    ///
    /// let path = std::env::temp_dir().join("formwork-half.safetensors");
    /// let model = Model::<Gate>::new(&mut Generator::seed_from_u64(1));
    /// model.save_half(&path)?;
    /// let read = Model::<Gate>::load(&path)?;
    /// for (read, saved) in read.parameters().iter().zip(model.parameters()) {
    ///     assert!((read - saved).abs() <= saved.abs() / 2048.0);
    /// }
    /// # Ok::<(), formwork::io::FileError>(())
    /// ```
    pub fn save_half(&self, path: impl AsRef<Path>) -> Result<(), FileError> {
        let bytes = self.entries().halved().map(|entries| entries.to_bytes());
        file::write(path.as_ref(), bytes)
    }

    /// Reads a model from a file that [`save`](Self::save) or PyTorch wrote.
    ///
    /// # Errors
    /// If the file cannot be read or is not of this network: see [`WeightsError`].
    pub fn load(path: impl AsRef<Path>) -> Result<Self, FileError> {
        file::read(path.as_ref(), Self::from_bytes)
    }

    /// The parameters and statistics as the bytes of a file.
    ///
    /// # Errors
    /// None yet: there is room for the errors that other formats will have.
    pub fn to_bytes(&self) -> Result<Vec<u8>, WeightsError> {
        Ok(self.entries().to_bytes())
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
