//! Named tensors, to bytes.

use super::error::{FormatError, WeightsError};
use super::numbers;
use crate::kernel::Real;
use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use half::f16;
use safetensors::tensor::{Dtype, TensorView};

/// Tensors to be written, and texts beside them.
#[derive(Default)]
pub(crate) struct Entries {
    tensors: BTreeMap<String, Entry>,
    texts: BTreeMap<String, String>,
    /// The first number that could not be read again.
    error: Option<WeightsError>,
    /// The first name that was given twice.
    twice: Option<String>,
}

struct Entry {
    dtype: Dtype,
    dims: Vec<usize>,
    bytes: Vec<u8>,
}

impl Entries {
    /// Adds one tensor of numbers to calculate with.
    pub fn reals<T: Real>(&mut self, name: impl Into<String>, dims: &[usize], values: &[T]) {
        let name = name.into();
        let squares = numbers::are_squares(&name);
        self.checked(name, dims, values, squares);
    }

    /// The same, whatever the name says of the numbers.
    pub fn checked<T: Real>(&mut self, name: String, dims: &[usize], values: &[T], squares: bool) {
        if self.error.is_none() {
            let mut values = values.iter().map(|value| value.to_f64()).enumerate();
            let error = values.find_map(|(i, v)| numbers::check(&name, squares, i, v).err());
            self.error = error;
        }
        self.any(name, dims, values);
    }

    /// Adds one tensor of any numbers.
    pub fn any<T: Real>(&mut self, name: impl Into<String>, dims: &[usize], values: &[T]) {
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
        let (name, entry) = (name.into(), Entry { dtype, dims: dims.to_vec(), bytes });
        if self.tensors.insert(name.clone(), entry).is_some() {
            self.twice.get_or_insert(name);
        }
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

    /// The same, with numbers that no network can calculate with left as they are.
    pub fn accepting_all(mut self) -> Self {
        self.error = None;
        self
    }

    /// The same, with real numbers rounded to half precision.
    pub fn halved(mut self) -> Result<Self, WeightsError> {
        for (name, entry) in &mut self.tensors {
            let Some(numbers) = numbers::parse(entry.dtype, &entry.bytes) else { continue };
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
    pub fn into_bytes(self) -> Result<Vec<u8>, WeightsError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        if let Some(tensor) = self.twice {
            return Err(WeightsError::Twice { tensor });
        }
        let views = self.tensors.iter().map(|(name, Entry { dtype, dims, bytes })| {
            Ok((name, TensorView::new(*dtype, dims.clone(), bytes)?))
        });
        // Without tensors the crate writes an empty map of texts in the wrong place.
        let texts = Some(self.texts).filter(|texts| !texts.is_empty());
        let texts = texts.map(|texts| texts.into_iter().collect());
        (views.collect::<Result<Vec<_>, _>>())
            .and_then(|views| safetensors::serialize(views, texts))
            .map_err(|error| WeightsError::Unwritable(FormatError::writing(error)))
    }
}
