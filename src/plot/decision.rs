//! The decision regions of a classifier of the plane.

use std::boxed::Box;
use std::format;
use std::path::Path;
use std::string::String;
use std::vec::Vec;

use super::axis::Frame;
use super::colour::{PAPER, class, mix};
use super::error::{Error, Result};
use super::images::runs;
use super::legend::marker_set_off;
use super::panels::{Panel, Sheet};
use super::scatter::Points;

/// How many times each axis is divided.
const CELLS: usize = 220;

/// Draws which class `classify` gives each part of the plane, as coloured regions, and points in
/// the colours and shapes of the classes they have in truth.
///
/// The classifier is asked once for each of 220 x 220 cells, at its centre.
///
/// ```
/// use formwork::plot::{self, Axis, Frame, Points};
///
/// let at = [[0.5_f32, 0.2], [-0.7, 0.1], [0.1, 0.9], [-0.2, -0.8]];
/// plot::decision(
///     std::env::temp_dir().join("formwork-decision.svg"),
///     |[x, y]| usize::from(x + 0.3 * y > 0.0),
///     &Points::new(&at, &[1, 0, 1, 0], &["left", "right"]),
///     &Frame::new("Left or right", Axis::linear("x"), Axis::linear("y")),
/// )?;
/// # Ok::<(), plot::Error>(())
/// ```
///
/// # Errors
/// Where [`scatter`](super::scatter()) has one, and if the classifier gives a class without a name.
pub fn decision(
    path: impl AsRef<Path>,
    mut classify: impl FnMut([f64; 2]) -> usize,
    points: &Points,
    frame: &Frame,
) -> Result<()> {
    let path = path.as_ref();
    points.check(path)?;
    let size = (440.0, 440.0);
    let rulers = frame.rulers(&points.at, (0.08, 0.08), size);
    let (x, y) = rulers.map_err(|reason| Error::input(path, reason))?;
    let names = points.names.len();
    let mut classes = Vec::with_capacity(CELLS * CELLS);
    for row in 0..CELLS {
        for column in 0..CELLS {
            let centre = |i: usize| (i as f64 + 0.5) / CELLS as f64;
            let at = [x.value(centre(column)), y.value(1.0 - centre(row))];
            let found = classify(at);
            if found >= names {
                let [x, y] = at;
                return Err(Error::input(
                    path,
                    format!(
                        "the classifier gave class {found} at ({x}, {y}), but only {names} classes \
                         have names"
                    ),
                ));
            }
            classes.push(found);
        }
    }
    let panel = Panel {
        title: String::new(),
        x,
        y,
        keys: points.keys(),
        draw: Box::new(|plot| {
            let share = |i: usize| i as f64 / CELLS as f64;
            for (i, row) in classes.chunks(CELLS).enumerate() {
                for (from, to, found) in runs(row) {
                    let from = plot.at((share(from), 1.0 - share(i)));
                    let to = plot.at((share(to), 1.0 - share(i + 1)));
                    // Over the next runs, which are drawn later: thus no seams show however a
                    // viewer scales.
                    let end = plot.at((1.0, 0.0));
                    let to = ((to.0 + 2.0).min(end.0), (to.1 + 2.0).min(end.1));
                    plot.canvas.cell(from, to, mix(PAPER, class(found), 0.28))?;
                }
            }
            for (&at, &class) in points.at.iter().zip(&points.classes) {
                if let Some(pixel) = plot.pixel(at) {
                    marker_set_off(plot.canvas, pixel, class, 3.5)?;
                }
            }
            Ok(())
        }),
    };
    Sheet { title: &frame.title, columns: 1, size, panels: Vec::from([panel]) }.save(path)
}
