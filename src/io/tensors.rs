//! Named tensors, to bytes and from bytes.

use super::error::{FormatError, WeightsError};
use crate::kernel::Real;
use crate::layer::{self as plain, Plain, TensorVisitor};
use alloc::borrow::ToOwned;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use half::{bf16, f16};
use safetensors::tensor::{Dtype, Metadata, SafeTensors, TensorView};

/// What PyTorch counts beside the running statistics of a batch normalisation, and nothing needs.
const COUNTER: &str = "num_batches_tracked";

/// Tensors to be written, and texts beside them.
#[derive(Default)]
pub(crate) struct Entries {
    tensors: BTreeMap<String, Entry>,
    texts: BTreeMap<String, String>,
}

struct Entry {
    dtype: Dtype,
    dims: Vec<usize>,
    bytes: Vec<u8>,
}

impl Entries {
    /// Adds one tensor.
    pub fn reals<T: Real>(&mut self, name: impl Into<String>, dims: &[usize], values: &[T]) {
        let mut bytes = Vec::with_capacity(size_of_val(values));
        // The way over f64 loses nothing.
        let values = values.iter().map(|value| value.to_f64());
        let dtype = if size_of::<T>() == 4 {
            values.for_each(|value| bytes.extend((value as f32).to_le_bytes()));
            Dtype::F32
        } else {
            values.for_each(|value| bytes.extend(value.to_le_bytes()));
            Dtype::F64
        };
        self.tensors.insert(name.into(), Entry { dtype, dims: dims.to_vec(), bytes });
    }

    /// Adds each tensor of `values`, `prefix` before its name.
    pub fn plain<T: Real, P: Plain<T>>(&mut self, prefix: &str, values: &P) {
        let values = plain::as_slice(values);
        P::tensors(&mut TensorVisitor::new(&mut |name, dims, range| {
            self.reals(format!("{prefix}{name}"), dims, &values[range]);
        }));
    }

    /// Adds a whole number.
    pub fn integer(&mut self, name: &str, value: u64) {
        let bytes = value.to_le_bytes().to_vec();
        self.tensors.insert(name.to_owned(), Entry { dtype: Dtype::U64, dims: Vec::new(), bytes });
    }

    /// Adds a text.
    pub fn text(&mut self, name: &str, text: String) {
        self.texts.insert(name.to_owned(), text);
    }

    /// The same, with real numbers rounded to half precision.
    pub fn halved(mut self) -> Result<Self, WeightsError> {
        for (name, entry) in &mut self.tensors {
            let Some(numbers) = numbers(entry.dtype, &entry.bytes) else { continue };
            let mut bytes = Vec::with_capacity(entry.bytes.len() / 2);
            for (index, value) in numbers.enumerate() {
                let half = f16::from_f64(value);
                if value.is_finite() && half.is_infinite() {
                    return Err(WeightsError::TooLarge { tensor: name.clone(), index, value });
                }
                bytes.extend(half.to_le_bytes());
            }
            (entry.dtype, entry.bytes) = (Dtype::F16, bytes);
        }
        Ok(self)
    }

    /// The file.
    pub fn to_bytes(&self) -> Result<Vec<u8>, WeightsError> {
        let views = self.tensors.iter().map(|(name, Entry { dtype, dims, bytes })| {
            Ok((name, TensorView::new(*dtype, dims.clone(), bytes)?))
        });
        // Without tensors the crate writes an empty map of texts in the wrong place.
        let texts = Some(self.texts.clone()).filter(|texts| !texts.is_empty());
        let texts = texts.map(|texts| texts.into_iter().collect());
        (views.collect::<Result<Vec<_>, _>>())
            .and_then(|views| safetensors::serialize(views, texts))
            .map_err(|error| WeightsError::Unwritable(FormatError::writing(error)))
    }
}

/// The numbers that bytes are, if they are real numbers; the way over `f64` loses nothing.
fn numbers<'a>(dtype: Dtype, bytes: &'a [u8]) -> Option<impl Iterator<Item = f64> + use<'a>> {
    let size = match dtype {
        Dtype::F16 | Dtype::BF16 => 2,
        Dtype::F32 => 4,
        Dtype::F64 => 8,
        _ => return None,
    };
    Some(bytes.chunks_exact(size).map(move |bytes| match *bytes {
        [a, b] if dtype == Dtype::F16 => f16::from_le_bytes([a, b]).into(),
        [a, b] => bf16::from_le_bytes([a, b]).into(),
        [a, b, c, d] => f32::from_le_bytes([a, b, c, d]).into(),
        _ => f64::from_le_bytes(bytes.try_into().expect("chunks of eight bytes")),
    }))
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
            let found = BTreeSet::from_iter(self.header.offset_keys()).into_iter().collect();
            let (tensor, expected) = (tensor.to_owned(), dims.unwrap_or_default().to_vec());
            return Err(WeightsError::Missing { tensor, expected, found });
        };
        self.left.remove(tensor);
        if let Some(dims) = dims.filter(|dims| found.shape != *dims) {
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
        let accepts = |dtype| numbers(dtype, &[]).is_some();
        let (dtype, bytes) = self.take(tensor, dims, "F16, BF16, F32 or F64", accepts)?;
        Ok(numbers(dtype, bytes).into_iter().flatten())
    }

    /// Reads the tensor of this name and shape into `values`.
    pub fn reals<T: Real>(
        &mut self,
        tensor: &str,
        dims: &[usize],
        values: &mut [T],
    ) -> Result<(), WeightsError> {
        let numbers = self.numbers(tensor, Some(dims))?;
        for (index, (to, value)) in values.iter_mut().zip(numbers).enumerate() {
            *to = T::of(value);
            if !to.to_f64().is_finite() {
                let tensor = tensor.to_owned();
                return Err(WeightsError::NotFinite { tensor, index, value });
            }
        }
        Ok(())
    }

    /// Reads each tensor of `values`, `prefix` before its name.
    pub fn plain<T: Real, P: Plain<T>>(
        &mut self,
        prefix: &str,
        values: &mut P,
    ) -> Result<(), WeightsError> {
        let values = plain::as_mut_slice(values);
        let mut result = Ok(());
        P::tensors(&mut TensorVisitor::new(&mut |name, dims, range| {
            if result.is_ok() {
                result = self.reals(&format!("{prefix}{name}"), dims, &mut values[range]);
            }
        }));
        result
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
        Err(WeightsError::Surplus { tensor, found })
    }
}
