//! MNIST: 60,000 and 10,000 handwritten digits of 28 by 28 pixels, in ten classes.
//!
//! The files are those of Y. LeCun, C. Cortes and C. Burges, "The MNIST database of handwritten
//! digits". Sets that follow their form, such as Fashion-MNIST, load as well.

use std::path::Path;

use super::batch::Batch;
use super::content::ContentError;
use super::dataset::Dataset;
use super::idx::{self, IdxError};
use super::load::{DATA_VARIABLE, LoadError, search};
use super::target::Classes;
use crate::shape::Grid;

/// Handwritten digits: one channel of 28 by 28 brightnesses from 0 (paper) to 1 (ink).
pub type Digits = Dataset<Grid<1, 28, 28>, Classes<10>>;

/// The digits to train on and those to test on.
#[derive(Clone, Debug)]
pub struct Mnist {
    /// 60,000 digits.
    pub train: Digits,
    /// 10,000 digits by other writers.
    pub test: Digits,
}

/// The folder within a folder of data sets.
const FOLDER: &str = "mnist";

/// Images and labels to train on, then to test on.
const FILES: [&str; 4] = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
];

/// Loads the four files from `folder`, or from the folder `mnist` within it; each plain, or gzipped
/// with `.gz` at the end of its name.
///
/// # Errors
/// [`LoadError::Missing`] where not all files are there, [`LoadError::File`] for one that is not
/// what it should be.
///
/// ```no_run
/// use formwork::data::mnist;
///
/// let digits = mnist::load("data")?;
/// assert_eq!(digits.train.len(), 60_000);
/// # Ok::<(), formwork::data::LoadError>(())
/// ```
pub fn load(folder: impl AsRef<Path>) -> Result<Mnist, LoadError> {
    let [images, labels, test_images, test_labels] = search(folder.as_ref(), FOLDER, &FILES)?;
    Ok(Mnist { train: digits(&images, &labels)?, test: digits(&test_images, &test_labels)? })
}

/// Loads the files from the folder that the environment variable `FORMWORK_DATA` names.
///
/// # Errors
/// [`LoadError::Unnamed`] where the variable is not set, and those of [`load`].
pub fn from_env() -> Result<Mnist, LoadError> {
    load(std::env::var_os(DATA_VARIABLE).ok_or(LoadError::Unnamed)?)
}

/// The digits of one file of images and one of labels.
fn digits(images: &Path, labels: &Path) -> Result<Digits, LoadError> {
    let at = |path: &Path, error: ContentError| LoadError::File { path: path.to_owned(), error };
    let pixels = idx::load::<u8>(images)?;
    let &[count, 28, 28] = pixels.dims() else {
        let expected = "28x28 for each image".to_owned();
        let error = IdxError::Dims { dims: pixels.dims().to_vec(), expected };
        return Err(at(images, error.into()));
    };
    let ids = idx::load::<u8>(labels)?;
    if ids.dims() != [count] {
        let expected = format!("{count}, one for each image");
        let error = IdxError::Dims { dims: ids.dims().to_vec(), expected };
        return Err(at(labels, error.into()));
    }

    let ids = ids.data().iter().map(|&id| u32::from(id)).collect();
    let ids = Batch::from_vec(ids).map_err(|error| at(labels, error.into()))?;
    let pixels = pixels.data().iter().map(|&pixel| f32::from(pixel) / 255.0).collect();
    Batch::from_vec(pixels)
        .and_then(|pixels| Dataset::new(pixels, ids))
        .map_err(|error| at(images, error.into()))
}
