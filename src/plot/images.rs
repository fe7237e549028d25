//! Small gray images.

use std::format;
use std::path::Path;
use std::string::String;
use std::vec::Vec;

use plotters::style::RGBColor;

use super::canvas::{Canvas, Drawn, Font, Point, line_height, save};
use super::colour::{FRAME, MISSING, gray};
use super::error::{Error, Result};
use super::text::{BOLD, wrap};

const MARGIN: f64 = 14.0;
const GAP: f64 = 10.0;
const TITLE_FONT: f64 = 15.0;
const CAPTION_FONT: f64 = 11.0;

/// A gray image.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    /// The text below it; empty for none.
    pub caption: String,
    /// How many rows of pixels it has.
    pub height: usize,
    /// How many pixels a row has.
    pub width: usize,
    /// The pixels, row by row from the top, each row from the left.
    pub pixels: Vec<f64>,
}

impl Picture {
    /// An image of `height` rows of `width` pixels, given row by row.
    pub fn new<T: Copy + Into<f64>>(
        caption: impl Into<String>,
        (height, width): (usize, usize),
        pixels: &[T],
    ) -> Self {
        let pixels = pixels.iter().map(|&pixel| pixel.into()).collect();
        Self { caption: caption.into(), height, width, pixels }
    }
}

/// Which values are black and white.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Contrast {
    /// The least and the greatest value of each image.
    #[default]
    Each,
    /// The least and the greatest value of all images.
    Shared,
    /// These two.
    Fixed(f64, f64),
}

/// How images are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Images {
    /// How many stand side by side; 0 for up to ten.
    pub columns: usize,
    /// Which values are black and white.
    pub contrast: Contrast,
    /// Whether great values are dark, as ink on paper, rather than bright.
    pub inverted: bool,
}

/// Draws blocks of gray images, each block under its title.
///
/// A pixel that is not finite is orange; an image of one single value is a middle gray.
///
/// ```
/// use formwork::plot::{self, Images, Picture};
///
/// let filter = |angle: f32| {
///     let pixel = |i: usize| (i % 5) as f32 * angle.cos() + (i / 5) as f32 * angle.sin();
///     Picture::new("", (5, 5), &(0..25).map(pixel).collect::<Vec<f32>>())
/// };
/// let before: Vec<Picture> = (0..8).map(|i| filter(i as f32)).collect();
/// let after: Vec<Picture> = (0..8).map(|i| filter(i as f32 * 0.4)).collect();
/// plot::images(
///     std::env::temp_dir().join("formwork-filters.svg"),
///     &[("Before training", &before), ("After training", &after)],
///     &Images { columns: 8, ..Default::default() },
/// )?;
/// # Ok::<(), plot::Error>(())
/// ```
///
/// # Errors
/// If there is no image, an image has not `height * width` pixels or none at all, a fixed contrast
/// is not two finite rising numbers, or the file cannot be written.
pub fn images(
    path: impl AsRef<Path>,
    blocks: &[(&str, &[Picture])],
    options: &Images,
) -> Result<()> {
    let path = path.as_ref();
    let all = || blocks.iter().flat_map(|(_, pictures)| *pictures);
    all().try_for_each(|picture| check(path, picture))?;
    let longest = blocks.iter().map(|(_, pictures)| pictures.len()).max().unwrap_or(0);
    let (Some(height), Some(width)) = (all().map(|p| p.height).max(), all().map(|p| p.width).max())
    else {
        return Err(Error::input(path, "there is nothing to draw: no image was given"));
    };
    let shared = match options.contrast {
        Contrast::Each => None,
        Contrast::Shared => Some(extremes(all().flat_map(|picture| &picture.pixels))),
        Contrast::Fixed(lo, hi) if lo < hi && (hi - lo).is_finite() => Some((lo, hi)),
        Contrast::Fixed(lo, hi) => {
            let reason = format!("a contrast must be two finite rising numbers, not {lo} to {hi}");
            return Err(Error::input(path, reason));
        }
    };

    // Whole pixels, so that no image is blurred; small ones are magnified more.
    let zoom = (84.0 / width.max(height) as f64).round().clamp(1.0, 14.0);
    let cell = (width as f64 * zoom).max(40.0);
    let columns = if options.columns == 0 { 10 } else { options.columns }.min(longest);
    let captions = |picture: &Picture| wrap(&picture.caption, CAPTION_FONT, cell + GAP - 4.0, 3);
    let sheet_width = (columns as f64 * (cell + GAP) - GAP + 2.0 * MARGIN).max(160.0);
    let left = (sheet_width - columns as f64 * (cell + GAP) + GAP) / 2.0;

    // First where everything goes, then how high the sheet is, then the drawing.
    let mut titles = Vec::new();
    let mut places = Vec::new();
    let mut y = MARGIN;
    for (title, pictures) in blocks.iter().filter(|(_, pictures)| !pictures.is_empty()) {
        let lines = wrap(title, TITLE_FONT * BOLD, sheet_width - 2.0 * MARGIN, 4);
        let room = lines.len() as f64 * line_height(TITLE_FONT);
        titles.push((y, lines));
        y += if room > 0.0 { room + 8.0 } else { 0.0 };
        for row in pictures.chunks(columns) {
            let lines = row.iter().map(|picture| captions(picture).len()).max().unwrap_or(0);
            let tallest = row.iter().map(|picture| picture.height).max().unwrap_or(0);
            let bottom = y + tallest as f64 * zoom;
            for (i, picture) in row.iter().enumerate() {
                let middle = left + i as f64 * (cell + GAP) + cell / 2.0;
                places.push((picture, (middle, bottom)));
            }
            y = bottom + GAP + lines as f64 * line_height(CAPTION_FONT);
        }
        y += GAP;
    }
    let sheet_height = y - 2.0 * GAP + MARGIN;

    save(path, (sheet_width.ceil(), sheet_height.ceil()), |canvas| {
        for (top, lines) in &titles {
            let font = Font::new(TITLE_FONT).bold();
            canvas.text_lines(lines, (sheet_width / 2.0, *top), font)?;
        }
        for &(picture, (middle, bottom)) in &places {
            let corner = (
                (middle - picture.width as f64 * zoom / 2.0).floor(),
                bottom - picture.height as f64 * zoom,
            );
            let (lo, hi) = shared.unwrap_or_else(|| extremes(&picture.pixels));
            let colour = |value: f64| match (value - lo) / (hi - lo) {
                _ if !value.is_finite() => MISSING,
                _ if lo >= hi => gray(0.5),
                share if options.inverted => gray(1.0 - share),
                share => gray(share),
            };
            let colours: Vec<_> = picture.pixels.iter().map(|&value| colour(value)).collect();
            draw(canvas, &colours, picture.width, corner, zoom)?;
            canvas.text_lines(
                &captions(picture),
                (middle, bottom + 2.0),
                Font::new(CAPTION_FONT),
            )?;
        }
        Ok(())
    })
}

fn check(path: &Path, picture: &Picture) -> Result<()> {
    let Picture { caption, height, width, pixels } = picture;
    if height.checked_mul(*width) == Some(pixels.len()) && !pixels.is_empty() {
        return Ok(());
    }
    let found = pixels.len();
    let reason =
        format!("image \"{caption}\" of {height} x {width} pixels was given {found} values");
    Err(Error::input(path, reason))
}

/// The least and the greatest finite value.
fn extremes<'a>(values: impl IntoIterator<Item = &'a f64>) -> (f64, f64) {
    let finite = values.into_iter().filter(|value| value.is_finite());
    finite.fold((f64::MAX, f64::MIN), |(lo, hi), &value| (lo.min(value), hi.max(value)))
}

/// Draws one image in rows of `width` pixels, and a line around it.
fn draw(canvas: &Canvas, colours: &[RGBColor], width: usize, corner: Point, zoom: f64) -> Drawn {
    let end = (corner.0 + width as f64 * zoom, corner.1 + (colours.len() / width) as f64 * zoom);
    for (i, row) in colours.chunks(width).enumerate() {
        let top = corner.1 + i as f64 * zoom;
        runs(row).try_for_each(|(from, to, colour)| {
            // Over the next pixels, which are drawn later: thus no seams show however a viewer
            // scales.
            let to = (corner.0 + (to + 1) as f64 * zoom, top + 2.0 * zoom);
            let to = (to.0.min(end.0), to.1.min(end.1));
            canvas.cell((corner.0 + from as f64 * zoom, top), to, colour)
        })?;
    }
    canvas.outline(corner, end, FRAME)
}

/// The runs of equal values in a row: where each starts, where it ends, and its value.
pub(super) fn runs<T: Copy + PartialEq>(row: &[T]) -> impl Iterator<Item = (usize, usize, T)> {
    row.chunk_by(|a, b| a == b).scan(0, |end, run| {
        let start = *end;
        *end += run.len();
        Some((start, *end, run[0]))
    })
}
