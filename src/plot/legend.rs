//! Legends: in rows above a chart, where they hide no data.

use std::f64::consts::TAU;
use std::string::String;
use std::vec::Vec;

use super::canvas::{Canvas, Drawn, Font, Point};
use super::colour::{PAPER, class, round};
use super::text::{shorten, width};

/// One entry: the name of a series or of a class, and how it is drawn.
#[derive(Clone, PartialEq)]
pub(super) struct Key {
    pub name: String,
    /// Which colour, shape and dash.
    pub index: usize,
    pub line: bool,
    pub marker: bool,
}

pub(super) const ROW: f64 = 20.0;
const SIZE: f64 = 12.0;
const SAMPLE: f64 = 24.0;
const GAP: f64 = 18.0;

impl Key {
    fn sample(&self) -> f64 {
        if self.line { SAMPLE } else { SAMPLE / 2.0 }
    }

    fn width(&self) -> f64 {
        self.sample() + 6.0 + width(&self.name, SIZE)
    }
}

/// The entries in rows no wider than `room`. None where no entry has a name.
pub(super) fn rows(keys: &[Key], room: f64) -> Vec<Vec<Key>> {
    let mut rows: Vec<Vec<Key>> = Vec::new();
    let mut used = f64::INFINITY;
    for key in keys.iter().filter(|key| !key.name.is_empty()) {
        let name = shorten(&key.name, SIZE, room - key.sample() - 6.0);
        let key = Key { name, ..key.clone() };
        if used + GAP + key.width() > room {
            rows.push(Vec::new());
            used = -GAP;
        }
        used += GAP + key.width();
        if let Some(row) = rows.last_mut() {
            row.push(key);
        }
    }
    rows
}

/// Draws rows of entries from `left` and `top`.
pub(super) fn draw(canvas: &Canvas, rows: &[Vec<Key>], (left, top): Point) -> Drawn {
    for (i, row) in rows.iter().enumerate() {
        let y = top + (i as f64 + 0.5) * ROW;
        let mut x = left;
        for key in row {
            if key.line {
                line(canvas, &[(x, y), (x + key.sample(), y)], key.index, 2.0)?;
            }
            if key.marker {
                marker(canvas, (x + key.sample() / 2.0, y), key.index, 3.5)?;
            }
            let font = Font::new(SIZE).from();
            canvas.text(&key.name, (x + key.sample() + 6.0, y), font)?;
            x += key.width() + GAP;
        }
    }
    Ok(())
}

/// A curve in the manner of the series `index`: dashed from the eighth on.
pub(super) fn line(canvas: &Canvas, points: &[Point], index: usize, width: f64) -> Drawn {
    match round(index) {
        0 => canvas.line(points, class(index), width),
        round => canvas.dashes(points, class(index), width, 7.0 / round as f64),
    }
}

/// A marker in the manner of the series or class `index`: a disc, a triangle, a square or a
/// diamond, of the area of a disc of this radius.
pub(super) fn marker(canvas: &Canvas, at: Point, index: usize, radius: f64) -> Drawn {
    let colour = class(index);
    // How many corners, and the angle of the first in turns from straight up.
    let (corners, first) = match index % 4 {
        0 => return canvas.circle(at, radius, colour),
        1 => (3.0, 0.0),
        2 => (4.0, 0.125),
        _ => (4.0, 0.0),
    };
    // A regular polygon in a circle of radius r has the area n / 2 sin(2 pi / n) r^2.
    let reach = radius * (TAU / (corners * (TAU / corners).sin())).sqrt();
    let corner = |k: i32| {
        let angle = TAU * (f64::from(k) / corners + first - 0.25);
        (at.0 + reach * angle.cos(), at.1 + reach * angle.sin())
    };
    canvas.polygon(&(0..corners as i32).map(corner).collect::<Vec<_>>(), colour)
}

/// A marker on a white ground of its own shape, which sets it off from lines and other markers.
pub(super) fn marker_set_off(canvas: &Canvas, at: Point, index: usize, radius: f64) -> Drawn {
    canvas.circle(at, radius * 1.45, PAPER)?;
    marker(canvas, at, index, radius)
}
