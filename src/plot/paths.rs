//! Paths over the contour lines of a function.

use std::boxed::Box;
use std::path::Path;
use std::string::String;
use std::vec::Vec;

use super::axis::Frame;
use super::colour::{INK, PAPER, blues, mix};
use super::contour::Field;
use super::curve::curve;
use super::error::{Error, Result};
use super::panels::{Panel, Sheet};
use super::series::Series;

/// How many nodes the grid has along each axis on which the function is taken.
const NODES: usize = 161;
/// How many contour lines there are.
const LEVELS: usize = 14;

/// Draws paths over the contour lines of `f`, such as those of optimisers over what they minimise.
/// A ring marks the start of each path.
///
/// The function is taken at 161 x 161 places. The contour lines divide the picture in parts of
/// equal area, so that steep functions and flat ones both show.
///
/// ```
/// use formwork::plot::{self, Axis, Frame, Series};
///
/// let mut at = [-7.0_f64, 2.0];
/// let mut path = vec![at];
/// for _ in 0..30 {
///     at = [at[0] - 0.95 * at[0] / 10.0, at[1] - 0.95 * 2.0 * at[1]];
///     path.push(at);
/// }
/// plot::paths(
///     std::env::temp_dir().join("formwork-paths.svg"),
///     |[x, y]| x * x / 20.0 + y * y,
///     &[Series::path("SGD", &path)],
///     &Frame::new(
///         "Gradient descent",
///         Axis { range: Some((-10.0, 10.0)), ..Axis::linear("x") },
///         Axis { range: Some((-5.0, 5.0)), ..Axis::linear("y") },
///     ),
/// )?;
/// # Ok::<(), plot::Error>(())
/// ```
///
/// # Errors
/// If an axis has neither a range nor a value of a path, or a range that is not two
/// rising numbers that it can show; if `f` is nowhere
/// finite; if a path has not as many values of x as of y; or if the file cannot be written.
pub fn paths(
    path: impl AsRef<Path>,
    f: impl Fn([f64; 2]) -> f64,
    paths: &[Series],
    frame: &Frame,
) -> Result<()> {
    let path = path.as_ref();
    paths.iter().try_for_each(|series| series.check(path))?;
    let size = (560.0, 400.0);
    let points: Vec<[f64; 2]> = paths.iter().flat_map(Series::points).collect();
    let rulers = frame.rulers(&points, (0.1, 0.1), size);
    let (x, y) = rulers.map_err(|reason| Error::input(path, reason))?;
    let share = |i: usize| i as f64 / (NODES - 1) as f64;
    let nodes = (0..NODES).flat_map(|row| (0..NODES).map(move |column| (row, column)));
    let values = nodes.map(|(row, column)| f([x.value(share(column)), y.value(share(row))]));
    let field = Field { nodes: NODES, values: values.collect() };
    let mut sorted: Vec<f64> = field.values.iter().copied().filter(|v| v.is_finite()).collect();
    if sorted.is_empty() {
        return Err(Error::input(path, "the function is finite nowhere between the axes"));
    }
    sorted.sort_unstable_by(f64::total_cmp);
    let panel = Panel {
        title: String::new(),
        x,
        y,
        keys: paths.iter().enumerate().map(|(i, series)| series.key(i)).collect(),
        draw: Box::new(|plot| {
            for i in 0..LEVELS {
                let share = (i as f64 + 0.5) / LEVELS as f64;
                let level = sorted[(share * sorted.len() as f64) as usize];
                let colour = mix(PAPER, blues(0.85 - 0.4 * share), 0.55);
                for line in field.contour(level) {
                    let line: Vec<_> = line.into_iter().map(|place| plot.at(place)).collect();
                    plot.canvas.line(&line, colour, 1.0)?;
                }
            }
            (0..).zip(paths).try_for_each(|(i, series)| curve(plot, series, i, 2.5))?;
            // Paths often start at the same point, so its marker is of no one's colour.
            for start in paths.iter().filter_map(|series| series.points().next()) {
                if let Some(pixel) = plot.pixel(start) {
                    plot.canvas.circle(pixel, 5.0, INK)?;
                    plot.canvas.circle(pixel, 3.0, PAPER)?;
                }
            }
            Ok(())
        }),
    };
    Sheet { title: &frame.title, columns: 1, size, panels: Vec::from([panel]) }.save(path)
}
