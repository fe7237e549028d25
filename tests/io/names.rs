//! Files under other names, and with more or fewer tensors.

use crate::weights::{Entry, file, floats, zeros};
use crate::{Folder, Net, model};
use formwork::io::Names;
use formwork::prelude::*;
use safetensors::tensor::Dtype;

/// The message for `Net`'s tensors under other names.
fn message(names: &Names) -> String {
    Model::<Net>::from_bytes(&model::<f32>().to_bytes_with(names).unwrap()).unwrap_err().to_string()
}

#[test]
fn what_to_do_is_said() {
    let error = message(&Names::new().prefix("_orig_mod.module."));
    assert_eq!(
        error,
        "there is no tensor `fc1.weight`, expected one of 4x3; found `_orig_mod.module.bn1.bias`, \
         `_orig_mod.module.bn1.running_mean`, `_orig_mod.module.bn1.running_var`, \
         `_orig_mod.module.bn1.weight`, `_orig_mod.module.fc1.bias`, `_orig_mod.module.fc1.weight`, \
         and 2 more. All names begin with `_orig_mod.module.` there: \
         `Names::new().prefix(\"_orig_mod.module.\")` says so to `Model::load_with`"
    );
    let error = message(&Names::new().by_position());
    assert_eq!(
        error,
        "there is no tensor `fc1.weight`, expected one of 4x3; found `0.bias`, `0.weight`, `1.bias`, \
         `1.running_mean`, `1.running_var`, `1.weight`, and 2 more. Layers go by their positions \
         there: `Names::new().by_position()` says so to `Model::load_with`"
    );
    let error = message(&Names::new().rename("fc2", "head"));
    assert!(error.starts_with("there is no tensor `fc2.weight`, expected one of 2x4; found"));
    assert!(
        error.ends_with(". If it goes by another name, `io::Names` says so to `Model::load_with`")
    );
    // Nothing is there that could be it.
    let error = Model::<Net>::from_bytes(&file(&zeros()[..7])).unwrap_err().to_string();
    assert!(error.ends_with("`fc1.weight`, and 1 more"), "{error}");
    // Other names are known to the caller.
    let mut other = model::<f32>();
    let names = Names::new().prefix("net.");
    let error = other.load_bytes_with(&file(&zeros()), &names).unwrap_err().to_string();
    assert!(error.starts_with("there is no tensor `net.fc1.weight`, expected one of 4x3; found"));
    assert!(error.ends_with("and 2 more"), "{error}");
}

#[test]
fn each_name_is_changed_once() {
    let names = Names::new().rename("fc1", "fc2").rename("fc2", "fc1").prefix("net.");
    let written = model::<f32>().to_bytes_with(&names).unwrap();
    let found = safetensors::SafeTensors::deserialize(&written).unwrap();
    assert_eq!(found.tensor("net.fc2.weight").unwrap().shape(), [4, 3]);
    assert_eq!(found.tensor("net.fc1.weight").unwrap().shape(), [2, 4]);
    assert_eq!(found.tensor("net.bn1.running_var").unwrap().shape(), [4]);
    let mut read = Model::<Net>::zeroed();
    read.load_bytes_with(&written, &names).unwrap();
    assert_eq!(read.parameters(), model::<f32>().parameters());
    assert_eq!(read.statistics(), model::<f32>().statistics());
}

#[test]
fn what_is_left_over_is_told() {
    let mut entries = zeros();
    entries.push(("head.weight", Dtype::F32, vec![2], floats(&[0.0; 2])));
    entries.push(("bn1.num_batches_tracked", Dtype::I64, vec![], vec![0; 8]));
    entries.retain(|entry| !entry.0.starts_with("fc2."));
    let bytes = file(&entries);
    let mut read = model::<f32>();
    for names in [Names::new(), Names::new().allow_missing(), Names::new().allow_surplus()] {
        assert!(read.load_bytes_with(&bytes, &names).is_err());
        // Not even what is there was taken over.
        assert_eq!(read.parameters(), model::<f32>().parameters());
    }
    let both = Names::new().allow_missing().allow_surplus();
    let left = read.load_bytes_with(&bytes, &both).unwrap();
    assert_eq!(left.missing, ["fc2.weight", "fc2.bias"]);
    assert_eq!(left.surplus, ["head.weight"]);
    assert!(read.fc1.weight.iter().flatten().all(|&value| value == 0.0));
    assert_eq!(read.fc2.weight, model::<f32>().fc2.weight);
}

/// The whole of a larger file is read only where tensors may be too many.
#[test]
fn a_part_of_a_large_file() {
    let folder = Folder::new("part");
    let path = folder.join("large.safetensors");
    let mut entries: Vec<Entry> = zeros();
    entries.push(("head.weight", Dtype::F32, vec![1 << 22, 2], vec![0; 1 << 25]));
    std::fs::write(&path, file(&entries)).unwrap();
    let mut read = model::<f32>();
    assert!(read.load_with(&path, &Names::new()).unwrap_err().to_string().contains("at most"));
    let left = read.load_with(&path, &Names::new().allow_surplus()).unwrap();
    assert_eq!(left.surplus, ["head.weight"]);
}

#[test]
fn two_tensors_of_one_name_are_not_written() {
    let folder = Folder::new("twice");
    let path = folder.join("net.safetensors");
    let error = model::<f32>().save_with(&path, &Names::new().rename("fc2", "fc1")).unwrap_err();
    assert_eq!(
        error.error.to_string(),
        "two tensors go by the name `fc1.weight`, expected a name for each"
    );
    assert!(!path.exists());
}

/// A variance is one under any name.
#[test]
fn squares_are_known_by_the_networks_names() {
    let names = Names::new().map(|name| name.replace("running_var", "v"));
    let mut negative = model::<f32>();
    negative.statistics_mut()[7] = -1.0;
    let expected = "tensor `bn1.v` holds -1 at position 3, expected no number below 0";
    assert_eq!(negative.to_bytes_with(&names).unwrap_err().to_string(), expected);
}

/// Of a convolution one pixel high, say.
#[test]
fn dimensions_of_one_may_be_others() {
    let mut entries = zeros();
    entries[0].2 = vec![4, 1, 3];
    entries[1].2 = vec![1, 4];
    assert!(Model::<Net>::from_bytes(&file(&entries)).is_ok());
    entries[0].2 = vec![3, 1, 4];
    let error = Model::<Net>::from_bytes(&file(&entries)).unwrap_err().to_string();
    assert_eq!(error, "tensor `fc1.weight` is 3x1x4, expected 4x3");
}

network! { struct Both: Vector<2> => Vector<8> { outer: Bidirectional { Bidirectional { a: Dense<2>, BatchNorm } } } }

/// No two tensors have one name, however directions are nested.
#[test]
fn directions_in_directions() {
    let model = Model::<Both>::zeroed();
    let names: Vec<_> = model.tensors().into_iter().map(|tensor| tensor.name).collect();
    assert_eq!(
        names.iter().filter(|name| name.contains("a.bias")).collect::<Vec<_>>(),
        [
            "outer.a.bias",
            "outer.a.bias_reverse",
            "outer.a.bias_reverse_forward",
            "outer.a.bias_reverse_reverse"
        ]
    );
    let again = Model::<Both>::from_bytes(&model.to_bytes().unwrap()).unwrap();
    assert_eq!(again.tensors().len(), 4 * 6);
    assert!(again.tensor("outer.batch_norm1.running_var_reverse").is_some());
}
