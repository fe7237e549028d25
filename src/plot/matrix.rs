//! A matrix as a grid of coloured cells with labelled rows and columns.

use std::path::Path;
use std::string::String;
use std::vec::Vec;

use plotters::style::RGBColor;

use super::canvas::{Canvas, Drawn, Font, Point, line_height, save};
use super::colour::{AXIS, blues, ink_on};
use super::error::Result;
use super::text::{BOLD, number, shorten, widest, width, wrap};

const MARGIN: f64 = 14.0;
const TITLE_FONT: f64 = 15.0;
const AXIS_FONT: f64 = 12.0;
const LABEL_FONT: f64 = 11.0;
/// The longest label is shortened to this.
const LABEL_ROOM: f64 = 180.0;
const BAR: f64 = 12.0;

pub(super) struct Matrix<'a> {
    pub title: &'a str,
    /// What stands under the title, smaller.
    pub note: String,
    /// What the rows and the columns are.
    pub sides: (&'a str, &'a str),
    pub rows: Vec<&'a str>,
    pub columns: Vec<&'a str>,
    /// The colour of each cell, row by row, and what is written in it.
    pub cells: Vec<(RGBColor, String)>,
    /// The values that the colours stand for, from white to dark; none for no scale.
    pub scale: Option<(f64, f64)>,
}

impl Matrix<'_> {
    pub fn save(&self, path: &Path) -> Result<()> {
        let Self { rows, columns, sides, .. } = self;
        // Small matrices get large cells, and numbers get room, within reason.
        let numbers: Vec<&str> = self.cells.iter().map(|(_, text)| text.as_str()).collect();
        let wanted: f64 =
            if self.cells.iter().any(|(_, text)| !text.is_empty()) { 34.0 } else { 22.0 };
        let room = (1000.0 / columns.len().max(rows.len()) as f64).floor();
        let cell = wanted.max(widest(&numbers, LABEL_FONT) + 8.0).min(room).max(4.0);

        let shorter = |label: &&str| match *label {
            " " => "␣".into(),
            label => shorten(label, LABEL_FONT, LABEL_ROOM),
        };
        let row_labels: Vec<String> = rows.iter().map(shorter).collect();
        let column_labels: Vec<String> = columns.iter().map(shorter).collect();
        let row_room = widest(&row_labels, LABEL_FONT) + 8.0;
        let turned = widest(&column_labels, LABEL_FONT) > cell - 2.0;
        let column_room = match turned {
            true => widest(&column_labels, LABEL_FONT) + 8.0,
            false => line_height(LABEL_FONT) + 4.0,
        };
        let side_room = |side: &str| {
            if side.is_empty() { 0.0 } else { line_height(AXIS_FONT) + 2.0 }
        };

        let left = MARGIN + side_room(sides.0) + row_room;
        let size = (columns.len() as f64 * cell, rows.len() as f64 * cell);
        let ends = self.scale.map(|(lo, hi)| {
            [hi, lo].map(|end| number(end, (hi - lo) / 100.0, lo.abs().max(hi.abs())))
        });
        let scale_room =
            ends.as_ref().map_or(0.0, |ends| 16.0 + BAR + 6.0 + widest(ends, LABEL_FONT));
        let sheet_width = (left + size.0 + scale_room + MARGIN).max(240.0).ceil();
        let room = sheet_width - 2.0 * MARGIN;
        let title = wrap(self.title, TITLE_FONT * BOLD, room, 4);
        let note = wrap(&self.note, AXIS_FONT, room, 2);
        let note_top = MARGIN + title.len() as f64 * line_height(TITLE_FONT);
        let head = note_top + note.len() as f64 * line_height(AXIS_FONT);
        let top = if head > MARGIN { head + 8.0 } else { MARGIN };
        let end = (left + size.0, top + size.1);
        let sheet_height = end.1 + column_room + side_room(sides.1) + MARGIN;

        save(path, (sheet_width, sheet_height.ceil()), |canvas| {
            let font = Font::new(TITLE_FONT).bold();
            canvas.text_lines(&title, (sheet_width / 2.0, MARGIN), font)?;
            canvas.text_lines(&note, (sheet_width / 2.0, note_top), Font::new(AXIS_FONT))?;
            for (i, (colour, text)) in self.cells.iter().enumerate() {
                let (row, column) = (i / columns.len(), i % columns.len());
                let corner = (left + column as f64 * cell, top + row as f64 * cell);
                draw_cell(canvas, corner, end, cell, (*colour, text))?;
            }
            canvas.outline((left, top), end, AXIS)?;

            // Where cells are smaller than a line of text, only every so many are labelled.
            let stride = (line_height(LABEL_FONT) / cell).ceil() as usize;
            let font = Font::new(LABEL_FONT).until();
            for (i, label) in row_labels.iter().enumerate().step_by(stride) {
                canvas.text(label, (left - 6.0, top + (i as f64 + 0.5) * cell), font)?;
            }
            let font = match turned {
                true => Font::new(LABEL_FONT).until().upwards(),
                false => Font::new(LABEL_FONT).below(),
            };
            for (i, label) in column_labels.iter().enumerate().step_by(stride) {
                canvas.text(label, (left + (i as f64 + 0.5) * cell, end.1 + 6.0), font)?;
            }
            let middle = (left + size.0 / 2.0, top + size.1 / 2.0);
            let rows_at = (MARGIN + line_height(AXIS_FONT) / 2.0, middle.1);
            let upwards = Font::new(AXIS_FONT).upwards();
            canvas.text(
                &shorten(sides.0, AXIS_FONT, around(middle.1, sheet_height)),
                rows_at,
                upwards,
            )?;
            let columns_at = (middle.0, end.1 + column_room + line_height(AXIS_FONT) / 2.0);
            canvas.text(
                &shorten(sides.1, AXIS_FONT, around(middle.0, sheet_width)),
                columns_at,
                Font::new(AXIS_FONT),
            )?;
            match &ends {
                Some(ends) => draw_scale(canvas, (end.0 + 16.0, top), size.1, ends),
                None => Ok(()),
            }
        })
    }
}

/// The room for a text centred at `middle` on a sheet that ends at `end`.
fn around(middle: f64, end: f64) -> f64 {
    2.0 * (middle.min(end - middle) - MARGIN)
}

/// Draws the cell whose upper left corner is `(x, y)`, in a matrix that ends at `end`.
fn draw_cell(
    canvas: &Canvas,
    (x, y): Point,
    end: Point,
    cell: f64,
    (colour, text): (RGBColor, &str),
) -> Drawn {
    if cell >= 12.0 {
        canvas.cell((x + 0.5, y + 0.5), (x + cell - 0.5, y + cell - 0.5), colour)?;
    } else {
        // Over the next cells, which are drawn later: thus no seams show however a viewer scales.
        let to = ((x + 2.0 * cell).min(end.0), (y + 2.0 * cell).min(end.1));
        canvas.cell((x, y), to, colour)?;
    }
    let fitting = LABEL_FONT.min(LABEL_FONT * (cell - 3.0) / width(text, LABEL_FONT));
    if text.is_empty() || fitting < 5.0 {
        return Ok(());
    }
    let ink = if text == "0" { AXIS } else { ink_on(colour) };
    canvas.text(text, (x + cell / 2.0, y + cell / 2.0), Font::new(fitting).colour(ink))
}

/// The scale of colours, dark at the top, with the values at its two ends.
fn draw_scale(canvas: &Canvas, (x, y): Point, height: f64, ends: &[String; 2]) -> Drawn {
    let steps = 64;
    let height = height.clamp(40.0, 240.0);
    for i in 0..steps {
        let top = y + height * f64::from(i) / f64::from(steps);
        let colour = blues(1.0 - (f64::from(i) + 0.5) / f64::from(steps));
        canvas.cell((x, top), (x + BAR, (top + height / 40.0).min(y + height)), colour)?;
    }
    canvas.outline((x, y), (x + BAR, y + height), AXIS)?;
    let font = Font::new(LABEL_FONT).from();
    canvas.text(&ends[0], (x + BAR + 5.0, y + 6.0), font)?;
    canvas.text(&ends[1], (x + BAR + 5.0, y + height - 6.0), font)
}
