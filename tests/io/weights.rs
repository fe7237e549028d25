//! Weights in files: round trips, PyTorch's bytes, and what is refused.

use crate::{Folder, Net, model};
use formwork::io::WeightsError;
use formwork::prelude::*;
use proptest::collection::vec;
use proptest::prelude::*;
use safetensors::tensor::{Dtype, TensorView};

/// A tensor of a file made by hand.
pub type Entry = (&'static str, Dtype, Vec<usize>, Vec<u8>);

pub fn floats(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// A sound file for `Net`, all zeros.
pub fn zeros() -> Vec<Entry> {
    [
        ("fc1.weight", vec![4, 3]),
        ("fc1.bias", vec![4]),
        ("bn1.weight", vec![4]),
        ("bn1.bias", vec![4]),
        ("bn1.running_mean", vec![4]),
        ("bn1.running_var", vec![4]),
        ("fc2.weight", vec![2, 4]),
        ("fc2.bias", vec![2]),
    ]
    .map(|(name, dims)| {
        let len = dims.iter().product();
        (name, Dtype::F32, dims, floats(&vec![0.0; len]))
    })
    .to_vec()
}

pub fn file(entries: &[Entry]) -> Vec<u8> {
    let view = |(name, dtype, dims, bytes): &'_ Entry| (*name, *dtype, dims.clone(), bytes.clone());
    let owned: Vec<Entry> = entries.iter().map(view).collect();
    let views = owned.iter().map(|(name, dtype, dims, bytes)| {
        (*name, TensorView::new(*dtype, dims.clone(), bytes).unwrap())
    });
    safetensors::serialize(views, None).unwrap()
}

/// The message for a file whose entry `at` is replaced.
fn message(at: usize, entry: Entry) -> String {
    let mut entries = zeros();
    entries[at] = entry;
    Model::<Net>::from_bytes(&file(&entries)).unwrap_err().to_string()
}

#[test]
fn round_trips_keep_every_bit() {
    let single = model::<f32>();
    let read = Model::<Net>::from_bytes(&single.to_bytes().unwrap()).unwrap();
    assert_eq!(read.parameters(), single.parameters());
    assert_eq!(read.statistics(), single.statistics());

    let double = model::<f64>();
    let read = Model::<Net, f64>::from_bytes(&double.to_bytes().unwrap()).unwrap();
    assert_eq!(read.parameters(), double.parameters());
    assert_eq!(read.statistics(), double.statistics());
}

#[test]
fn single_and_double_precision_convert() {
    let double = model::<f64>();
    let read = Model::<Net>::from_bytes(&double.to_bytes().unwrap()).unwrap();
    let rounded: Vec<f32> = double.parameters().iter().map(|&value| value as f32).collect();
    assert_eq!(read.parameters(), rounded);
    let back = Model::<Net, f64>::from_bytes(&read.to_bytes().unwrap()).unwrap();
    let exact: Vec<f64> = rounded.iter().map(|&value| value.into()).collect();
    assert_eq!(back.parameters(), exact);
}

/// 11 significant bits: what is exact in them comes back, the rest is off by half of the last.
#[test]
fn half_precision_rounds() {
    let folder = Folder::new("half");
    let path = folder.join("half.safetensors");
    let mut model = model::<f32>();
    let bias = [1.0 + 1.0 / 2048.0, -(1.0 + 3.0 / 2048.0), 65504.0, 2.0_f32.powi(-24)];
    model.fc1.bias.copy_from_slice(&bias);
    model.save_half(&path).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let read = Model::<Net>::load(&path).unwrap();
    // A tie goes to the even neighbour.
    assert_eq!(read.fc1.bias[..], [1.0, -(1.0 + 4.0 / 2048.0), 65504.0, 2.0_f32.powi(-24)]);
    assert_eq!(read.statistics(), model.statistics());
    assert_ne!(read.parameters(), model.parameters());

    let file = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    assert!(file.iter().all(|(_, tensor)| tensor.dtype() == Dtype::F16));
    let numbers = model.parameters().len() + model.statistics().len();
    assert_eq!(file.iter().map(|(_, tensor)| tensor.data().len()).sum::<usize>(), 2 * numbers);

    // 65520 is half way to what would be the next number.
    model.fc1.bias[3] = -65520.0;
    assert_eq!(
        model.save_half(&path).unwrap_err().to_string(),
        format!(
            "{}: tensor `fc1.bias` holds -65520 at position 3, expected at most 65504 either way, \
             the largest number of half precision",
            path.display()
        )
    );
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
}

/// Sign, exponent and fraction of 1, 5 and 10 bits, or of 1, 8 and 7.
#[test]
fn numbers_of_16_bits_are_read() {
    let read = |dtype, values: [u16; 4]| {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        let mut entries = zeros();
        entries[1] = ("fc1.bias", dtype, vec![4], bytes);
        let model = Model::<Net>::from_bytes(&file(&entries)).unwrap();
        <[f32; 4]>::try_from(&model.fc1.bias[..]).unwrap()
    };
    assert_eq!(read(Dtype::F16, [0x3c00, 0xc100, 0x0001, 0]), [1.0, -2.5, 2.0_f32.powi(-24), 0.0]);
    assert_eq!(read(Dtype::BF16, [0x3f80, 0xc020, 0x7f00, 0]), [1.0, -2.5, 2.0_f32.powi(127), 0.0]);
}

/// The names and shapes of a PyTorch `state_dict`, each tensor in its bytes.
#[test]
fn the_file_is_a_state_dict() {
    let model = model::<f32>();
    let bytes = model.to_bytes().unwrap();
    let file = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let mut names: Vec<&str> = zeros().iter().map(|entry| entry.0).collect();
    names.sort_unstable();
    let mut found = file.names();
    found.sort_unstable();
    assert_eq!(found, names);
    for (name, dtype, dims, _) in zeros() {
        let tensor = file.tensor(name).unwrap();
        assert_eq!((tensor.dtype(), tensor.shape()), (dtype, &dims[..]), "{name}");
    }
    let weight: Vec<f32> = model.fc1.weight.iter().flatten().copied().collect();
    assert_eq!(file.tensor("fc1.weight").unwrap().data(), floats(&weight));
    assert_eq!(file.tensor("bn1.running_mean").unwrap().data(), floats(&[0.0, 0.25, 0.5, 0.75]));
}

#[test]
fn the_counter_of_pytorch_is_passed_over() {
    let mut entries = zeros();
    entries.push(("bn1.num_batches_tracked", Dtype::I64, vec![], vec![7, 0, 0, 0, 0, 0, 0, 0]));
    assert!(Model::<Net>::from_bytes(&file(&entries)).is_ok());
}

#[test]
fn a_missing_tensor() {
    assert_eq!(
        message(7, ("fc3.bias", Dtype::F32, vec![2], floats(&[0.0; 2]))),
        "there is no tensor `fc2.bias`, expected one of 2; found `bn1.bias`, `bn1.running_mean`, \
         `bn1.running_var`, `bn1.weight`, `fc1.bias`, `fc1.weight`, and 2 more. If it goes by another \
         name, `io::Names` says so to `Model::load_with`"
    );
    let error = Model::<Net>::from_bytes(&file(&[])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "there is no tensor `fc1.weight`, expected one of 4x3; found none at all"
    );
}

#[test]
fn a_surplus_tensor() {
    let mut entries = zeros();
    entries.push(("fc3.weight", Dtype::F32, vec![1, 2], floats(&[0.0; 2])));
    let error = Model::<Net>::from_bytes(&file(&entries)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "there is a tensor `fc3.weight` of 1x2, expected none of this name"
    );
}

#[test]
fn another_shape() {
    assert_eq!(
        message(0, ("fc1.weight", Dtype::F32, vec![3, 4], floats(&[0.0; 12]))),
        "tensor `fc1.weight` is 3x4, expected 4x3"
    );
}

#[test]
fn another_type() {
    assert_eq!(
        message(1, ("fc1.bias", Dtype::I16, vec![4], vec![0; 8])),
        "tensor `fc1.bias` is of type I16, expected F16, BF16, F32 or F64"
    );
}

#[test]
fn a_number_that_is_none() {
    assert_eq!(
        message(1, ("fc1.bias", Dtype::F32, vec![4], floats(&[0.0, 1.0, f32::NAN, 0.0]))),
        "tensor `fc1.bias` holds NaN at position 2, expected finite numbers"
    );
    assert_eq!(
        message(5, ("bn1.running_var", Dtype::F32, vec![4], floats(&[0.0, 1.0, 0.5, -1.0]))),
        "tensor `bn1.running_var` holds -1 at position 3, expected no number below 0"
    );
    // Finite in double precision, but not in single.
    let large: Vec<u8> =
        [0.0, 1e300, 0.0, 0.0].iter().flat_map(|v: &f64| v.to_le_bytes()).collect();
    assert!(message(1, ("fc1.bias", Dtype::F64, vec![4], large)).contains("at position 1"));
}

#[test]
fn a_file_that_is_cut_off_or_something_else() {
    let bytes = model::<f32>().to_bytes().unwrap();
    for length in [0, 7, 20, bytes.len() / 2, bytes.len() - 1] {
        let error = Model::<Net>::from_bytes(&bytes[..length]).unwrap_err();
        let expected = format!("expected a safetensors file, found {length} bytes that are none: ");
        assert!(error.to_string().starts_with(&expected), "{error}");
    }
    let error = Model::<Net>::from_bytes(b"\x80\x02}q\x00(X\x06\x00\x00\x00").unwrap_err();
    assert!(matches!(error, WeightsError::Format { length: 11, .. }));
}

/// A file of one header and some bytes of data.
fn by_hand(header: &str, data: usize) -> Vec<u8> {
    let length = (header.len() as u64).to_le_bytes();
    [&length[..], header.as_bytes(), &[0; 8][..data]].concat()
}

#[test]
fn what_is_wrong_with_a_file_is_said() {
    let tensor = |name: &str, dtype: &str, shape: &str, offsets: &str| {
        format!(r#""{name}":{{"dtype":"{dtype}","shape":{shape},"data_offsets":{offsets}}}"#)
    };
    let one = |dtype, shape, offsets| format!("{{{}}}", tensor("a", dtype, shape, offsets));
    let (a, b) = (tensor("a", "U8", "[2]", "[0,2]"), tensor("b", "U8", "[2]", "[1,3]"));
    let size = "expected each tensor to have as many bytes as its shape takes";
    let last = "expected the last tensor to end where the file ends";
    let place = |name| format!("expected tensor `{name}` to begin where the one before it ends");
    let cases = [
        (String::new(), 0, "EOF while parsing a value at line 1 column 0"),
        ("{} x".into(), 0, "trailing characters at line 1 column 4"),
        ("{\"a".into(), 0, "EOF while parsing a string at line 1 column 3"),
        (r#"{"\ud800x":1}"#.into(), 0, "unexpected end of hex escape at line 1 column 9"),
        (r#"{"a":{}}"#.into(), 0, "missing field `dtype`"),
        (r#"{"a":{"dtype":"U8","dtype":"U8"}}"#.into(), 0, "duplicate field `dtype`"),
        (one("U7", "[1]", "[0,1]"), 1, "unknown variant `U7`, expected one of `BOOL`, `F4`"),
        (one("U8", "[01]", "[0,1]"), 1, "invalid number"),
        (one("U8", "[-1]", "[0,1]"), 1, "invalid value: integer `-1`, expected usize"),
        (one("U8", "[1.0]", "[0,1]"), 1, "invalid type: floating point `1.0`, expected usize"),
        (one("U8", "[1]", "[0,1,2]"), 1, "invalid length 3, expected 2 elements"),
        (one("U8", "[2]", "[0,1]"), 1, size),
        (one("F4", "[1]", "[0,1]"), 1, size),
        (one("U8", "[4294967296,4294967296]", "[0,0]"), 0, size),
        (one("U8", "[1]", "[1,0]"), 1, &place("a")),
        (one("U8", "[1]", "[1,2]"), 2, &place("a")),
        (format!("{{{a},{b}}}"), 3, &place("b")),
        (one("U8", "[1]", "[0,1]"), 0, last),
        (one("U8", "[1]", "[0,1]"), 2, last),
        (r#"{"__metadata__":{},"__metadata__":{}}"#.into(), 0, "duplicate field `__metadata__`"),
    ];
    let message = |file: &[u8]| Model::<Net>::from_bytes(file).unwrap_err().to_string();
    for (header, data, expected) in cases {
        let error = message(&by_hand(&header, data));
        assert!(error.contains(expected), "{header}: {error}");
    }
    let none = |length, what| {
        format!("expected a safetensors file, found {length} bytes that are none: {what}")
    };
    assert_eq!(message(&[0; 7]), none(7, "expected the length of a header in 8 bytes"));
    assert_eq!(message(&[255; 9]), none(9, "expected a header of 18446744073709551615 bytes"));
    assert_eq!(
        message(&[1, 0, 0, 0, 0, 0, 0, 0, 255]),
        none(9, "invalid UTF-8 in header: invalid utf-8 sequence of 1 bytes from index 0")
    );
}

/// What a file holds is told shortly, and without orders to a terminal.
#[test]
fn words_of_a_file_are_shortened_and_escaped() {
    let message = |header: &str, data| {
        let message = Model::<Net>::from_bytes(&by_hand(header, data)).unwrap_err().to_string();
        assert!(message.len() < 700 && !message.contains(char::is_control), "{message}");
        message
    };
    let tensor = |name: &str, offset| {
        format!(
            r#""{name}":{{"dtype":"F32","shape":[1],"data_offsets":[{offset},{}]}}"#,
            offset + 4
        )
    };
    let red = format!("\\u001b[31mred\\u0007{}", "x".repeat(100));
    let shown = format!("`\\u{{1b}}[31mred\\u{{7}}{}...`", "x".repeat(51));
    assert!(message(&format!("{{{}}}", tensor(&red, 0)), 4).contains(&format!("found {shown}")));
    assert!(message(&format!("{{{}}}", tensor(&red, 4)), 8).contains(&shown));
    let mut entries: Vec<_> = zeros();
    entries.push(("bn1.\u{202e}\n", Dtype::F32, vec![1; 1000], floats(&[0.0])));
    let error = Model::<Net>::from_bytes(&file(&entries)).unwrap_err().to_string();
    assert_eq!(
        error,
        "there is a tensor `bn1.\\u{202e}\\n` of 1x1x1x1x1x1x1x1x... (1000 dimensions), expected none \
         of this name"
    );
    // What serde says of it.
    let dtype = format!(r#"{{"a":{{"dtype":"{red}","shape":[1],"data_offsets":[0,4]}}}}"#);
    assert!(message(&dtype, 4).contains("unknown variant `\\u{1b}[31mred"));
    let names: Vec<_> = (0..1000).map(|i| tensor(&format!("{red}{i:03}"), 4 * i)).collect();
    let names = format!("{{{}}}", names.join(","));
    let error = Model::<Net>::from_bytes(&[&by_hand(&names, 0)[..], &[0; 4000]].concat());
    let error = error.unwrap_err().to_string();
    assert!(error.contains(", and 994 more. If") && error.len() < 700, "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Bytes that were changed are refused, or are weights that a network can calculate with.
    #[test]
    fn changed_bytes_do_no_harm(
        changes in vec((any::<prop::sample::Index>(), any::<u8>(), 0..3), 1..4),
    ) {
        let mut file = model::<f32>().to_bytes().unwrap();
        for (at, byte, change) in changes {
            let at = at.index(file.len());
            match change {
                0 => file[at] = byte,
                1 => file.insert(at, byte),
                _ => drop(file.remove(at)),
            }
        }
        if let Ok(read) = Model::<Net>::from_bytes(&file) {
            prop_assert!(read.parameters().iter().chain(read.statistics()).all(|x| x.is_finite()));
        }
    }

    #[test]
    fn bytes_without_sense_are_refused(
        header in r#"[\[\]{}:,"\\ua0-9. -]{0,40}"#,
        bytes in vec(any::<u8>(), 0..40),
    ) {
        prop_assert!(Model::<Net>::from_bytes(&bytes).is_err());
        prop_assert!(Model::<Net>::from_bytes(&by_hand(&header, 0)).is_err());
    }
}

#[test]
fn files_are_replaced_whole() {
    let folder = Folder::new("whole");
    let path = folder.join("net.safetensors");
    std::fs::write(&path, "an older file").unwrap();
    let model = model::<f32>();
    model.save(&path).unwrap();
    assert_eq!(Model::<Net>::load(&path).unwrap().parameters(), model.parameters());
    // Nothing else is left in the folder.
    assert_eq!(folder.count(), 1);
}

#[test]
fn errors_name_the_file() {
    let folder = Folder::new("errors");
    let path = folder.join("net.safetensors");
    let error = Model::<Net>::load(&path).unwrap_err().to_string();
    assert!(error.starts_with(&format!("{}: ", path.display())), "{error}");

    let error = model::<f32>().save(folder.join("no/such/net.safetensors")).unwrap_err();
    assert!(matches!(error.error, WeightsError::Io(_)));
    assert!(model::<f32>().save("/").is_err());

    // A folder of that name cannot be replaced, and what was written beside it is gone again.
    std::fs::create_dir(&path).unwrap();
    assert!(model::<f32>().save(&path).is_err());
    assert_eq!(folder.count(), 1);
}
