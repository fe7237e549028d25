//! Series of values as curves.

use kuva::prelude::{LinePlot, LineStyle, MarkerShape, Palette, Plot, ScatterPlot};

use super::chart::Chart;
use super::svg::shortened;

/// A named curve.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// The name in the legend; empty for none.
    pub name: String,
    /// Where each value stands along the horizontal axis.
    pub x: Vec<f64>,
    /// The values, as many as `x`.
    pub y: Vec<f64>,
    /// Whether each value gets a marker. A value without neighbours always gets one.
    pub markers: bool,
}

impl Series {
    /// The values `y` at the places `x`.
    pub fn new<X, Y>(name: impl Into<String>, x: &[X], y: &[Y]) -> Self
    where
        X: Copy + Into<f64>,
        Y: Copy + Into<f64>,
    {
        let x = x.iter().map(|&x| x.into()).collect();
        let y = y.iter().map(|&y| y.into()).collect();
        Self { name: name.into(), x, y, markers: false }
    }

    /// The values `y` at equal distances: the first at `distance`, the second at twice that, as
    /// what was measured after every so many steps.
    pub fn every<Y: Copy + Into<f64>>(name: impl Into<String>, distance: f64, y: &[Y]) -> Self {
        let x: Vec<f64> = (1..=y.len()).map(|i| i as f64 * distance).collect();
        Self::new(name, &x, y)
    }

    /// A path through points in the plane, with a marker at each.
    pub fn path<T: Copy + Into<f64>>(name: impl Into<String>, points: &[[T; 2]]) -> Self {
        let (x, y): (Vec<T>, Vec<T>) = points.iter().map(|&[x, y]| (x, y)).unzip();
        Self { markers: true, ..Self::new(name, &x, &y) }
    }

    /// The same series with each value replaced by the mean of itself and its `reach` neighbours on
    /// both sides, as far as there are any that are finite: for values that are mostly noise, such
    /// as the loss of each step.
    #[must_use]
    pub fn smoothed(mut self, reach: usize) -> Self {
        let mean = |i: usize| {
            let around = &self.y[i.saturating_sub(reach)..self.y.len().min(i + reach + 1)];
            let finite = around.iter().filter(|value| value.is_finite());
            let mean = finite.clone().sum::<f64>() / finite.count() as f64;
            if self.y[i].is_finite() { mean } else { self.y[i] }
        };
        self.y = (0..self.y.len()).map(mean).collect();
        self
    }

    /// The points, in order.
    pub(super) fn points(&self) -> impl Iterator<Item = [f64; 2]> {
        self.x.iter().zip(&self.y).map(|(&x, &y)| [x, y])
    }
}

impl Chart {
    /// Draws named series as curves over a common horizontal axis. A value that has no place on its
    /// axis leaves a gap in its curve.
    ///
    /// Saving fails if nothing can be shown, or a series has not as many values of x as of y.
    #[must_use]
    pub fn lines(mut self, series: &[Series]) -> Self {
        for (i, series) in series.iter().enumerate() {
            let (x, y, name) = (series.x.len(), series.y.len(), &series.name);
            if x != y {
                self.fail(format!("series \"{name}\" has {x} values of x, but {y} of y"));
            }
            let places = self.place(&series.points().collect::<Vec<_>>());
            self.plots.extend(curve(series, i, &places));
        }
        self
    }
}

fn curve(series: &Series, index: usize, places: &[Option<(f64, f64)>]) -> Vec<Plot> {
    // Noisy curves hide each other less if thin.
    let width = if places.len() > MOST { 1.0 } else { 1.75 };
    let line = |points: Vec<(f64, f64)>| {
        let plot = LinePlot::new().with_data(points).with_color(colour(index));
        plot.with_stroke_width(width).with_line_style(dash(index))
    };
    let mut plots = Vec::new();
    if !series.name.is_empty() {
        // The entry in the legend.
        plots.push(line(Vec::new()).with_legend(shortened(&series.name, 40)).into());
    }
    let mut marked = Vec::new();
    for run in places.split(Option::is_none) {
        let run: Vec<(f64, f64)> = run.iter().flatten().copied().collect();
        if series.markers || run.len() == 1 {
            marked.extend(&run);
        }
        if run.len() > 1 {
            plots.push(line(thinned(&run)).into());
        }
    }
    plots.push(marks(index, 2.5).with_data(marked).into());
    plots
}

/// The most parts of a curve that anybody can tell apart.
const MOST: usize = 600;

/// Of each part of a curve the first point, the extremes and the last.
fn thinned(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut kept = Vec::new();
    for part in points.chunks(points.len() / MOST + 1) {
        let height = |&i: &usize| part[i].1;
        let by_height = |a: &usize, b: &usize| height(a).total_cmp(&height(b));
        let all = 0..part.len();
        let mut wanted =
            [all.clone().min_by(by_height), all.clone().max_by(by_height), Some(0), all.last()];
        wanted.sort_unstable();
        kept.extend(wanted.into_iter().flatten().map(|i| part[i]));
    }
    kept.dedup();
    kept
}

/// The colour of the series or class `index`: without the yellow, which nobody can see on white,
/// and the blue first.
pub(super) fn colour(index: usize) -> String {
    Palette::okabe_ito()[[4, 5, 2, 6, 0, 1, 7][index % 7]].into()
}

fn dash(index: usize) -> LineStyle {
    match index / 7 {
        0 => LineStyle::Solid,
        round => LineStyle::Custom(format!("{:.1} 3", 9.0 / round as f64)),
    }
}

/// Marks in the colour and shape of the series or class `index`, and of about the same area.
pub(super) fn marks(index: usize, size: f64) -> ScatterPlot {
    let (shape, factor) = [
        (MarkerShape::Circle, 1.0),
        (MarkerShape::Triangle, 1.25),
        (MarkerShape::Square, 0.9),
        (MarkerShape::Diamond, 1.0),
    ][index % 4];
    ScatterPlot::new().with_color(colour(index)).with_marker(shape).with_size(size * factor)
}
