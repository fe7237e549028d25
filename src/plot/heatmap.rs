//! Heat maps.

use std::format;
use std::path::Path;
use std::string::String;
use std::vec::Vec;

use super::colour::{MISSING, blues};
use super::error::{Error, Result};
use super::matrix::Matrix;

/// How a heat map is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Heatmap<'a> {
    /// The title above the map; empty for none.
    pub title: &'a str,
    /// What the rows are; empty for no label.
    pub row_label: &'a str,
    /// What the columns are; empty for no label.
    pub column_label: &'a str,
    /// The values that are white and darkest; the least and the greatest of all for `None`.
    pub range: Option<(f64, f64)>,
    /// Whether each cell shows its value, to two digits after the point.
    pub numbers: bool,
}

/// Draws a matrix of `rows.len()` by `columns.len()` values, row by row, as cells that are the
/// darker the greater their value, such as the weights of an attention layer. Values that are not
/// finite are orange.
///
/// ```
/// use formwork::plot::{self, Heatmap};
///
/// let weights = [0.9_f32, 0.1, 0.0, 0.2, 0.7, 0.1];
/// plot::heatmap(
///     std::env::temp_dir().join("formwork-attention.svg"),
///     &weights,
///     &["ich", "gehe"],
///     &["i", "am", "walking"],
///     &Heatmap { row_label: "output", column_label: "input", ..Default::default() },
/// )?;
/// # Ok::<(), plot::Error>(())
/// ```
///
/// # Errors
/// If there is no row or no column, not a value for each cell, or none that is finite; if the range
/// is not two finite rising numbers; or if the file cannot be written.
pub fn heatmap<T: Copy + Into<f64>, R: AsRef<str>, C: AsRef<str>>(
    path: impl AsRef<Path>,
    values: &[T],
    rows: &[R],
    columns: &[C],
    options: &Heatmap,
) -> Result<()> {
    let path = path.as_ref();
    let values: Vec<f64> = values.iter().map(|&value| value.into()).collect();
    let (height, width, found) = (rows.len(), columns.len(), values.len());
    if found == 0 || height * width != found {
        let reason = format!("{height} rows of {width} columns need as many values; found {found}");
        return Err(Error::input(path, reason));
    }
    let finite = || values.iter().copied().filter(|value| value.is_finite());
    let (lo, hi) = match options.range {
        Some((lo, hi)) if lo < hi && (hi - lo).is_finite() => (lo, hi),
        Some((lo, hi)) => {
            let reason = format!("a range must be two finite rising numbers, not {lo} to {hi}");
            return Err(Error::input(path, reason));
        }
        None if finite().next().is_none() => {
            return Err(Error::input(path, format!("none of the {found} values is finite")));
        }
        None => (finite().fold(f64::MAX, f64::min), finite().fold(f64::MIN, f64::max)),
    };
    let cell = |&value: &f64| {
        let share = if hi > lo { (value - lo) / (hi - lo) } else { 0.5 };
        let colour = if value.is_finite() { blues(share) } else { MISSING };
        let text = if options.numbers { format!("{value:.2}") } else { String::new() };
        (colour, text)
    };
    Matrix {
        title: options.title,
        note: String::new(),
        sides: (options.row_label, options.column_label),
        rows: rows.iter().map(AsRef::as_ref).collect(),
        columns: columns.iter().map(AsRef::as_ref).collect(),
        cells: values.iter().map(cell).collect(),
        scale: Some((lo, hi)),
    }
    .save(path)
}
