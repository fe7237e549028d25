use formwork::data::{ContentError, idx};

use super::{folder, gzip};

/// An IDX file: its type code, its dimensions, its data.
fn file(code: u8, dims: &[u32], data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0, 0, code, dims.len() as u8];
    bytes.extend(dims.iter().flat_map(|dim| dim.to_be_bytes()));
    bytes.extend(data);
    bytes
}

fn error(bytes: &[u8]) -> String {
    idx::parse::<u8>(bytes).unwrap_err().to_string()
}

#[test]
fn arrays_of_every_type() {
    fn check<T: idx::Element + PartialEq + std::fmt::Debug>(code: u8, data: &[u8], expected: &[T]) {
        let array = idx::parse::<T>(&file(code, &[2], data)).unwrap();
        assert_eq!((array.dims(), array.data()), (&[2][..], expected));
    }
    check::<u8>(0x08, &[1, 255], &[1, 255]);
    check::<i8>(0x09, &[1, 255], &[1, -1]);
    check::<i16>(0x0b, &[1, 2, 255, 254], &[258, -2]);
    check::<i32>(0x0c, &[0, 0, 1, 2, 255, 255, 255, 254], &[258, -2]);
    let bytes = [1.5_f32.to_be_bytes(), (-0.1_f32).to_be_bytes()].concat();
    check::<f32>(0x0d, &bytes, &[1.5, -0.1]);
    let bytes = [1.5_f64.to_be_bytes(), (-0.1_f64).to_be_bytes()].concat();
    check::<f64>(0x0e, &bytes, &[1.5, -0.1]);
}

#[test]
fn dimensions_up_to_many() {
    let array = idx::parse::<u8>(&file(8, &[2, 1, 3, 1, 2], &[7; 12])).unwrap();
    assert_eq!(array.dims(), [2, 1, 3, 1, 2]);
    assert_eq!(array.into_vec(), [7; 12]);
    let empty = idx::parse::<u8>(&file(8, &[0, 28, 28], &[])).unwrap();
    assert_eq!((empty.dims(), empty.data()), (&[0, 28, 28][..], &[][..]));
}

#[test]
fn gzip_is_known_by_content_not_by_name() {
    let folder = folder("gzip_is_known_by_content_not_by_name");
    let plain = file(8, &[3], &[1, 2, 3]);
    std::fs::write(folder.join("plain.gz"), &plain).unwrap();
    std::fs::write(folder.join("gzipped"), gzip(&plain)).unwrap();
    for name in ["plain.gz", "gzipped"] {
        assert_eq!(idx::load::<u8>(folder.join(name)).unwrap().data(), [1, 2, 3]);
    }
}

#[test]
fn what_is_no_idx_file() {
    let begins = |bytes| {
        format!(
            "no IDX file: begins with the bytes [{bytes}], expected two zeros, a type code and a \
             number of dimensions"
        )
    };
    assert_eq!(error(b""), begins(""));
    assert_eq!(error(&[0, 0, 8]), begins("00, 00, 08"));
    assert_eq!(error(b"\x89PNG and more"), begins("89, 50, 4e, 47"));
    assert_eq!(error(&[0, 0, 8, 0, 1]), begins("00, 00, 08, 00"));
}

#[test]
fn another_type_of_numbers() {
    assert_eq!(error(&file(0x0d, &[1], &[0; 4])), "holds numbers of type f32, expected u8");
    assert_eq!(
        error(&file(0x0a, &[1], &[0])),
        "holds numbers of type code 0x0a (unknown), expected u8"
    );
    let error = idx::parse::<i16>(&file(8, &[1], &[0])).unwrap_err();
    assert_eq!(error.to_string(), "holds numbers of type u8, expected i16");
}

#[test]
fn truncated_files() {
    let whole = file(8, &[2, 3], &[0; 6]);
    assert_eq!(
        error(&whole[..9]),
        "ends within its header: found 5 of the 8 bytes of its dimensions"
    );
    assert_eq!(error(&whole[..12]), "its header promises 2x3 numbers (6 bytes), found 0 bytes");
    assert_eq!(error(&whole[..17]), "its header promises 2x3 numbers (6 bytes), found 5 bytes");
    assert_eq!(
        error(&gzip(&whole[..17])),
        "its header promises 2x3 numbers (6 bytes), found 5 bytes"
    );
    let wide = file(0x0c, &[2], &[0; 7]);
    assert_eq!(
        idx::parse::<i32>(&wide).unwrap_err().to_string(),
        "its header promises 2 numbers (8 bytes), found 7 bytes"
    );
}

#[test]
fn truncated_and_damaged_gzip() {
    let gzipped =
        gzip(&file(8, &[1000], &(0..1000).map(|i| (i * i % 251) as u8).collect::<Vec<_>>()));
    let cut = &gzipped[..gzipped.len() / 2];
    assert!(matches!(idx::parse::<u8>(cut), Err(ContentError::Io(_))));

    // The last eight bytes are a checksum and the length.
    let mut damaged = gzipped.clone();
    damaged[gzipped.len() - 8] ^= 1;
    assert!(matches!(idx::parse::<u8>(&damaged), Err(ContentError::Io(_))));
    assert!(idx::parse::<u8>(&gzipped).is_ok());
}

#[test]
fn surplus_data() {
    let surplus = file(8, &[2, 3], &[0; 7]);
    let message = "its header promises 2x3 numbers (6 bytes), found more than 6 bytes";
    assert_eq!(error(&surplus), message);
    assert_eq!(error(&gzip(&surplus)), message);
}

#[test]
fn promises_beyond_memory() {
    assert_eq!(
        error(&file(8, &[u32::MAX, u32::MAX, 3], &[])),
        "its header promises 4294967295x4294967295x3 numbers, more than memory can hold"
    );
    // Within the address space, but no such memory is asked for before the data are there.
    assert_eq!(
        error(&file(8, &[u32::MAX, 1 << 20], &[1, 2])),
        "its header promises 4294967295x1048576 numbers (4503599626321920 bytes), found 2 bytes"
    );
}

#[test]
fn errors_of_a_file_name_it() {
    let folder = folder("errors_of_a_file_name_it");
    let path = folder.join("short");
    std::fs::write(&path, [0, 0, 8, 1]).unwrap();
    assert_eq!(
        idx::load::<u8>(&path).unwrap_err().to_string(),
        format!(
            "{}: ends within its header: found 0 of the 4 bytes of its dimensions",
            path.display()
        )
    );
    let absent = folder.join("absent");
    let message = idx::load::<u8>(&absent).unwrap_err().to_string();
    assert!(message.starts_with(&format!("{}: ", absent.display())), "{message}");
}
