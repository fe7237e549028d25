//! Charts side by side.

use std::mem::take;
use std::path::Path;

use kuva::prelude::{FigureLegendPosition, Layout};
use kuva::render::layout::ComputedLayout;
use kuva::render::render::Scene;

use super::chart::{Chart, Ground};
use super::error::{Error, Result};
use super::svg::{fitting, save, shortened};

/// A grid of charts, row by row. Labels of axes that all charts share stand only at the outer
/// charts, and a legend that they share stands only once.
///
/// ```
/// use formwork::plot::{self, Axis, Chart, Figure, Series};
///
/// let charts = [1.0_f64, 0.1, 0.01, 0.001].map(|std| {
///     let losses: Vec<f64> = (0..20).map(|e| (1.0 - 0.3 * std).powi(e)).collect();
///     Chart::new(format!("std {std}"), Axis::linear("epoch"), Axis::linear("loss"))
///         .lines(&[Series::every("", 1.0, &losses)])
/// });
/// Figure::new("Initial weights", charts.into())
///     .columns(2)
///     .save(std::env::temp_dir().join("formwork-figure.svg"))?;
/// # Ok::<(), plot::Error>(())
/// ```
pub struct Figure {
    title: String,
    charts: Vec<Chart>,
    columns: usize,
}

impl Figure {
    /// These charts under this title, empty for none, in a grid that is about a square.
    pub fn new(title: impl Into<String>, charts: Vec<Chart>) -> Self {
        let columns = match charts.len() {
            count @ ..4 => count,
            count => (count as f64).sqrt().ceil() as usize,
        };
        Self { title: title.into(), charts, columns }
    }

    /// So many charts side by side, if there are as many.
    #[must_use]
    pub fn columns(self, columns: usize) -> Self {
        Self { columns: columns.clamp(1, self.charts.len().max(1)), ..self }
    }

    /// Draws the charts to the file at `path`.
    ///
    /// # Errors
    /// If there is no chart, one of them cannot be drawn, or the file cannot be written.
    pub fn save(mut self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        let scene = self.scene().map_err(|reason| Error::input(path, reason))?;
        let grounds: Vec<Ground> = self.charts.into_iter().map(|chart| chart.ground).collect();
        save(path, scene, &grounds)
    }

    fn scene(&mut self) -> std::result::Result<Scene, String> {
        let (count, columns) = (self.charts.len(), self.columns);
        let width = (720.0 / columns as f64).clamp(190.0, 560.0);
        let size = match self.charts.as_slice() {
            [] => return Err("there is nothing to draw: no chart was given".into()),
            [alone] => alone.size,
            _ => (width, 0.65 * width),
        };
        let layouts = self.charts.iter_mut().map(|chart| chart.layout(size));
        let mut layouts = layouts.collect::<std::result::Result<Vec<Layout>, _>>()?;
        let all = |same: fn(&Layout, &Layout) -> bool| layouts.iter().all(|l| same(l, &layouts[0]));
        let same_x = all(|a, b| a.x_label == b.x_label);
        let same_y = all(|a, b| a.y_label == b.y_label);
        let same_legend = count > 1 && all(|a, b| names(a).eq(names(b)));
        // The most that any chart needs to the left, to the right, above and below.
        let mut margins = [0.0_f64; 4];
        for (i, layout) in layouts.iter_mut().enumerate() {
            layout.title_size = if count > 1 { 13 } else { 16 };
            layout.show_legend &= !same_legend;
            layout.x_label = layout.x_label.take().filter(|_| !same_x || i + columns >= count);
            layout.y_label = layout.y_label.take().filter(|_| !same_y || i % columns == 0);
            let own = ComputedLayout::from_layout(layout);
            let own = [own.margin_left, own.margin_right, own.margin_top, own.margin_bottom];
            margins = std::array::from_fn(|side| margins[side].max(own[side]));
        }
        let [left, right, top, bottom] = margins;
        let framed = |layout: Layout| {
            layout.with_force_margins(left, right).with_force_margins_y(top, bottom)
        };
        let (width, height) = (left + size.0 + right, top + size.1 + bottom);
        let mut figure = kuva::prelude::Figure::new(count.div_ceil(columns), columns)
            .with_plots(self.charts.iter_mut().map(|chart| take(&mut chart.plots)).collect())
            .with_layouts(layouts.into_iter().map(framed).collect())
            .with_cell_size(width, height)
            .with_spacing(0.0);
        if !self.title.is_empty() {
            let most = fitting(&self.title, 16.0, columns as f64 * width);
            figure = figure.with_title(shortened(&self.title, most)).with_title_size(16);
        }
        if same_legend {
            figure = figure.with_shared_legend_position(FigureLegendPosition::RightTop);
        }
        Ok(figure.render())
    }
}

/// The names in the legend of a chart.
fn names(layout: &Layout) -> impl Iterator<Item = &str> {
    layout.legend_entries.iter().flatten().map(|entry| entry.label.as_str())
}
