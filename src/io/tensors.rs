//! Named tensors, to be written and read.

use super::error::WeightsError;
use super::header::{Contents, Dtype, Tensor};
use crate::kernel::Real;
use crate::layer::{self as plain, Plain, TensorVisitor};
use alloc::borrow::ToOwned;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use half::{bf16, f16};

/// What PyTorch counts beside the running statistics of a batch normalisation, and nothing needs.
const COUNTER: &str = "num_batches_tracked";

/// Tensors to be written.
#[derive(Default)]
pub(crate) struct Entries(Contents<Vec<u8>>);

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
        self.0.tensors.insert(name.into(), Tensor { dtype, dims: dims.to_vec(), bytes });
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
        let tensor = Tensor { dtype: Dtype::U64, dims: Vec::new(), bytes };
        self.0.tensors.insert(name.to_owned(), tensor);
    }

    /// The same, with real numbers rounded to half precision.
    pub fn halved(mut self) -> Result<Self, WeightsError> {
        for (name, entry) in &mut self.0.tensors {
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
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.to_bytes()
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
    file: Contents<&'a [u8]>,
    left: BTreeSet<String>,
}

impl<'a> Tensors<'a> {
    pub fn parse(bytes: &'a [u8]) -> Result<Self, WeightsError> {
        let length = bytes.len();
        let file = Contents::read(bytes).map_err(|error| WeightsError::Format { length, error })?;
        let names = file.tensors.keys();
        let left = names.filter(|name| name.rsplit('.').next() != Some(COUNTER));
        Ok(Self { left: left.cloned().collect(), file })
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
        let Some(found) = self.file.tensors.get(tensor) else {
            let found = self.file.tensors.keys().cloned().collect();
            let (tensor, expected) = (tensor.to_owned(), dims.unwrap_or_default().to_vec());
            return Err(WeightsError::Missing { tensor, expected, found });
        };
        self.left.remove(tensor);
        if let Some(dims) = dims.filter(|dims| found.dims != *dims) {
            let (expected, found) = (dims.to_vec(), found.dims.clone());
            return Err(WeightsError::Shape { tensor: tensor.to_owned(), expected, found });
        }
        if !accepts(found.dtype) {
            let found = found.dtype.name.to_owned();
            return Err(WeightsError::Type { tensor: tensor.to_owned(), expected, found });
        }
        Ok((found.dtype, found.bytes))
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
        let Some(tensor) = self.left.into_iter().next() else { return Ok(()) };
        let found = self.file.tensors[&tensor].dims.clone();
        Err(WeightsError::Surplus { tensor, found })
    }
}
