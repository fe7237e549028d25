//! Named tensors, from bytes.

use super::error::{FormatError, WeightsError};
use super::{names, numbers};
use crate::files::excerpt;
use crate::kernel::Real;
use alloc::borrow::ToOwned;
use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use safetensors::SafeTensorError;
use safetensors::tensor::{Dtype, Metadata, SafeTensors};

/// What PyTorch counts beside the running statistics of a batch normalisation, and nothing needs.
const COUNTER: &str = "num_batches_tracked";

/// How many names a message tells.
const FEW: usize = 6;

/// How many bytes of tensors a file's beginning announces, the header and its length.
pub(super) fn announced(beginning: &[u8]) -> Result<usize, SafeTensorError> {
    match SafeTensors::read_metadata(beginning) {
        // All is well so far: the tensors are not there yet.
        Err(SafeTensorError::MetadataIncompleteBuffer) => {
            serde_json::from_slice(&beginning[size_of::<u64>()..])
                .map(|header: Metadata| header.data_len())
                .map_err(SafeTensorError::InvalidHeaderDeserialization)
        }
        header => header.map(|(_, header)| header.data_len()),
    }
}

/// Whether dimensions are the same, those of 1 aside: they change nothing about the order of numbers.
fn are_same(found: &[usize], expected: &[usize]) -> bool {
    let [found, expected] = [found, expected].map(|dims| dims.iter().filter(|&&dim| dim != 1));
    found.eq(expected)
}

/// Tensors that were read. Each must be asked for once.
pub(crate) struct Tensors<'a> {
    header: Metadata,
    data: &'a [u8],
    left: BTreeSet<String>,
}

impl<'a> Tensors<'a> {
    pub fn parse(bytes: &'a [u8]) -> Result<Self, WeightsError> {
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(|error| {
            let error = FormatError::reading(error, bytes);
            WeightsError::Format { length: bytes.len(), error }
        })?;
        // What is behind the header, as the crate has made sure.
        let data = &bytes[bytes.len() - header.data_len()..];
        let mut left = BTreeSet::from_iter(header.offset_keys());
        left.retain(|name| name.rsplit('.').next() != Some(COUNTER));
        Ok(Self { header, data, left })
    }

    /// The dimensions of a tensor, if there is such a one.
    pub fn dims(&self, tensor: &str) -> Option<&[usize]> {
        self.header.info(tensor).map(|info| &*info.shape)
    }

    /// A text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.header.metadata().as_ref()?.get(name).map(String::as_str)
    }

    /// All names.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = self.header.tensors().into_keys().collect();
        names.sort_unstable();
        names
    }

    /// The name that is there for a tensor, if there is one.
    pub fn find(&self, tensor: &str) -> Option<String> {
        names::find(tensor, |name| self.header.info(name).is_some()).map(str::to_owned)
    }

    /// That a tensor is not there, and what to do about it.
    pub fn missing(&self, tensor: &str, dims: &[usize], hint: String) -> WeightsError {
        let names = self.names();
        let found: Vec<_> = names.iter().take(FEW).map(|name| excerpt(name)).collect();
        let more = names.len() - found.len();
        let (tensor, expected) = (tensor.to_owned(), dims.to_vec());
        WeightsError::Missing { tensor, expected, found, more, hint: hint.into() }
    }

    /// The bytes of a tensor, for which `accepts` must know a meaning; of any shape, if none is
    /// given.
    fn take(
        &mut self,
        tensor: &str,
        dims: Option<&[usize]>,
        expected: &'static str,
        accepts: impl Fn(Dtype) -> bool,
    ) -> Result<(Dtype, &'a [u8]), WeightsError> {
        let Some(found) = self.header.info(tensor) else {
            return Err(self.missing(tensor, dims.unwrap_or_default(), String::new()));
        };
        self.left.remove(tensor);
        if let Some(dims) = dims.filter(|dims| !are_same(&found.shape, dims)) {
            let (expected, found) = (dims.to_vec(), found.shape.clone());
            return Err(WeightsError::Shape { tensor: tensor.to_owned(), expected, found });
        }
        if !accepts(found.dtype) {
            let found = found.dtype.to_string();
            return Err(WeightsError::Type { tensor: tensor.to_owned(), expected, found });
        }
        let (start, end) = found.data_offsets;
        Ok((found.dtype, &self.data[start..end]))
    }

    /// The numbers of a tensor.
    fn numbers(
        &mut self,
        tensor: &str,
        dims: Option<&[usize]>,
    ) -> Result<impl Iterator<Item = f64> + use<'a>, WeightsError> {
        let accepts = |dtype| numbers::parse(dtype, &[]).is_some();
        let (dtype, bytes) = self.take(tensor, dims, "F16, BF16, F32 or F64", accepts)?;
        Ok(numbers::parse(dtype, bytes).into_iter().flatten())
    }

    /// Reads the tensor of this name and shape into `values`.
    pub fn reals<T: Real>(
        &mut self,
        tensor: &str,
        dims: &[usize],
        values: &mut [T],
    ) -> Result<(), WeightsError> {
        self.checked(tensor, dims, values, numbers::are_squares(tensor))
    }

    /// The same, whatever the name says of the numbers.
    pub fn checked<T: Real>(
        &mut self,
        tensor: &str,
        dims: &[usize],
        values: &mut [T],
        squares: bool,
    ) -> Result<(), WeightsError> {
        let numbers = self.numbers(tensor, Some(dims))?;
        for (index, (to, value)) in values.iter_mut().zip(numbers).enumerate() {
            *to = T::of(value);
            // Also what is finite in double precision alone.
            if !to.to_f64().is_finite() {
                let tensor = tensor.to_owned();
                return Err(WeightsError::NotFinite { tensor, index, value });
            }
            numbers::check(tensor, squares, index, value)?;
        }
        Ok(())
    }

    /// All numbers of a tensor, of whatever shape and value.
    pub fn any(&mut self, tensor: &str) -> Result<Vec<f64>, WeightsError> {
        Ok(self.numbers(tensor, None)?.collect())
    }

    /// A whole number.
    pub fn integer(&mut self, tensor: &str) -> Result<u64, WeightsError> {
        let (_, bytes) = self.take(tensor, Some(&[]), "U64", |dtype| dtype == Dtype::U64)?;
        Ok(u64::from_le_bytes(bytes.try_into().expect("a number of eight bytes")))
    }

    /// Makes sure that nothing is left.
    pub fn finish(self) -> Result<(), WeightsError> {
        let Some(tensor) = self.left.first().cloned() else { return Ok(()) };
        let found = self.dims(&tensor).unwrap_or_default().to_vec();
        Err(WeightsError::Surplus { tensor: excerpt(&tensor), found })
    }

    /// The names of what nobody asked for.
    pub fn into_left(self) -> Vec<String> {
        self.left.into_iter().collect()
    }
}
