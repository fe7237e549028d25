//! What pictures are made of beside what kuva draws, and the way to a file.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;
use std::iter::once;
use std::mem::take;
use std::path::Path;

use kuva::backend::svg::SvgBackend;
use kuva::render::color::Color;
use kuva::render::render::{PathData, Primitive, Scene, TextAnchor};

use super::chart::Ground;
use super::error::{Error, Result};
use crate::files::replace;

/// The colour of text.
pub(super) const INK: &str = "#222222";

/// `text`, cut and ended by an ellipsis if it has more than so many characters.
pub(super) fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.into(),
        Some(_) => text.chars().take(most.saturating_sub(1)).chain(['…']).collect(),
    }
}

/// How many characters of `text` have room in so many pixels, at this size of the font. An SVG names
/// its fonts without knowing them, so this is an estimate for a wide one.
pub(super) fn fitting(text: &str, size: f64, pixels: f64) -> usize {
    let em = if text.chars().any(|c| c >= '\u{1100}') { 1.0 } else { 0.62 };
    (pixels / (em * size)).max(1.0) as usize
}

/// Writes a scene to a file, with what is drawn under the plots of each chart.
pub(super) fn save(path: &Path, mut scene: Scene, grounds: &[Ground]) -> Result<()> {
    scene.font_family = Some("DejaVu Sans, Verdana, Arial, sans-serif".into());
    scene.text_color = Some(INK.into());
    // kuva sets titles close to the edge.
    scene.height += 8.0;
    let mut elements = vec![group("translate(0,8)".into(), None)];
    let mut charts = 0;
    for mut element in take(&mut scene.elements) {
        let mut ground = Vec::new();
        // The plots of a chart begin with this.
        if let Primitive::ClipStart { x, y, width, height, id } = &mut element {
            ground = grounds[charts]([*x, *y, *width, *height]);
            // kuva numbers them by how many there were since the program began.
            let name = format!("chart-{charts}");
            scene.defs[charts] = scene.defs[charts].replace(id.as_str(), &name);
            *id = name;
            charts += 1;
        }
        elements.extend(once(element).chain(ground));
    }
    elements.push(Primitive::GroupEnd);
    for element in &mut elements {
        if let Primitive::Text { content, .. } = element {
            // Control characters may not stand in XML, not even escaped, and what stands between
            // two dollar signs kuva takes for a formula.
            *content = content.replace(char::is_control, "\u{FFFD}").replace('$', "\\$");
        }
    }
    scene.elements = elements;
    // Without the first of these the picture cannot be scaled, without the second noisy curves grow
    // thorns.
    let (width, height) = (scene.width.ceil(), scene.height.ceil());
    (scene.width, scene.height) = (width, height);
    let tag = format!("<svg viewBox=\"0 0 {width} {height}\" stroke-linejoin=\"round\"");
    let svg = SvgBackend::new().render_scene(&scene).replacen("<svg", &tag, 1);
    replace(path, |file| file.write_all(svg.as_bytes())).map_err(|error| Error::write(path, error))
}

/// The start of a group of elements.
fn group(transform: String, extra_attrs: Option<String>) -> Primitive {
    Primitive::GroupStart { transform: Some(transform), title: None, extra_attrs }
}

/// A line of text, centred at `x` on the base line `y`.
pub(super) fn text(content: &str, (x, y): (f64, f64), size: u32) -> Primitive {
    Primitive::Text {
        x,
        y,
        content: content.into(),
        size,
        anchor: TextAnchor::Middle,
        rotate: None,
        bold: false,
        color: None,
    }
}

/// Cells, row by row from the upper left corner, in the colours and opacities of their kinds.
pub(super) fn mosaic<K: Copy + Ord>(
    cells: &[K],
    columns: usize,
    [left, top, width, height]: [f64; 4],
    paint: impl Fn(K) -> (Color, f64),
) -> Vec<Primitive> {
    // One path for each kind, in which each run of equal cells is a rectangle: a rectangle for each
    // cell would take ten times the room.
    let mut paths: BTreeMap<K, String> = BTreeMap::new();
    for (y, row) in cells.chunks(columns).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            let path = paths.entry(run[0]).or_default();
            let _ = write!(path, "M{x} {y}h{0}v1h-{0}z", run.len());
            x += run.len();
        }
    }
    let (x, y) = (width / columns as f64, height / cells.len().div_ceil(columns) as f64);
    let transform = format!("translate({left},{top})scale({x},{y})");
    // Thus no seams show however a viewer scales.
    let start = group(transform, Some("shape-rendering=\"crispEdges\"".into()));
    let path = |(kind, d)| {
        let (fill, opacity) = paint(kind);
        Primitive::Path(Box::new(PathData {
            d,
            fill: Some(fill),
            stroke: Color::None,
            stroke_width: 0.0,
            opacity: Some(opacity),
            stroke_dasharray: None,
        }))
    };
    let paths = paths.into_iter().map(path);
    std::iter::once(start).chain(paths).chain([Primitive::GroupEnd]).collect()
}
