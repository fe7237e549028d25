//! Series of values as curves.

use std::boxed::Box;
use std::format;
use std::path::Path;
use std::string::String;
use std::vec::Vec;

use super::axis::Frame;
use super::curve::curve;
use super::error::{Error, Result};
use super::panels::{Panel, Sheet};
use super::series::Series;

/// One chart of a grid.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chart {
    /// Its title and axes.
    pub frame: Frame,
    /// Its curves.
    pub series: Vec<Series>,
}

/// How charts are laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Grid<'a> {
    /// The title above all charts; empty for none.
    pub title: &'a str,
    /// How many charts stand side by side; 0 for a grid that is about a square.
    pub columns: usize,
}

/// Draws named series as curves over a common horizontal axis, with the legend above the chart.
///
/// A value that has no place on its axis leaves a gap in its curve.
///
/// ```
/// use formwork::plot::{self, Axis, Frame, Series};
///
/// let norms: Vec<f64> = (0..20).map(|t| 2.5 * 1.27_f64.powi(t)).collect();
/// plot::lines(
///     std::env::temp_dir().join("formwork-gradient-norms.svg"),
///     &[Series { markers: true, ..Series::every("", 1.0, &norms) }],
///     &Frame::new("An exploding gradient", Axis::linear("time step"), Axis::log("norm")),
/// )?;
/// # Ok::<(), plot::Error>(())
/// ```
///
/// # Errors
/// If nothing can be shown, a series has not as many values of x as of y, the range of an axis is
/// not two rising numbers that it can show, or the file cannot be written.
pub fn lines(path: impl AsRef<Path>, series: &[Series], frame: &Frame) -> Result<()> {
    let path = path.as_ref();
    let size = (560.0, 340.0);
    let mut panel = panel(path, series, frame, size)?;
    let title = std::mem::take(&mut panel.title);
    Sheet { title: &title, columns: 1, size, panels: Vec::from([panel]) }.save(path)
}

/// Draws a grid of charts, row by row. Labels of axes that all charts share stand only at the outer
/// charts, and a legend that they share stands only once.
///
/// ```
/// use formwork::plot::{self, Axis, Chart, Frame, Grid, Series};
///
/// let accuracy = Axis { range: Some((0.0, 1.0)), ..Axis::linear("accuracy") };
/// let charts: Vec<Chart> = [1.0_f64, 0.1, 0.01, 0.001]
///     .map(|std| {
///         let with: Vec<f64> = (0..20).map(|e| 1.0 - 0.7_f64.powi(e)).collect();
///         let without: Vec<f64> = (0..20).map(|e| 1.0 - (1.0 - 0.3 * std).powi(e)).collect();
///         let series = vec![
///             Series::every("batch norm", 1.0, &with),
///             Series::every("no batch norm", 1.0, &without),
///         ];
///         let title = format!("initial std {std}");
///         Chart { frame: Frame::new(title, Axis::linear("epoch"), accuracy.clone()), series }
///     })
///     .into();
/// plot::charts(
///     std::env::temp_dir().join("formwork-batch-norm.svg"),
///     &charts,
///     &Grid { title: "Batch normalisation", columns: 2 },
/// )?;
/// # Ok::<(), plot::Error>(())
/// ```
///
/// # Errors
/// Where [`lines`] has one, for any of the charts, or if there is no chart.
pub fn charts(path: impl AsRef<Path>, charts: &[Chart], grid: &Grid) -> Result<()> {
    let path = path.as_ref();
    let columns = columns(path, grid.columns, charts.len())?;
    let size = match columns {
        1 => (560.0, 300.0),
        2 => (360.0, 230.0),
        3 => (270.0, 180.0),
        _ => (200.0, 140.0),
    };
    let panels = charts.iter().map(|chart| panel(path, &chart.series, &chart.frame, size));
    let panels = panels.collect::<Result<_>>()?;
    Sheet { title: grid.title, columns, size, panels }.save(path)
}

/// As many columns as asked for, or those of a grid that is about a square.
pub(super) fn columns(path: &Path, wanted: usize, count: usize) -> Result<usize> {
    match (wanted, count) {
        (_, 0) => Err(Error::input(path, "there is nothing to draw: no panel was given")),
        (0, ..=3) => Ok(count),
        (0, _) => Ok((count as f64).sqrt().ceil() as usize),
        (wanted, count) => Ok(wanted.min(count)),
    }
}

fn panel<'a>(
    path: &Path,
    series: &'a [Series],
    frame: &Frame,
    size: (f64, f64),
) -> Result<Panel<'a>> {
    series.iter().try_for_each(|series| series.check(path))?;
    let fail = |reason: String| match frame.title.as_str() {
        "" => Error::input(path, reason),
        title => Error::input(path, format!("{reason}, in the chart \"{title}\"")),
    };
    let points: Vec<[f64; 2]> = series.iter().flat_map(Series::points).collect();
    if points.is_empty() {
        return Err(fail("there is nothing to draw: no series has a point".into()));
    }
    let markers = series.iter().any(|series| series.markers);
    let pads = (if markers { 0.02 } else { 0.0 }, 0.04);
    let (x, y) = frame.rulers(&points, pads, size).map_err(fail)?;
    Ok(Panel {
        title: frame.title.clone(),
        x,
        y,
        keys: series.iter().enumerate().map(|(i, series)| series.key(i)).collect(),
        draw: Box::new(move |plot| {
            let radius = if plot.size.0 < 300.0 { 2.0 } else { 3.0 };
            (0..).zip(series).try_for_each(|(i, series)| curve(plot, series, i, radius))
        }),
    })
}
