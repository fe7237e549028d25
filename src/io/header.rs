//! The bytes of a safetensors file: the length of the header in eight bytes, the header, and the
//! numbers of all tensors without a gap.
//!
//! The header is a JSON object: for each tensor its type, its shape, and where its bytes begin and
//! end; under `__metadata__`, texts under names of one's own. No other JSON has a meaning there,
//! so no other is read. Whatever could be taken for two things is refused: a name that comes
//! twice, tensors that overlap or leave a gap, bytes that do not fill the shape.

use super::json::{Json, quoted};
use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Why bytes are not in the safetensors format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct FormatError(pub(super) String);

/// A type of numbers: its name in the format, and how many bits one takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dtype {
    pub name: &'static str,
    pub bits: usize,
}

macro_rules! dtypes {
    ($($name:ident: $bits:literal,)*) => {
        #[allow(dead_code, reason = "most of them are only known by name")]
        impl Dtype {
            $(pub const $name: Self = Self { name: stringify!($name), bits: $bits };)*
            pub const ALL: &[Self] = &[$(Self::$name),*];
        }
    };
}

dtypes! {
    F4: 4, F6_E2M3: 6, F6_E3M2: 6, BOOL: 8, U8: 8, I8: 8,
    F8_E5M2: 8, F8_E4M3: 8, F8_E8M0: 8, F8_E4M3FNUZ: 8, F8_E5M2FNUZ: 8,
    I16: 16, U16: 16, F16: 16, BF16: 16, I32: 32, U32: 32, F32: 32,
    C64: 64, F64: 64, I64: 64, U64: 64,
}

/// One tensor; `B` is its bytes, or where they lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tensor<B> {
    pub dtype: Dtype,
    pub dims: Vec<usize>,
    pub bytes: B,
}

/// What is in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Contents<B> {
    pub metadata: BTreeMap<String, String>,
    pub tensors: BTreeMap<String, Tensor<B>>,
}

impl<B> Default for Contents<B> {
    fn default() -> Self {
        Self { metadata: BTreeMap::new(), tensors: BTreeMap::new() }
    }
}

/// What stands in the place of a tensor's name before the metadata.
const METADATA: &str = "__metadata__";
/// Bytes of the header's length, and what that is a multiple of.
const WORD: usize = 8;

impl<B: AsRef<[u8]>> Contents<B> {
    /// The file, with the widest numbers first, so that each lies on a multiple of its size.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut members = Vec::new();
        if !self.metadata.is_empty() {
            let texts = self.metadata.iter().map(|(key, text)| quoted(key) + ":" + &quoted(text));
            let texts = texts.collect::<Vec<_>>().join(",");
            members.push(format!("{}:{{{texts}}}", quoted(METADATA)));
        }
        let mut tensors: Vec<_> = self.tensors.iter().collect();
        tensors.sort_by_key(|(_, tensor)| core::cmp::Reverse(tensor.dtype.bits));
        let mut end = 0;
        for (name, Tensor { dtype, dims, bytes }) in &tensors {
            let start = end;
            end += bytes.as_ref().len();
            let (name, dtype) = (quoted(name), quoted(dtype.name));
            let dims = dims.iter().map(usize::to_string).collect::<Vec<_>>().join(",");
            members.push(format!(
                r#"{name}:{{"dtype":{dtype},"shape":[{dims}],"data_offsets":[{start},{end}]}}"#
            ));
        }
        let mut header = format!("{{{}}}", members.join(",")).into_bytes();
        header.resize(header.len().next_multiple_of(WORD), b' ');
        let mut file = Vec::with_capacity(WORD + header.len() + end);
        file.extend((header.len() as u64).to_le_bytes());
        file.extend(header);
        tensors.iter().for_each(|(_, tensor)| file.extend(tensor.bytes.as_ref()));
        file
    }
}

impl<'a> Contents<&'a [u8]> {
    /// Reads a file, of which nothing is taken on trust.
    pub fn read(file: &'a [u8]) -> Result<Self, FormatError> {
        let (length, rest) = file
            .split_first_chunk::<WORD>()
            .ok_or_else(|| FormatError("expected the length of a header in 8 bytes".to_owned()))?;
        let length = u64::from_le_bytes(*length);
        let (header, data) = usize::try_from(length)
            .ok()
            .and_then(|length| rest.split_at_checked(length))
            .ok_or_else(|| FormatError(format!("expected a header of {length} bytes")))?;
        let header =
            str::from_utf8(header).map_err(|error| FormatError(format!("header: {error}")))?;

        let mut contents = Contents::<[usize; 2]>::default();
        let mut json = Json::new(header);
        json.each('{', '}', |json| {
            let name = json.key()?;
            if name == METADATA {
                return json.each('{', '}', |json| {
                    let key = json.key()?;
                    let text = json.string()?;
                    insert(&mut contents.metadata, key, text)
                });
            }
            let tensor = tensor(json)?;
            insert(&mut contents.tensors, name, tensor)
        })?;
        json.end()?;

        let mut places: Vec<_> = contents.tensors.values().map(|tensor| tensor.bytes).collect();
        places.sort_unstable();
        let mut before = 0;
        for [start, end] in places {
            if start != before {
                return Err(FormatError(format!(
                    "expected a tensor at byte {before} of the data, found the next at {start}"
                )));
            }
            before = end;
        }
        if before != data.len() {
            let found = data.len();
            return Err(FormatError(format!("expected {before} bytes of data, found {found}")));
        }
        let tensors = contents.tensors.into_iter().map(|(name, tensor)| {
            let Tensor { dtype, dims, bytes: [start, end] } = tensor;
            (name, Tensor { dtype, dims, bytes: &data[start..end] })
        });
        Ok(Self { tensors: tensors.collect(), metadata: contents.metadata })
    }
}

fn insert<V>(all: &mut BTreeMap<String, V>, name: String, value: V) -> Result<(), FormatError> {
    let twice = all.contains_key(&name);
    let error = twice.then(|| FormatError(format!("found the name `{name}` twice")));
    all.insert(name, value);
    error.map_or(Ok(()), Err)
}

/// What is told of one tensor, in any order.
fn tensor(json: &mut Json<'_>) -> Result<Tensor<[usize; 2]>, FormatError> {
    let (mut dtype, mut dims, mut place) = (None, None, None);
    json.each('{', '}', |json| {
        let key = json.key()?;
        let is_first = match &*key {
            "dtype" => dtype.replace(json.string()?).is_none(),
            "shape" => dims.replace(json.numbers()?).is_none(),
            "data_offsets" => place.replace(json.numbers()?).is_none(),
            _ => false,
        };
        if is_first { Ok(()) } else { Err(json.expected("each of three keys once")) }
    })?;
    let (Some(dtype), Some(dims), Some(&[start, end])) = (dtype, dims, place.as_deref()) else {
        return Err(json.expected("`dtype`, `shape` and two `data_offsets` before the end of them"));
    };
    let Some(&dtype) = Dtype::ALL.iter().find(|known| known.name == dtype) else {
        return Err(json.expected(&format!("a known type, not `{dtype}`, of the tensor that ends")));
    };
    let bits = dims.iter().try_fold(dtype.bits, |bits, &dim| bits.checked_mul(dim));
    let found = end.checked_sub(start).and_then(|bytes| bytes.checked_mul(8));
    if found.is_none() || bits != found {
        return Err(
            json.expected("a tensor that ends here to have as many bytes as its shape takes")
        );
    }
    Ok(Tensor { dtype, dims, bytes: [start, end] })
}
