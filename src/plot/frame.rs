//! What stands around a chart: lines, axes, numbers and labels.

use std::vec::Vec;

use super::axis::Ruler;
use super::canvas::{Drawn, Font, line_height};
use super::colour::{AXIS, FAINT, GRID};
use super::panels::Plot;
use super::text::{shorten, widest, width};
use super::ticks::TICK_FONT;

const TICK: f64 = 4.0;
const LABEL_FONT: f64 = 12.0;

/// The width of the numbers of a vertical axis.
pub(super) fn numbers_width(ruler: &Ruler) -> f64 {
    let texts: Vec<&str> = ruler.ticks.iter().map(|(_, text)| text.as_str()).collect();
    widest(&texts, TICK_FONT)
}

/// How far the last number of a horizontal axis may reach beyond its end.
pub(super) fn overhang(ruler: &Ruler) -> f64 {
    ruler.ticks.last().map_or(0.0, |(_, text)| width(text, TICK_FONT) / 2.0 + 2.0)
}

/// What numbers of this width and perhaps a label need to the left of the axes.
pub(super) fn left_room(numbers_width: f64, label: bool) -> f64 {
    2.0 * TICK + numbers_width + label_room(label)
}

/// What numbers and perhaps a label need below the axes.
pub(super) fn bottom_room(label: bool) -> f64 {
    2.0 * TICK + line_height(TICK_FONT) + label_room(label)
}

fn label_room(label: bool) -> f64 {
    if label { line_height(LABEL_FONT) + 4.0 } else { 0.0 }
}

/// The lines behind the data.
pub(super) fn grid(plot: &Plot) -> Drawn {
    let x = |at, colour| plot.canvas.line(&[plot.at((at, 0.0)), plot.at((at, 1.0))], colour, 1.0);
    let y = |at, colour| plot.canvas.line(&[plot.at((0.0, at)), plot.at((1.0, at))], colour, 1.0);
    plot.x.minor.iter().try_for_each(|&at| x(at, FAINT))?;
    plot.y.minor.iter().try_for_each(|&at| y(at, FAINT))?;
    plot.x.ticks.iter().try_for_each(|&(at, _)| x(at, GRID))?;
    plot.y.ticks.iter().try_for_each(|&(at, _)| y(at, GRID))
}

/// The axes with their ticks, numbers and labels, over the data.
pub(super) fn axes(plot: &Plot, (x_label, y_label): (bool, bool), numbers_room: f64) -> Drawn {
    let canvas = plot.canvas;
    let corner = plot.at((0.0, 0.0));
    canvas.line(&[plot.at((0.0, 1.0)), corner, plot.at((1.0, 0.0))], AXIS, 1.0)?;
    for (at, text) in &plot.x.ticks {
        let (x, y) = plot.at((*at, 0.0));
        canvas.line(&[(x, y), (x, y + TICK)], AXIS, 1.0)?;
        let font = Font::new(TICK_FONT).below();
        canvas.text(text, (x, y + 2.0 * TICK), font)?;
    }
    for (at, text) in &plot.y.ticks {
        let (x, y) = plot.at((0.0, *at));
        canvas.line(&[(x - TICK, y), (x, y)], AXIS, 1.0)?;
        let font = Font::new(TICK_FONT).until();
        canvas.text(text, (x - 2.0 * TICK, y), font)?;
    }
    if x_label {
        let text = shorten(&plot.x.label, LABEL_FONT, plot.size.0);
        let y = corner.1 + 2.0 * TICK + line_height(TICK_FONT) + line_height(LABEL_FONT) / 2.0;
        canvas.text(&text, (plot.at((0.5, 0.0)).0, y), Font::new(LABEL_FONT))?;
    }
    if y_label {
        let text = shorten(&plot.y.label, LABEL_FONT, plot.size.1);
        let x = corner.0 - 2.0 * TICK - numbers_room - line_height(LABEL_FONT) / 2.0 - 2.0;
        let font = Font::new(LABEL_FONT).upwards();
        canvas.text(&text, (x, plot.at((0.0, 0.5)).1), font)?;
    }
    Ok(())
}
