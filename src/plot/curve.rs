//! The curve of a series: in parts where values are missing, and cut off at the ends of the axes.

use std::vec::Vec;

use super::canvas::{Drawn, Point};
use super::legend;
use super::panels::Plot;
use super::series::Series;

/// Draws the curve of one series, with its markers.
pub(super) fn curve(plot: &Plot, series: &Series, index: usize, radius: f64) -> Drawn {
    let places: Vec<Option<Point>> = series.points().map(|point| plot.place(point)).collect();
    // Curves of more points than the chart has pixels are noisy, and hide each other less if thin.
    let dense = places.len() as f64 > plot.size.0;
    let width = if dense {
        1.0
    } else if plot.size.0 < 300.0 {
        1.5
    } else {
        2.0
    };
    for run in places.split(Option::is_none) {
        let run: Vec<Point> = run.iter().flatten().copied().collect();
        for part in clipped(&run) {
            let pixels: Vec<Point> = part.iter().map(|&place| plot.at(place)).collect();
            legend::line(plot.canvas, &thinned(&pixels), index, width)?;
        }
    }
    for (i, point) in series.points().enumerate() {
        let neighbour = |i: usize| places.get(i).is_some_and(Option::is_some);
        let alone = !neighbour(i + 1) && (i == 0 || !neighbour(i - 1));
        if let Some(pixel) = plot.pixel(point).filter(|_| series.markers || alone) {
            legend::marker(plot.canvas, pixel, index, radius)?;
        }
    }
    Ok(())
}

/// The parts of a line, in shares of the axes, that lie between the axes.
fn clipped(line: &[Point]) -> Vec<Vec<Point>> {
    let mut parts: Vec<Vec<Point>> = Vec::new();
    for pair in line.windows(2) {
        let Some((from, to)) = visible(pair[0], pair[1]) else {
            continue;
        };
        match parts.last_mut() {
            Some(part) if part.last() == Some(&from) => part.push(to),
            _ => parts.push(Vec::from([from, to])),
        }
    }
    parts
}

/// The part of the line from `a` to `b` inside of the unit square (Liang and Barsky 1984).
fn visible(a: Point, b: Point) -> Option<(Point, Point)> {
    let d = (b.0 - a.0, b.1 - a.1);
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    // For each side: how fast the line leaves through it, and how far within it starts.
    for (speed, within) in [(-d.0, a.0), (d.0, 1.0 - a.0), (-d.1, a.1), (d.1, 1.0 - a.1)] {
        if speed == 0.0 && within < 0.0 {
            return None;
        }
        if speed < 0.0 {
            enter = enter.max(within / speed);
        } else if speed > 0.0 {
            leave = leave.min(within / speed);
        }
    }
    let at = |t: f64| (a.0 + t * d.0, a.1 + t * d.1);
    let (from, to) =
        (if enter > 0.0 { at(enter) } else { a }, if leave < 1.0 { at(leave) } else { b });
    (enter <= leave).then_some((from, to))
}

/// The line without the points that nobody can see: of those that follow each other in one column
/// of half a pixel, only the first, the extremes and the last are kept.
fn thinned(line: &[Point]) -> Vec<Point> {
    let mut kept = Vec::new();
    for column in line.chunk_by(|a, b| (a.0 * 2.0).floor() == (b.0 * 2.0).floor()) {
        let mut wanted = [0, 0, 0, column.len() - 1];
        for (i, point) in column.iter().enumerate() {
            if point.1 < column[wanted[1]].1 {
                wanted[1] = i;
            }
            if point.1 > column[wanted[2]].1 {
                wanted[2] = i;
            }
        }
        wanted.sort_unstable();
        let mut last = usize::MAX;
        for i in wanted {
            if i != last {
                kept.push(column[i]);
            }
            last = i;
        }
    }
    kept
}
