use std::fs;
use std::io::Write;
use std::path::Path;

use formwork::data::{LoadError, mnist};

use super::{folder, gzip};

const FILES: [&str; 4] = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
];

/// Images of `side` by `side`, all pixels of image `i` equal to `51 i`.
fn images(count: u8, side: u8) -> Vec<u8> {
    let mut bytes = vec![0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, side, 0, 0, 0, side];
    for image in 0..count {
        bytes.extend(vec![51 * image; usize::from(side) * usize::from(side)]);
    }
    bytes
}

fn labels(labels: &[u8]) -> Vec<u8> {
    [&[0, 0, 8, 1, 0, 0, 0, labels.len() as u8], labels].concat()
}

/// Three digits to train on and one to test on.
fn write(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    let contents = [images(3, 28), labels(&[5, 0, 9]), images(1, 28), labels(&[7])];
    for (name, content) in FILES.iter().zip(contents) {
        fs::write(folder.join(name), content).unwrap();
    }
}

#[test]
fn the_four_files_of_a_folder() {
    let folder = folder("the_four_files_of_a_folder");
    write(&folder);
    // A plain file and a gzipped one, each under its usual name.
    let name = folder.join(FILES[0]);
    fs::write(name.with_extension("gz"), gzip(&fs::read(&name).unwrap())).unwrap();
    fs::remove_file(&name).unwrap();

    let digits = mnist::load(&folder).unwrap();
    assert_eq!(digits.train.targets().data(), [5, 0, 9]);
    assert_eq!(digits.test.targets().data(), [7]);
    // 51 / 255 = 0.2, 102 / 255 = 0.4
    assert_eq!(digits.train.inputs().column(1), [0.2; 784]);
    assert_eq!(digits.train.inputs().column(2), [0.4; 784]);
    assert_eq!(digits.test.inputs().column(0), [0.0; 784]);
}

#[test]
fn a_folder_with_a_folder_mnist() {
    let folder = folder("a_folder_with_a_folder_mnist");
    write(&folder.join("mnist"));
    assert_eq!(mnist::load(&folder).unwrap().train.len(), 3);
}

#[test]
fn missing_files_are_named() {
    let folder = folder("missing_files_are_named");
    write(&folder.join("mnist"));
    fs::remove_file(folder.join("mnist").join(FILES[1])).unwrap();
    fs::remove_file(folder.join("mnist").join(FILES[2])).unwrap();
    assert_eq!(
        mnist::load(&folder).unwrap_err().to_string(),
        format!(
            "{}: expected the files train-images-idx3-ubyte, train-labels-idx1-ubyte, \
             t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte (each plain, or gzipped with `.gz` at \
             its end) here or in the folder `mnist` within; missing: train-labels-idx1-ubyte, \
             t10k-images-idx3-ubyte. Pass another folder, or name it in the environment variable \
             FORMWORK_DATA",
            folder.display()
        )
    );
    let nowhere = mnist::load(folder.join("nowhere")).unwrap_err();
    assert!(matches!(nowhere, LoadError::Missing { missing, .. } if missing == FILES));
}

#[test]
fn files_that_do_not_fit_each_other() {
    let folder = folder("files_that_do_not_fit_each_other");
    let check = |name: &str, content: Vec<u8>, problem: &str| {
        write(&folder);
        let path = folder.join(name);
        fs::write(&path, content).unwrap();
        let error = mnist::load(&folder).unwrap_err().to_string();
        assert_eq!(error, format!("{}: {problem}", path.display()));
    };
    let problem = "holds 3x8x8 numbers, expected 28x28 for each image";
    check(FILES[0], images(3, 8), problem);
    let problem = "holds 3 numbers, expected 28x28 for each image";
    check(FILES[0], labels(&[1, 2, 3]), problem);
    let problem = "holds 2 numbers, expected 3, one for each image";
    check(FILES[1], labels(&[1, 2]), problem);
    let problem = "sample 0 has the id 10, expected an id below 10";
    check(FILES[3], labels(&[10]), problem);
    let problem = "its header promises 3 numbers (3 bytes), found 2 bytes";
    check(FILES[1], labels(&[1, 2, 3])[..10].to_vec(), problem);
}

#[test]
fn the_real_digits_if_their_folder_is_named() {
    if std::env::var_os("FORMWORK_DATA").is_none() {
        let error = mnist::from_env().unwrap_err();
        assert_eq!(
            error.to_string(),
            "the environment variable FORMWORK_DATA is not set; set it to the folder of the data \
             sets"
        );
        // Past the harness, which hides what a passing test prints.
        writeln!(std::io::stderr(), "SKIPPED the real MNIST: FORMWORK_DATA is not set").unwrap();
        return;
    }

    let digits = mnist::from_env().unwrap();
    assert_eq!((digits.train.len(), digits.test.len()), (60_000, 10_000));
    assert_eq!(digits.train.targets().data()[..5], [5, 0, 4, 1, 9]);
    // As counted by Python: collections.Counter(gzip.open(labels).read()[8:]).
    assert_eq!(
        digits.train.class_counts(),
        [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    );
    assert_eq!(digits.test.class_counts(), [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
    // The mean pixel of the training set, as often used to standardise it, is 0.1307.
    let pixels = digits.train.inputs().data();
    let mean = pixels.iter().map(|&pixel| f64::from(pixel)).sum::<f64>() / pixels.len() as f64;
    assert!((mean - 0.1307).abs() < 5e-5, "{mean}");
    assert!(pixels.iter().all(|pixel| (0.0..=1.0).contains(pixel)));
    assert!(pixels.contains(&1.0));
}
