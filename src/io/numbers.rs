//! Numbers in tensors.

use super::error::WeightsError;
use alloc::borrow::ToOwned;
use half::{bf16, f16};
use safetensors::tensor::Dtype;

/// Tensors of squares and of their means, under the last part of their names.
const SQUARES: [&str; 3] = ["running_var", "second_moment", "sum_of_squares"];

/// The numbers that bytes are, if they are real numbers; the way over `f64` loses nothing.
pub(super) fn parse<'a>(
    dtype: Dtype,
    bytes: &'a [u8],
) -> Option<impl Iterator<Item = f64> + use<'a>> {
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

/// Whether a tensor of this name holds squares, or means of them.
pub(super) fn are_squares(tensor: &str) -> bool {
    let last = tensor.rsplit('.').next().unwrap_or_default();
    // Of a direction the name is longer.
    SQUARES.iter().any(|squares| last.starts_with(squares))
}

/// Refuses a number that no network can calculate with.
pub(super) fn check(
    tensor: &str,
    squares: bool,
    index: usize,
    value: f64,
) -> Result<(), WeightsError> {
    if !value.is_finite() {
        return Err(WeightsError::NotFinite { tensor: tensor.to_owned(), index, value });
    }
    if value < 0.0 && squares {
        return Err(WeightsError::Negative { tensor: tensor.to_owned(), index, value });
    }
    Ok(())
}
