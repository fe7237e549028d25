//! Small gray images.

use std::path::Path;

use kuva::render::color::Color;
use kuva::render::render::{Primitive, Scene};
use kuva::render::render_utils::wrap_text;

use super::axis::extremes;
use super::error::{Error, Result};
use super::svg::{fitting, mosaic, save, text};

const MARGIN: f64 = 14.0;
const GAP: f64 = 10.0;

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

/// How images are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Images {
    /// How many stand side by side; 0 for up to ten.
    pub columns: usize,
    /// Whether great values are dark, as ink on paper, rather than bright.
    pub inverted: bool,
}

/// Draws blocks of gray images, each block under its title. The least and the greatest value of
/// each image are black and white; a pixel that is not finite is orange.
///
/// ```
/// use formwork::plot::{self, Images, Picture};
///
/// let filter = |angle: f32| {
///     let pixel = |i: usize| (i % 5) as f32 * angle.cos() + (i / 5) as f32 * angle.sin();
///     Picture::new("", (5, 5), &(0..25).map(pixel).collect::<Vec<f32>>())
/// };
/// let filters: Vec<Picture> = (0..8).map(|i| filter(i as f32)).collect();
/// let path = std::env::temp_dir().join("formwork-filters.svg");
/// plot::images(path, &[("Filters", &filters)], &Images::default())?;
/// # Ok::<(), plot::Error>(())
/// ```
///
/// # Errors
/// If there is no image, an image has not `height * width` pixels or none at all, or the file
/// cannot be written.
pub fn images(
    path: impl AsRef<Path>,
    blocks: &[(&str, &[Picture])],
    options: &Images,
) -> Result<()> {
    let path = path.as_ref();
    let all = || blocks.iter().flat_map(|(_, pictures)| *pictures);
    for Picture { caption, height, width, pixels } in all() {
        let found = pixels.len();
        if found == 0 || height.checked_mul(*width) != Some(found) {
            let reason = format!(
                "image \"{caption}\" of {height} x {width} pixels was given {found} values"
            );
            return Err(Error::input(path, reason));
        }
    }
    let Some(width) = all().map(|picture| picture.width).max() else {
        return Err(Error::input(path, "there is nothing to draw: no image was given"));
    };
    let side = all().map(|picture| picture.height).fold(width, usize::max);
    // Whole pixels, so that no image is blurred; small ones are magnified more.
    let zoom = (84.0 / side as f64).round().clamp(1.0, 14.0);
    let cell = (width as f64 * zoom).max(40.0) + GAP;
    let longest = blocks.iter().map(|(_, pictures)| pictures.len()).max().unwrap_or(1);
    let columns = if options.columns == 0 { 10 } else { options.columns }.min(longest);
    let width = (columns as f64 * cell - GAP + 2.0 * MARGIN).max(260.0).ceil();

    let mut scene = Scene::new(width, 0.0);
    let mut y = MARGIN;
    for (title, pictures) in blocks.iter().filter(|(_, pictures)| !pictures.is_empty()) {
        y += write(&mut scene, title, (width / 2.0, y), 15, width - 2.0 * MARGIN);
        let left = (width - columns.min(pictures.len()) as f64 * cell + GAP) / 2.0;
        for row in pictures.chunks(columns) {
            let tallest = row.iter().map(|picture| picture.height).max().unwrap_or(0) as f64 * zoom;
            let mut room = GAP;
            for (i, picture) in row.iter().enumerate() {
                let middle = left + i as f64 * cell + (cell - GAP) / 2.0;
                let [width, height] = [picture.width, picture.height].map(|n| n as f64 * zoom);
                let area = [(middle - width / 2.0).floor(), y + tallest - height, width, height];
                draw(&mut scene, picture, area, options.inverted);
                let below = (middle, y + tallest + 2.0);
                room = room.max(write(&mut scene, &picture.caption, below, 11, cell - 4.0));
            }
            y += tallest + room;
        }
        y += GAP;
    }
    scene.height = y.ceil();
    save(path, scene, &[])
}

/// Writes lines centred at `x` from `top` down, and gives the height that they take.
fn write(scene: &mut Scene, content: &str, (x, top): (f64, f64), size: u32, room: f64) -> f64 {
    let lines = wrap_text(content, fitting(content, f64::from(size), room));
    let lines = lines.iter().take(3).filter(|line| !line.is_empty());
    let mut y = top;
    for line in lines {
        y += 1.3 * f64::from(size);
        scene.add(text(line, (x, y - 0.4 * f64::from(size)), size));
    }
    if y > top { y - top + GAP } else { 0.0 }
}

/// Draws one image, and a line around it.
fn draw(scene: &mut Scene, picture: &Picture, area: [f64; 4], inverted: bool) {
    let finite = picture.pixels.iter().copied().filter(|pixel| pixel.is_finite());
    let (lo, hi) = extremes(finite).unwrap_or_default();
    let level = |&pixel: &f64| {
        let share = if lo < hi { (pixel - lo) / (hi - lo) } else { 0.5 };
        let share = if inverted { 1.0 - share } else { share };
        pixel.is_finite().then_some((share * 255.0).round() as u8)
    };
    let levels: Vec<Option<u8>> = picture.pixels.iter().map(level).collect();
    let paint = |level| match level {
        Some(level) => (Color::Rgb(level, level, level), 1.0),
        None => ("#f5c39b".into(), 1.0),
    };
    scene.elements.extend(mosaic(&levels, picture.width, area, paint));
    scene.add(Primitive::Rect {
        x: area[0],
        y: area[1],
        width: area[2],
        height: area[3],
        fill: Color::None,
        stroke: Some("#aaaaaa".into()),
        stroke_width: Some(1.0),
        opacity: None,
    });
}
