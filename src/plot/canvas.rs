//! A sheet of given size in pixels that becomes an SVG file.
//!
//! Axes and layout are this module's own, on top of the elements of plotters: the areas for labels
//! in its charts have fixed sizes, which clips the longer labels, and it takes a text to be as wide
//! as it has bytes.

use std::path::Path;
use std::string::String;
use std::vec::Vec;
use std::{format, fs, io};

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea};
use plotters::element::{Circle, DashedPathElement, PathElement, Polygon, Rectangle};
use plotters::prelude::SVGBackend;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontStyle, FontTransform, IntoFont, RGBColor, TextStyle};

use super::colour::{INK, PAPER};
use super::error::{Error, Result};

/// The backend counts in whole units; four to a pixel keep flat curves from turning into stairs.
const UNITS: f64 = 4.0;

/// The result of putting something on a canvas.
pub(super) type Drawn = std::result::Result<(), DrawingAreaErrorKind<io::Error>>;
/// A point in pixels, from the upper left corner.
pub(super) type Point = (f64, f64);

/// How a text looks, and which of its points is put where.
#[derive(Clone, Copy)]
pub(super) struct Font {
    /// In pixels.
    size: f64,
    bold: bool,
    colour: RGBColor,
    h: HPos,
    v: VPos,
    upwards: bool,
}

impl Font {
    /// Text of this size, its middle at the point given.
    pub const fn new(size: f64) -> Self {
        let (h, v) = (HPos::Center, VPos::Center);
        Self { size, bold: false, colour: INK, h, v, upwards: false }
    }

    pub const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub const fn colour(self, colour: RGBColor) -> Self {
        Self { colour, ..self }
    }

    /// The point given is where the text starts.
    pub const fn from(self) -> Self {
        Self { h: HPos::Left, ..self }
    }

    /// The point given is where the text ends.
    pub const fn until(self) -> Self {
        Self { h: HPos::Right, ..self }
    }

    /// The point given is above the text.
    pub const fn below(self) -> Self {
        Self { v: VPos::Top, ..self }
    }

    pub const fn upwards(self) -> Self {
        Self { upwards: true, ..self }
    }
}

pub(super) struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
}

/// Has `draw` fill a canvas of `width` by `height` pixels, and writes it to `path`.
pub(super) fn save(
    path: &Path,
    (width, height): (f64, f64),
    draw: impl FnOnce(&Canvas) -> Drawn,
) -> Result<()> {
    let mut svg = String::new();
    let (columns, rows) = (unit(width), unit(height));
    {
        let backend = SVGBackend::with_string(&mut svg, (columns as u32, rows as u32));
        let canvas = Canvas { area: backend.into_drawing_area() };
        canvas
            .area
            .fill(&PAPER)
            .and_then(|()| draw(&canvas))
            .and_then(|()| canvas.area.present())
            .map_err(|error| Error::write(path, io::Error::other(format!("{error}"))))?;
    }
    // The backend's own opening tag knows neither of the scale nor of round joins, without which
    // noisy curves grow thorns.
    let content = svg.split_once('>').map_or("", |(_, content)| content);
    // A third of an image's bytes would say what goes without saying. (Quotes in texts are
    // escaped.)
    let content = content.replace(" opacity=\"1\"", "").replace(" stroke=\"none\"", "");
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {columns} {rows}\" stroke-linejoin=\"round\">{content}"
    );
    fs::write(path, svg).map_err(|error| Error::write(path, error))
}

impl Canvas<'_> {
    /// A line through `points`, `width` pixels wide.
    pub fn line(&self, points: &[Point], colour: RGBColor, width: f64) -> Drawn {
        let points: Vec<_> = points.iter().map(|&p| units(p)).collect();
        self.area.draw(&PathElement::new(points, colour.stroke_width(unit(width) as u32)))
    }

    /// A line through `points` in dashes and gaps of `dash` pixels.
    pub fn dashes(&self, points: &[Point], colour: RGBColor, width: f64, dash: f64) -> Drawn {
        let points: Vec<_> = points.iter().map(|&p| units(p)).collect();
        let style = colour.stroke_width(unit(width) as u32);
        self.area.draw(&DashedPathElement::new(points, unit(dash), unit(dash * 0.7), style))
    }

    /// A filled polygon.
    pub fn polygon(&self, corners: &[Point], colour: RGBColor) -> Drawn {
        let corners: Vec<_> = corners.iter().map(|&p| units(p)).collect();
        self.area.draw(&Polygon::new(corners, colour))
    }

    /// A filled circle.
    pub fn circle(&self, centre: Point, radius: f64, colour: RGBColor) -> Drawn {
        self.area.draw(&Circle::new(units(centre), unit(radius), colour.filled()))
    }

    /// A filled rectangle between two opposite corners.
    pub fn cell(&self, from: Point, to: Point, colour: RGBColor) -> Drawn {
        self.area.draw(&Rectangle::new([units(from), units(to)], colour.filled()))
    }

    /// The outline of a rectangle, one pixel wide.
    pub fn outline(&self, (x0, y0): Point, (x1, y1): Point, colour: RGBColor) -> Drawn {
        self.line(&[(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)], colour, 1.0)
    }

    /// One line of text.
    pub fn text(&self, text: &str, at: Point, font: Font) -> Drawn {
        // plotters writes its font sizes divided by 1.24.
        let style = ("Helvetica, Arial, sans-serif", font.size * UNITS * 1.24)
            .into_font()
            .style(if font.bold { FontStyle::Bold } else { FontStyle::Normal })
            .transform(if font.upwards { FontTransform::Rotate270 } else { FontTransform::None });
        let style = TextStyle::from(style).color(&font.colour).pos(Pos::new(font.h, font.v));
        // Control characters may not stand in XML, not even escaped.
        let text: String =
            text.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect();
        self.area.draw_text(&text, &style, units(at))
    }

    /// Lines of text from `top` down, each centred on or starting at `x`, as `font` says.
    pub fn text_lines(&self, lines: &[String], (x, top): Point, font: Font) -> Drawn {
        for (i, line) in lines.iter().enumerate() {
            self.text(line, (x, top + (i as f64 + 0.5) * line_height(font.size)), font)?;
        }
        Ok(())
    }
}

/// The height of a line of text of this size.
pub(super) fn line_height(size: f64) -> f64 {
    (size * 1.3).ceil()
}

fn unit(pixels: f64) -> i32 {
    (pixels * UNITS).round() as i32
}

fn units((x, y): Point) -> (i32, i32) {
    (unit(x), unit(y))
}
