//! Charts with axes, alone or in a grid with one legend.

use std::boxed::Box;
use std::path::Path;
use std::string::String;
use std::vec::Vec;

use super::axis::Ruler;
use super::canvas::{Canvas, Drawn, Font, Point, line_height, save};
use super::error::Result;
use super::frame;
use super::legend::{self, Key};
use super::text::{BOLD, wrap};

const MARGIN: f64 = 14.0;
const GAP: f64 = 16.0;
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
        (self.left + x * self.size.0, self.top + (1.0 - y) * self.size.1)
    }

    /// The place of a point in shares of the two axes, `None` if it has none.
    pub fn place(&self, [x, y]: [f64; 2]) -> Option<Point> {
        Some((self.x.place(x)?, self.y.place(y)?))
    }

    /// The pixel of a point, `None` if the axes do not reach it.
    pub fn pixel(&self, point: [f64; 2]) -> Option<Point> {
        let inside = |share: f64| (-1e-9..1.0 + 1e-9).contains(&share);
        self.place(point).filter(|&(x, y)| inside(x) && inside(y)).map(|place| self.at(place))
    }
}

/// A grid of panels, each with `size` pixels between its axes.
pub(super) struct Sheet<'a> {
    pub title: &'a str,
    pub columns: usize,
    pub size: (f64, f64),
    pub panels: Vec<Panel<'a>>,
}

/// What stands above a panel, in lines.
struct Head {
    title: Vec<String>,
    keys: Vec<Vec<Key>>,
}

impl Head {
    fn height(&self) -> f64 {
        self.title.len() as f64 * line_height(PANEL_FONT) + self.keys.len() as f64 * legend::ROW
    }
}

impl Sheet<'_> {
    pub fn save(&self, path: &Path) -> Result<()> {
        let (columns, panels) = (self.columns, &self.panels);
        let all =
            |same: &dyn Fn(&Panel, &Panel) -> bool| panels.iter().all(|p| same(p, &panels[0]));

        // A label that all panels share stands only at the outer ones; so does a legend, which then
        // stands once, under the title.
        let same_x = all(&|a, b| a.x.label == b.x.label);
        let same_y = all(&|a, b| a.y.label == b.y.label);
        let labelled = |i: usize| {
            let x = !same_x || i + columns >= panels.len();
            let y = !same_y || i.is_multiple_of(columns);
            (x && !panels[i].x.label.is_empty(), y && !panels[i].y.label.is_empty())
        };
        let shared_keys = all(&|a, b| a.keys == b.keys);
        let numbers = greatest(panels, |panel| frame::numbers_width(&panel.y));
        let overhang = greatest(panels, |panel| frame::overhang(&panel.x));

        // From left to right.
        let mut lefts = Vec::new();
        let mut width = MARGIN;
        for column in 0..columns {
            let label = (column..panels.len()).step_by(columns).any(|i| labelled(i).1);
            lefts.push(width + frame::left_room(numbers, label));
            width = lefts[column] + self.size.0 + overhang.max(GAP);
        }
        let width = lefts[columns - 1] + self.size.0 + overhang.max(MARGIN);

        // From top to bottom.
        let title = wrap(self.title, TITLE_FONT * BOLD, width - 2.0 * MARGIN, 4);
        let keys = if shared_keys { panels[0].keys.as_slice() } else { &[] };
        let keys = legend::rows(keys, width - lefts[0] - MARGIN);
        let head = |panel: &Panel| Head {
            title: wrap(&panel.title, PANEL_FONT * BOLD, self.size.0 + overhang, 3),
            keys: legend::rows(if shared_keys { &[] } else { &panel.keys }, self.size.0),
        };
        let heads: Vec<Head> = panels.iter().map(head).collect();
        let keys_top = match title.len() {
            0 => MARGIN,
            lines => MARGIN + lines as f64 * line_height(TITLE_FONT) + 4.0,
        };
        let mut height = keys_top + keys.len() as f64 * legend::ROW + 4.0;
        let mut tops = Vec::new();
        for (row, heads) in heads.chunks(columns).enumerate() {
            let top = height + greatest(heads, Head::height) + 4.0;
            tops.push((height, top));
            let label = (row * columns..).take(heads.len()).any(|i| labelled(i).0);
            height = top + self.size.1 + frame::bottom_room(label) + GAP / 2.0;
        }

        save(path, (width.ceil(), height.ceil()), |canvas| {
            canvas.text_lines(&title, (width / 2.0, MARGIN), Font::new(TITLE_FONT).bold())?;
            legend::draw(canvas, &keys, (lefts[0], keys_top))?;
            for (i, (panel, head)) in panels.iter().zip(&heads).enumerate() {
                let (left, (head_top, top)) = (lefts[i % columns], tops[i / columns]);
                let middle = left + self.size.0 / 2.0;
                canvas.text_lines(&head.title, (middle, head_top), Font::new(PANEL_FONT).bold())?;
                let keys_top = head_top + head.title.len() as f64 * line_height(PANEL_FONT);
                legend::draw(canvas, &head.keys, (left, keys_top))?;
                let (x, y) = (&panel.x, &panel.y);
                let plot = Plot { canvas, left, top, size: self.size, x, y };
                frame::grid(&plot)?;
                (panel.draw)(&plot)?;
                frame::axes(&plot, labelled(i), numbers)?;
            }
            Ok(())
        })
    }
}

fn greatest<T>(items: &[T], measure: impl Fn(&T) -> f64) -> f64 {
    items.iter().map(measure).fold(0.0, f64::max)
}
