//! Named points in the plane.

use std::boxed::Box;
use std::format;
use std::path::Path;
use std::string::String;
use std::vec::Vec;

use super::axis::Frame;
use super::canvas::{Font, Point};
use super::colour::{FRAME, class};
use super::error::{Error, Result};
use super::panels::{Panel, Plot, Sheet};
use super::text::width;

const FONT: f64 = 11.0;
const DOT: f64 = 3.0;

/// Draws points with the name of each beside it, such as word vectors in two dimensions.
///
/// A name stands on the side of its point where it covers least; where its surroundings are full it
/// moves away and a line leads back to the point.
///
/// ```
/// use formwork::plot::{self, Axis, Frame};
///
/// let at = [[0.70_f32, 0.10], [0.52, -0.30], [0.71, 0.12], [0.20, 0.60]];
/// plot::words(
///     std::env::temp_dir().join("formwork-words.svg"),
///     &at,
///     &["you", "say", "i", "goodbye"],
///     &Frame::new("Word vectors", Axis::default(), Axis::default()),
/// )?;
/// # Ok::<(), plot::Error>(())
/// ```
///
/// # Errors
/// If no point can be shown and an axis has no range; if there is not a name for each point; if the
/// range of an axis is not two rising numbers that it can show; or if the file cannot be written.
pub fn words<T: Copy + Into<f64>, S: AsRef<str>>(
    path: impl AsRef<Path>,
    points: &[[T; 2]],
    names: &[S],
    frame: &Frame,
) -> Result<()> {
    let path = path.as_ref();
    let (count, found) = (points.len(), names.len());
    if count != found {
        return Err(Error::input(
            path,
            format!("{count} points need as many names; found {found}"),
        ));
    }
    let points: Vec<[f64; 2]> = points.iter().map(|point| point.map(Into::into)).collect();
    // More names get more room, up to a point.
    let scale = (count as f64 / 40.0).sqrt().clamp(1.0, 1.8);
    let size = (620.0 * scale, 460.0 * scale);
    let rulers = frame.rulers(&points, (0.08, 0.08), size);
    let (x, y) = rulers.map_err(|reason| Error::input(path, reason))?;
    let panel = Panel {
        title: String::new(),
        x,
        y,
        keys: Vec::new(),
        draw: Box::new(|plot| {
            let named = points.iter().zip(names);
            let shown: Vec<(Point, &str)> = named
                .filter_map(|(&point, name)| Some((plot.pixel(point)?, name.as_ref())))
                .collect();
            let labels = arranged(&shown, plot);
            for (&(at, _), label) in shown.iter().zip(&labels) {
                let near = (at.0.clamp(label.x0, label.x1), at.1.clamp(label.y0, label.y1));
                if (near.0 - at.0).hypot(near.1 - at.1) > 2.0 * DOT {
                    plot.canvas.line(&[at, near], FRAME, 0.75)?;
                }
            }
            for &(at, _) in &shown {
                plot.canvas.circle(at, DOT, class(0))?;
            }
            for (&(_, name), label) in shown.iter().zip(&labels) {
                let font = Font::new(FONT).from();
                plot.canvas.text(name, (label.x0 + 1.0, (label.y0 + label.y1) / 2.0), font)?;
            }
            Ok(())
        }),
    };
    Sheet { title: &frame.title, columns: 1, size, panels: Vec::from([panel]) }.save(path)
}

/// A rectangle that a label or a dot covers.
#[derive(Clone, Copy)]
struct Covered {
    x0: f64,
    y0: f64,
    x1: f64,
    y1: f64,
}

impl Covered {
    fn common(&self, other: &Self) -> f64 {
        let width = self.x1.min(other.x1) - self.x0.max(other.x0);
        let height = self.y1.min(other.y1) - self.y0.max(other.y0);
        width.max(0.0) * height.max(0.0)
    }
}

/// Where each label goes: one after the other, to the place that covers least of the dots and of
/// the labels before it, and of several such to the nearest.
fn arranged(named: &[(Point, &str)], plot: &Plot) -> Vec<Covered> {
    let dot = |&((x, y), _): &(Point, &str)| Covered {
        x0: x - DOT,
        y0: y - DOT,
        x1: x + DOT,
        y1: y + DOT,
    };
    let mut taken: Vec<Covered> = named.iter().map(dot).collect();
    for &((x, y), name) in named {
        let (half_width, half_height) = (width(name, FONT) / 2.0 + 1.0, FONT * 0.6);
        let mut best = (f64::INFINITY, taken[0]);
        'search: for away in 0..6 {
            let reach = DOT + 2.0 + 6.0 * f64::from(away);
            // Right, left, above, below, and the corners.
            for (dx, dy) in [(1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (1, 1), (-1, -1), (-1, 1)] {
                let centre = (
                    x + f64::from(dx) * (half_width + reach),
                    y + f64::from(dy) * (half_height + reach),
                );
                let label = Covered {
                    x0: centre.0 - half_width,
                    y0: centre.1 - half_height,
                    x1: centre.0 + half_width,
                    y1: centre.1 + half_height,
                };
                let area = 4.0 * half_width * half_height;
                let frame = Covered {
                    x0: plot.left,
                    y0: plot.top,
                    x1: plot.left + plot.size.0,
                    y1: plot.top + plot.size.1,
                };
                let outside = area - label.common(&frame);
                let covered: f64 = taken.iter().map(|other| label.common(other)).sum();
                let cost = covered + 10.0 * outside + 5.0 * f64::from(away);
                if cost < best.0 - 1e-6 {
                    best = (cost, label);
                }
                if covered + outside == 0.0 {
                    break 'search;
                }
            }
        }
        taken.push(best.1);
    }
    taken.split_off(named.len())
}
