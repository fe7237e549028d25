//! The pictures of a classifier of handwritten digits.

use formwork::data::{Classes, Dataset, Grid};
use formwork::metrics::ConfusionMatrix;
use formwork::plot::{self, Axis, Chart, Figure, Images, Picture, Series};
use formwork::train::{History, Record};
use std::path::Path;

/// Draws what each digit was read as.
pub fn confusion(path: &Path, confusion: &ConfusionMatrix<10>) -> plot::Result<()> {
    let counts: Vec<usize> =
        (0..100).map(|cell| confusion.count(cell / 10, cell % 10) as usize).collect();
    let classes = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
    Chart::confusion("Digits and what they were read as", &counts, &classes).save(path)
}

/// Draws loss and accuracy, epoch by epoch.
pub fn curves(path: &Path, title: &str, history: &History) -> plot::Result<()> {
    let series = |name, pick: fn(&Record) -> Option<f64>| {
        Series::every(name, 1.0, &history.column(|epoch| pick(epoch).unwrap_or(f64::NAN)))
    };
    let loss = Chart::new("Loss", Axis::linear("epoch"), Axis::log("")).lines(&[
        series("training", |epoch| Some(epoch.train_loss)),
        series("test", |epoch| epoch.validation_loss),
    ]);
    let accuracy = Chart::new("Accuracy", Axis::linear("epoch"), Axis::linear("")).lines(&[
        series("training", |epoch| epoch.train_accuracy),
        series("test", |epoch| epoch.validation_accuracy),
    ]);
    Figure::new(title, vec![loss, accuracy]).save(path)
}

/// Draws the digits that were read wrongly, up to a hundred, each as what; returns how many there
/// are. No picture is drawn when there are none.
pub fn mistakes<const SIDE: usize>(
    path: &Path,
    outputs: &[f32],
    digits: &Dataset<Grid<1, SIDE, SIDE>, Classes<10>>,
) -> plot::Result<usize> {
    let mut pictures = Vec::new();
    for (i, read) in outputs.chunks_exact(10).map(largest).enumerate() {
        let (image, digit) = (digits.inputs().column(i), digits.targets().column(i)[0]);
        if read != digit as usize {
            pictures.push(Picture::new(format!("{digit} as {read}"), (SIDE, SIDE), image));
        }
    }
    let (wrong, all) = (pictures.len(), digits.len());
    pictures.truncate(100);
    if wrong > 0 {
        let first = if wrong > pictures.len() { ": the first 100" } else { "" };
        let title = format!("{wrong} of {all} digits were read wrongly{first}");
        let options = Images { inverted: true, ..Images::default() };
        plot::images(path, &[(&title, &pictures)], &options)?;
    }
    Ok(wrong)
}

/// Where the largest of ten numbers stands.
fn largest(outputs: &[f32]) -> usize {
    (0..10).max_by(|&a, &b| outputs[a].total_cmp(&outputs[b])).unwrap_or(0)
}
