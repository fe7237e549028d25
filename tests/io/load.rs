//! What is read of a file, and what is not.

use crate::{Folder, Net, model};
use formwork::io::WeightsError;
use formwork::prelude::*;
use std::fs::{self, File};
use std::time::{Duration, Instant};

network! {
    /// A file of this network is of 64 MiB.
    pub struct Large: Vector<4096> => Vector<4096> { fc1: Dense<4096> }
}

fn error(path: &std::path::Path) -> String {
    let error = Model::<Net>::load(path).unwrap_err().to_string();
    error.strip_prefix(&format!("{}: ", path.display())).unwrap().to_owned()
}

/// 12 GiB that take no space, behind nothing or a sound file.
#[test]
fn of_a_file_that_is_too_long_only_the_header_is_read() {
    let folder = Folder::new("sparse");
    let path = folder.join("net.safetensors");
    let bytes = model::<f32>().to_bytes().unwrap();
    let length: u64 = 12 << 30;
    let header = r#"{"a":{"dtype":"U8","shape":[12884901800],"data_offsets":[0,12884901800]}}"#;
    let promise = [&(header.len() as u64).to_le_bytes()[..], header.as_bytes()].concat();
    let start = Instant::now();
    for (begin, expected) in [
        (&[][..], "EOF while parsing a value".to_owned()),
        (&[255; 8][..], format!("expected a header of {} bytes", u64::MAX)),
        (&bytes[..], "expected the last tensor to end where the file ends".to_owned()),
        (&promise[..], "found 12884901800 bytes of tensors, expected at most ".to_owned()),
    ] {
        fs::write(&path, begin).unwrap();
        // As long as the header promises, where it does.
        let length = if begin == promise { begin.len() as u64 + 12_884_901_800 } else { length };
        File::options().write(true).open(&path).unwrap().set_len(length).unwrap();
        let error = error(&path);
        assert!(error.contains(&expected), "{error}");
    }
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[test]
fn another_networks_file_is_refused_by_its_length() {
    let folder = Folder::new("another");
    let path = folder.join("large.safetensors");
    Model::<Large>::zeroed().save(&path).unwrap();
    // 42 parameters and 8 statistics of 8 bytes at most, and 16 MiB besides.
    assert_eq!(
        error(&path),
        format!(
            "found {} bytes of tensors, expected at most {} for this network",
            4 * 4096 * 4097,
            8 * (Net::PARAMETERS + 8) + (16 << 20)
        )
    );
    assert!(Model::<Large>::load(&path).is_ok());
}

#[test]
fn what_is_no_file_is_refused() {
    let folder = Folder::new("no-file");
    assert_eq!(error(&folder.0), "expected a file, found a folder");
    #[cfg(unix)]
    {
        let pipe = folder.join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert_eq!(error(&pipe), "expected a file, found a pipe, a socket or a device");
        std::os::unix::fs::symlink("/dev/zero", folder.join("zero")).unwrap();
        let zero = folder.join("zero");
        assert_eq!(error(&zero), "expected a file, found a pipe, a socket or a device");
    }
}

#[test]
fn numbers_that_are_none_are_not_written() {
    let folder = Folder::new("none");
    let path = folder.join("net.safetensors");
    let sound = model::<f32>();
    sound.save(&path).unwrap();
    let refused = |model: &Model<Net>, expected: &str| {
        for error in [model.save(&path), model.save_half(&path)] {
            let error = error.unwrap_err().error;
            assert_eq!(error.to_string(), expected);
        }
        assert_eq!(model.to_bytes().unwrap_err().to_string(), expected);
        assert_eq!(Model::<Net>::load(&path).unwrap().parameters(), sound.parameters());
    };
    let mut model = sound.clone();
    model.fc2.weight[1][2] = f32::NAN;
    refused(&model, "tensor `fc2.weight` holds NaN at position 6, expected finite numbers");
    model.fc1.bias[3] = f32::NEG_INFINITY;
    // The first one in the order of the network.
    refused(&model, "tensor `fc1.bias` holds -inf at position 3, expected finite numbers");

    let mut model = sound.clone();
    *model.statistics_mut().last_mut().unwrap() = -1.0;
    let negative = "tensor `bn1.running_var` holds -1 at position 3, expected no number below 0";
    refused(&model, negative);

    // Unless it is meant so.
    model.save_as_is(&path).unwrap();
    assert_eq!(error(&path), negative);
    let error = Model::<Net>::load(&path).unwrap_err().error;
    assert!(matches!(error, WeightsError::Negative { index: 3, .. }));
}
