//! Charts with axes, alone or in a grid with one legend.

use std::boxed::Box;
use std::path::Path;
use std::string::String;
use std::vec::Vec;

use plotters::style::text_anchor::{HPos, VPos};

use super::axis::Ruler;
use super::canvas::{Canvas, Drawn, Font, Point, line_height, save};
use super::colour::{AXIS, FAINT, GRID};
use super::error::Result;
use super::legend::{self, Key};
use super::text::{BOLD, shorten, widest, width, wrap};
use super::ticks::TICK_FONT;

const MARGIN: f64 = 14.0;
const GAP: f64 = 16.0;
const TICK: f64 = 4.0;
const LABEL_FONT: f64 = 12.0;
const TITLE_FONT: f64 = 15.0;
const PANEL_FONT: f64 = 12.0;

/// One chart: its axes, its legend, and what is drawn in it.
pub(super) struct Panel<'a> {
    pub title: String,
    pub x: Ruler,
    pub y: Ruler,
    pub keys: Vec<Key>,
    pub draw: Box<dyn Fn(&Plot) -> Drawn + 'a>,
}

/// Where a panel draws: the part of the canvas between its axes.
pub(super) struct Plot<'a, 'c> {
    pub canvas: &'a Canvas<'c>,
    pub left: f64,
    pub top: f64,
    /// Width and height in pixels.
    pub size: (f64, f64),
    pub x: &'a Ruler,
    pub y: &'a Ruler,
}

impl Plot<'_, '_> {
    /// The pixel at shares of the two axes.
    pub fn at(&self, (x, y): Point) -> Point {
        (
            self.left + x * self.size.0,
            self.top + (1.0 - y) * self.size.1,
        )
    }

    /// The place of a point in shares of the two axes, `None` if it has none.
    pub fn place(&self, [x, y]: [f64; 2]) -> Option<Point> {
        Some((self.x.place(x)?, self.y.place(y)?))
    }

    /// The pixel of a point, `None` if the axes do not reach it.
    pub fn pixel(&self, point: [f64; 2]) -> Option<Point> {
        let inside = |share: f64| (-1e-9..1.0 + 1e-9).contains(&share);
        self.place(point)
            .filter(|&(x, y)| inside(x) && inside(y))
            .map(|place| self.at(place))
    }
}

/// A grid of panels, each with `size` pixels between its axes.
pub(super) struct Sheet<'a> {
    pub title: &'a str,
    pub columns: usize,
    pub size: (f64, f64),
    pub panels: Vec<Panel<'a>>,
}

impl Sheet<'_> {
    pub fn save(&self, path: &Path) -> Result<()> {
        let Self {
            columns, panels, ..
        } = self;
        let count = panels.len();
        let rows = count.div_ceil(*columns);

        // A label that all panels share stands only at the outer ones.
        let same_x = panels
            .iter()
            .all(|panel| panel.x.label == panels[0].x.label);
        let same_y = panels
            .iter()
            .all(|panel| panel.y.label == panels[0].y.label);
        let x_label = |i: usize| !panels[i].x.label.is_empty() && (!same_x || i + columns >= count);
        let y_label = |i: usize| !panels[i].y.label.is_empty() && (!same_y || i.is_multiple_of(*columns));
        let label_room = line_height(LABEL_FONT) + 4.0;
        let numbers_room = panels
            .iter()
            .map(|panel| numbers_width(&panel.y))
            .fold(0.0, f64::max);
        let left_room = |column: usize| {
            let labelled = (column..count).step_by(*columns).any(y_label);
            2.0 * TICK + numbers_room + if labelled { label_room } else { 0.0 }
        };
        let below = |row: usize| {
            let labelled = (row * columns..count.min((row + 1) * columns)).any(x_label);
            2.0 * TICK + line_height(TICK_FONT) + if labelled { label_room } else { 0.0 }
        };
        let right_room = panels
            .iter()
            .map(|panel| last_half(&panel.x))
            .fold(0.0, f64::max);

        // So does a legend: it stands once, under the title.
        let shared = panels.iter().all(|panel| panel.keys == panels[0].keys);
        let lefts: Vec<f64> = (0..*columns)
            .scan(MARGIN, |x, column| {
                let left = *x + left_room(column);
                *x = left + self.size.0 + right_room.max(GAP);
                Some(left)
            })
            .collect();
        let width = lefts[columns - 1] + self.size.0 + right_room.max(MARGIN);
        let title = wrap(self.title, TITLE_FONT * BOLD, width - 2.0 * MARGIN, 4);
        let keys = if shared {
            legend::rows(&panels[0].keys, width - lefts[0] - MARGIN)
        } else {
            Vec::new()
        };
        let own_keys = |panel: &Panel| {
            if shared {
                Vec::new()
            } else {
                legend::rows(&panel.keys, self.size.0)
            }
        };
        let titles =
            |panel: &Panel| wrap(&panel.title, PANEL_FONT * BOLD, self.size.0 + right_room, 3);

        let mut top = MARGIN + title.len() as f64 * line_height(TITLE_FONT);
        if !title.is_empty() {
            top += 4.0;
        }
        let keys_top = top;
        top += keys.len() as f64 * legend::ROW;
        if !keys.is_empty() && panels.iter().any(|panel| !panel.title.is_empty()) {
            top += 6.0;
        }
        let tops: Vec<(f64, f64)> = (0..rows)
            .scan(top, |y, row| {
                let panels = &panels[row * columns..count.min((row + 1) * columns)];
                let lines = panels
                    .iter()
                    .map(|panel| titles(panel).len())
                    .max()
                    .unwrap_or(0);
                let keys = panels
                    .iter()
                    .map(|panel| own_keys(panel).len())
                    .max()
                    .unwrap_or(0);
                let head = lines as f64 * line_height(PANEL_FONT) + keys as f64 * legend::ROW;
                let (start, plot) = (*y, *y + head + 6.0);
                *y = plot + self.size.1 + below(row) + GAP / 2.0;
                Some((start, plot))
            })
            .collect();
        let height = tops[rows - 1].1 + self.size.1 + below(rows - 1) + MARGIN / 2.0;

        save(path, (width.ceil(), height.ceil()), |canvas| {
            let font = Font {
                bold: true,
                ..Font::new(TITLE_FONT)
            };
            canvas.text_lines(&title, (width / 2.0, MARGIN), font)?;
            legend::draw(canvas, &keys, (lefts[0], keys_top))?;
            for (i, panel) in panels.iter().enumerate() {
                let (start, top) = tops[i / columns];
                let left = lefts[i % columns];
                let plot = Plot {
                    canvas,
                    left,
                    top,
                    size: self.size,
                    x: &panel.x,
                    y: &panel.y,
                };
                let lines = titles(panel);
                let font = Font {
                    bold: true,
                    ..Font::new(PANEL_FONT)
                };
                canvas.text_lines(&lines, (left + self.size.0 / 2.0, start), font)?;
                let keys_top = start + lines.len() as f64 * line_height(PANEL_FONT);
                legend::draw(canvas, &own_keys(panel), (left, keys_top))?;
                grid(&plot)?;
                (panel.draw)(&plot)?;
                axes(&plot, (x_label(i), y_label(i)), numbers_room)?;
            }
            Ok(())
        })
    }
}

fn numbers_width(ruler: &Ruler) -> f64 {
    let texts: Vec<&str> = ruler.ticks.iter().map(|(_, text)| text.as_str()).collect();
    widest(&texts, TICK_FONT)
}

/// How far the last number of a horizontal axis may reach beyond its end.
fn last_half(ruler: &Ruler) -> f64 {
    ruler
        .ticks
        .last()
        .map_or(0.0, |(_, text)| width(text, TICK_FONT) / 2.0 + 2.0)
}

/// The lines behind the data.
fn grid(plot: &Plot) -> Drawn {
    let x = |at, colour| {
        plot.canvas
            .line(&[plot.at((at, 0.0)), plot.at((at, 1.0))], colour, 1.0)
    };
    let y = |at, colour| {
        plot.canvas
            .line(&[plot.at((0.0, at)), plot.at((1.0, at))], colour, 1.0)
    };
    plot.x.minor.iter().try_for_each(|&at| x(at, FAINT))?;
    plot.y.minor.iter().try_for_each(|&at| y(at, FAINT))?;
    plot.x.ticks.iter().try_for_each(|&(at, _)| x(at, GRID))?;
    plot.y.ticks.iter().try_for_each(|&(at, _)| y(at, GRID))
}

/// The axes with their ticks, numbers and labels, over the data.
fn axes(plot: &Plot, (x_label, y_label): (bool, bool), numbers_room: f64) -> Drawn {
    let canvas = plot.canvas;
    let corner = plot.at((0.0, 0.0));
    canvas.line(
        &[plot.at((0.0, 1.0)), corner, plot.at((1.0, 0.0))],
        AXIS,
        1.0,
    )?;
    for (at, text) in &plot.x.ticks {
        let (x, y) = plot.at((*at, 0.0));
        canvas.line(&[(x, y), (x, y + TICK)], AXIS, 1.0)?;
        let font = Font {
            v: VPos::Top,
            ..Font::new(TICK_FONT)
        };
        canvas.text(text, (x, y + 2.0 * TICK), font)?;
    }
    for (at, text) in &plot.y.ticks {
        let (x, y) = plot.at((0.0, *at));
        canvas.line(&[(x - TICK, y), (x, y)], AXIS, 1.0)?;
        let font = Font {
            h: HPos::Right,
            ..Font::new(TICK_FONT)
        };
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
        let font = Font {
            upwards: true,
            ..Font::new(LABEL_FONT)
        };
        canvas.text(&text, (x, plot.at((0.0, 0.5)).1), font)?;
    }
    Ok(())
}
