//! The format against `safetensors`, the crate of those who defined it, and bytes without sense.

use super::header::{Contents, Dtype, Tensor};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use safetensors::tensor::{SafeTensors, TensorView};

type Theirs = safetensors::Dtype;

fn theirs(dtype: Dtype) -> Theirs {
    [
        (Dtype::U8, Theirs::U8),
        (Dtype::BF16, Theirs::BF16),
        (Dtype::F32, Theirs::F32),
        (Dtype::U64, Theirs::U64),
    ]
    .into_iter()
    .find_map(|(ours, theirs)| (ours == dtype).then_some(theirs))
    .expect("one of those that are made here")
}

fn any_tensor() -> impl Strategy<Value = Tensor<Vec<u8>>> {
    let dtype = prop::sample::select(&[Dtype::U8, Dtype::BF16, Dtype::F32, Dtype::U64][..]);
    (dtype, vec(0..4_usize, 0..4)).prop_flat_map(|(dtype, dims)| {
        let bytes = vec(any::<u8>(), dims.iter().product::<usize>() * dtype.bits / 8);
        bytes.prop_map(move |bytes| Tensor { dtype, dims: dims.clone(), bytes })
    })
}

fn any_contents() -> impl Strategy<Value = Contents<Vec<u8>>> {
    let text = || any::<String>();
    (btree_map(text(), text(), 0..3), btree_map(text(), any_tensor(), 0..4))
        .prop_map(|(metadata, tensors)| Contents { metadata, tensors })
}

fn borrow(contents: &Contents<Vec<u8>>) -> Contents<&[u8]> {
    let tensors = contents.tensors.iter().map(|(name, Tensor { dtype, dims, bytes })| {
        (name.clone(), Tensor { dtype: *dtype, dims: dims.clone(), bytes: &bytes[..] })
    });
    Contents { metadata: contents.metadata.clone(), tensors: tensors.collect() }
}

/// Asserts that the crate finds the same in a file.
fn assert_theirs(file: &[u8], contents: &Contents<&[u8]>) {
    let (_, metadata) = SafeTensors::read_metadata(file).unwrap();
    let texts = metadata.metadata().iter().flatten();
    let texts: BTreeMap<_, _> = texts.map(|(key, text)| (key.clone(), text.clone())).collect();
    assert_eq!(texts, contents.metadata);
    let read = SafeTensors::deserialize(file).unwrap();
    assert_eq!(read.len(), contents.tensors.len());
    for (name, tensor) in &contents.tensors {
        let view = read.tensor(name).unwrap();
        assert_eq!((view.shape(), view.data()), (&tensor.dims[..], tensor.bytes));
        assert_eq!(view.dtype().to_string(), tensor.dtype.name);
    }
}

/// A file of one header and some bytes of data.
fn file(header: &str, data: usize) -> Vec<u8> {
    let length = (header.len() as u64).to_le_bytes();
    [&length[..], header.as_bytes(), &[0; 8][..data]].concat()
}

proptest! {
    #[test]
    fn what_is_written_is_read(contents in any_contents()) {
        let file = contents.to_bytes();
        let length = u64::from_le_bytes(*file.first_chunk().unwrap());
        prop_assert_eq!(length % 8, 0);
        let expected = borrow(&contents);
        prop_assert_eq!(Contents::read(&file), Ok(expected.clone()));
        assert_theirs(&file, &expected);
    }

    #[test]
    fn what_others_write_is_read(contents in any_contents()) {
        let views = contents.tensors.iter().map(|(name, Tensor { dtype, dims, bytes })| {
            (name, TensorView::new(theirs(*dtype), dims.clone(), bytes).unwrap())
        });
        // With an empty map and no tensors, the crate closes the object before the map.
        let metadata = Some(contents.metadata.clone()).filter(|metadata| !metadata.is_empty());
        let metadata = metadata.map(|metadata| metadata.into_iter().collect());
        let file = safetensors::serialize(views, metadata).unwrap();
        prop_assert_eq!(Contents::read(&file), Ok(borrow(&contents)));
    }

    /// Bytes that were changed are refused, or have a meaning that the crate finds as well.
    #[test]
    fn no_bytes_are_misread(
        contents in any_contents(),
        changes in vec((any::<prop::sample::Index>(), any::<u8>(), 0..3), 1..4),
    ) {
        let mut file = contents.to_bytes();
        for (at, byte, change) in changes {
            let at = at.index(file.len());
            match change {
                0 => file[at] = byte,
                1 => file.insert(at, byte),
                _ => drop(file.remove(at)),
            }
        }
        if let Ok(read) = Contents::read(&file) {
            assert_theirs(&file, &read);
        }
    }

    #[test]
    fn bytes_without_sense_are_refused(
        header in r#"[\[\]{}:,"\\ua0-9. -]{0,40}"#,
        bytes in vec(any::<u8>(), 0..40),
    ) {
        if let Ok(read) = Contents::read(&bytes) {
            assert_theirs(&bytes, &read);
        }
        let file = file(&header, 0);
        if let Ok(read) = Contents::read(&file) {
            assert_theirs(&file, &read);
        }
    }
}

#[test]
fn names_and_texts_have_escapes() {
    let header = r#" { "__metadata__" : { "\"\\\/\b\f\n\r\t" : "\u00e9\uD83D\ude00é" } } "#;
    let file = file(header, 0);
    let read = Contents::read(&file).unwrap();
    assert_theirs(&file, &read);
    assert_eq!(read.metadata["\"\\/\u{8}\u{c}\n\r\t"], "é😀é");
}

#[test]
fn what_is_wrong_is_said() {
    let one = |text: &str| format!(r#"{{"a":{text}}}"#);
    let tensor = |dtype: &str, shape: &str, ends: &str| {
        one(&format!(r#"{{"dtype":"{dtype}","shape":{shape},"data_offsets":{ends}}}"#))
    };
    let zero = r#""a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}"#;
    let cases = [
        (String::new(), 0, "expected `{` at byte 0, found \"\""),
        ("{} x".into(), 0, "expected the end at byte 3, found \"x\""),
        ("{\"a".into(), 0, "expected an escape or the end of a string at byte 3"),
        (r#"{"\ud800x":1}"#.into(), 0, "expected an escape"),
        (r#"{"\ud800\u0041":1}"#.into(), 0, "expected an escape"),
        (r#"{"\udc00":1}"#.into(), 0, "expected an escape"),
        (r#"{"\u+041":1}"#.into(), 0, "expected an escape"),
        (r#"{"\u12é":1}"#.into(), 0, "expected an escape"),
        (one("[[[["), 0, "expected `{` at byte 5, found \"[[[[}\""),
        (
            one("{}"),
            0,
            "expected `dtype`, `shape` and two `data_offsets` before the end of them at byte 7",
        ),
        (one(r#"{"dtype":"U8","dtype":"U8"}"#), 0, "expected each of three keys once"),
        (one(r#"{"kind":"U8"}"#), 0, "expected each of three keys once"),
        (
            tensor("U7", "[1]", "[0,1]"),
            1,
            "expected a known type, not `U7`, of the tensor that ends at byte 52",
        ),
        (tensor("U8", "[01]", "[0,1]"), 1, "expected a whole number at byte 28, found \"01]"),
        (tensor("U8", "[-1]", "[0,1]"), 1, "expected a whole number"),
        (tensor("U8", "[1.0]", "[0,1]"), 1, "expected `,`"),
        (tensor("U8", "[99999999999999999999]", "[0,1]"), 1, "expected a whole number"),
        (tensor("U8", "[1]", "[0,1,2]"), 1, "two `data_offsets`"),
        (tensor("U8", "[2]", "[0,1]"), 1, "as many bytes as its shape takes"),
        (tensor("U8", "[1]", "[1,0]"), 1, "as many bytes as its shape takes"),
        (tensor("F4", "[1]", "[0,1]"), 1, "as many bytes as its shape takes"),
        (tensor("U8", "[4294967296,4294967296]", "[0,0]"), 0, "as many bytes as its shape takes"),
        (tensor("U8", "[1]", "[1,2]"), 2, "a tensor at byte 0 of the data, found the next at 1"),
        (tensor("U8", "[1]", "[0,1]"), 0, "expected 1 bytes of data, found 0"),
        (tensor("U8", "[1]", "[0,1]"), 2, "expected 1 bytes of data, found 2"),
        (format!("{{{zero},{zero}}}"), 0, "found the name `a` twice"),
        (r#"{"__metadata__":{"a":"","a":""}}"#.into(), 0, "found the name `a` twice"),
    ];
    for (header, data, expected) in cases {
        let error = Contents::read(&file(&header, data)).unwrap_err().to_string();
        assert!(error.contains(expected), "{header}: {error}");
    }
    let overlap = zero.replace("[0]", "[2]").replace("[0,0]", "[0,2]");
    let overlap =
        format!("{{{overlap},{}}}", overlap.replace("\"a\"", "\"b\"").replace("[0,2]", "[1,3]"));
    let error = Contents::read(&file(&overlap, 3)).unwrap_err().to_string();
    assert_eq!(error, "expected a tensor at byte 2 of the data, found the next at 1");
    let error = Contents::read(&[255; 9]).unwrap_err().to_string();
    assert_eq!(error, "expected a header of 18446744073709551615 bytes");
    let error = Contents::read(&[1, 0, 0, 0, 0, 0, 0, 0, 255]).unwrap_err().to_string();
    assert_eq!(error, "header: invalid utf-8 sequence of 1 bytes from index 0");
}
