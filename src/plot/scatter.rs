//! Points in the plane, by class.

use std::borrow::ToOwned;
use std::boxed::Box;
use std::format;
use std::path::Path;
use std::string::String;
use std::vec::Vec;

use super::axis::Frame;
use super::error::{Error, Result};
use super::legend::{Key, marker_set_off};
use super::panels::{Panel, Sheet};

/// Points in the plane, each of a class.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Points {
    /// Where each point lies: x and y.
    pub at: Vec<[f64; 2]>,
    /// The class of each point, from 0.
    pub classes: Vec<usize>,
    /// The name of each class; empty ones are left out of the legend.
    pub names: Vec<String>,
}

impl Points {
    /// Points with the class of each, and the names of the classes.
    pub fn new<T: Copy + Into<f64>, S: AsRef<str>>(
        at: &[[T; 2]],
        classes: &[usize],
        names: &[S],
    ) -> Self {
        Self {
            at: at.iter().map(|point| point.map(Into::into)).collect(),
            classes: classes.to_owned(),
            names: names.iter().map(|name| name.as_ref().to_owned()).collect(),
        }
    }

    pub(super) fn check(&self, path: &Path) -> Result<()> {
        let (points, classes, names) = (self.at.len(), self.classes.len(), self.names.len());
        if points != classes {
            let reason = format!("{points} points need as many classes; found {classes}");
            return Err(Error::input(path, reason));
        }
        match self.classes.iter().position(|&class| class >= names) {
            Some(i) => Err(Error::input(
                path,
                format!(
                    "point {i} is of class {}, but only {names} classes have names",
                    self.classes[i]
                ),
            )),
            None => Ok(()),
        }
    }

    pub(super) fn keys(&self) -> Vec<Key> {
        let key = |(index, name): (usize, &String)| Key {
            name: name.clone(),
            index,
            line: false,
            marker: true,
        };
        self.names.iter().enumerate().map(key).collect()
    }
}

/// Draws points in the colours and shapes of their classes.
///
/// ```
/// use formwork::plot::{self, Axis, Frame, Points};
///
/// let at = [[0.1_f32, 0.2], [0.3, 0.1], [2.0, 1.9], [2.2, 2.1]];
/// plot::scatter(
///     std::env::temp_dir().join("formwork-classes.svg"),
///     &Points::new(&at, &[0, 0, 1, 1], &["near", "far"]),
///     &Frame::new("Two classes", Axis::linear("x"), Axis::linear("y")),
/// )?;
/// # Ok::<(), plot::Error>(())
/// ```
///
/// # Errors
/// If no point can be shown and an axis has no range; if there is not a class for each point, or a
/// name for each class; if the range of an axis is not two rising numbers that the axis can show;
/// or if the file cannot be written.
pub fn scatter(path: impl AsRef<Path>, points: &Points, frame: &Frame) -> Result<()> {
    let path = path.as_ref();
    points.check(path)?;
    let size = (460.0, 420.0);
    let rulers = frame.rulers(&points.at, (0.05, 0.05), size);
    let (x, y) = rulers.map_err(|reason| Error::input(path, reason))?;
    let panel = Panel {
        title: String::new(),
        x,
        y,
        keys: points.keys(),
        draw: Box::new(|plot| {
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
