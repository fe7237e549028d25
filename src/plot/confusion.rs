//! Confusion matrices.

use std::format;
use std::path::Path;
use std::string::{String, ToString};
use std::vec::Vec;

use super::colour::blues;
use super::error::{Error, Result};
use super::matrix::Matrix;
use super::text::grouped;

/// How a confusion matrix is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Confusion<'a> {
    /// The title above the matrix; empty for none.
    pub title: &'a str,
}

/// Draws how often each class (a row) was taken for each class (a column): `counts`, row by row,
/// for as many classes as there are names.
///
/// The darker a cell, the greater its share of its row; the root of the share is shown, so that
/// rare mistakes are seen beside many right answers.
///
/// ```
/// use formwork::plot::{self, Confusion};
///
/// let counts = [97, 1, 2, 0, 88, 3, 5, 2, 102];
/// plot::confusion(
///     std::env::temp_dir().join("formwork-confusion.svg"),
///     &counts,
///     &["cat", "dog", "ship"],
///     &Confusion { title: "Test set" },
/// )?;
/// # Ok::<(), plot::Error>(())
/// ```
///
/// # Errors
/// If there is no class, `counts` has not as many values as the square of their number, or the file
/// cannot be written.
pub fn confusion<S: AsRef<str>>(
    path: impl AsRef<Path>,
    counts: &[usize],
    classes: &[S],
    options: &Confusion,
) -> Result<()> {
    let path = path.as_ref();
    let (n, found) = (classes.len(), counts.len());
    if n == 0 || n * n != found {
        let reason = format!("{n} classes need {n} x {n} counts, and at least one; found {found}");
        return Err(Error::input(path, reason));
    }
    let names: Vec<&str> = classes.iter().map(AsRef::as_ref).collect();
    let cells = counts.chunks(n).flat_map(|row| {
        let total = row.iter().sum::<usize>().max(1) as f64;
        row.iter()
            .map(move |&count| (blues((count as f64 / total).sqrt()), grouped(&count.to_string())))
    });
    Matrix {
        title: options.title,
        note: note(counts, n),
        sides: ("true class", "predicted class"),
        rows: names.clone(),
        columns: names,
        cells: cells.collect(),
        scale: None,
    }
    .save(path)
}

fn note(counts: &[usize], classes: usize) -> String {
    let total: usize = counts.iter().sum();
    let right: usize = counts.iter().step_by(classes + 1).sum();
    if total == 0 {
        return String::new();
    }
    let percent = 100.0 * right as f64 / total as f64;
    let [right, total] = [right, total].map(|count| grouped(&count.to_string()));
    format!("{right} of {total} right: {percent:.2} %")
}
