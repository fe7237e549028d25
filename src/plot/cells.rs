//! Counts: histograms, and matrices as coloured cells.

use std::sync::Arc;

use kuva::prelude::{ColorMap, Heatmap, Histogram, TextAnnotation};

use super::axis::Axis;
use super::chart::Chart;
use super::lines::colour;
use super::svg::shortened;

impl Chart {
    /// Draws how many of some values lie in each of so many bins of the same width between the ends
    /// of the horizontal axis or, where it has no range, of the values. The share of values that lie
    /// outside is written down.
    ///
    /// Saving fails if there is no bin, or no value that has a place on the axis.
    #[must_use]
    pub fn histogram<T: Copy + Into<f64>>(mut self, values: &[T], bins: usize) -> Self {
        let values: Vec<f64> = values.iter().filter_map(|&v| self.x.place(v.into())).collect();
        let count = values.len();
        if bins == 0 || count == 0 {
            self.fail(format!("a histogram of {count} finite values in {bins} bins shows nothing"));
        }
        let ends = self.x.ends(values.iter().copied());
        let outside = values.iter().filter(|value| !(ends.0..=ends.1).contains(*value)).count();
        self.layout.subtitle = match 100.0 * outside as f64 / count.max(1) as f64 {
            0.0 => None,
            percent if percent < 0.1 => Some("< 0.1 % outside".into()),
            percent => Some(format!("{percent:.1} % outside")),
        };
        let plot = Histogram::new().with_data(values).with_bins(bins).with_range(ends);
        let most = plot.compute_bins().map_or(0.0, |bins| bins.max_y).max(1.0);
        self.x = self.x.range(ends.0, ends.1);
        self.y = self.y.range(0.0, 1.05 * most);
        self.plots.push(plot.with_color(colour(0)).into());
        self
    }

    /// Draws a matrix of `rows.len()` by `columns.len()` values, row by row, as cells that are the
    /// darker the greater their value, such as the weights of an attention layer. The axes say what
    /// the columns and the rows are. Values that are not finite are orange.
    ///
    /// Saving fails if there is no row or no column, not a value for each cell, or none that is
    /// finite.
    ///
    /// ```
    /// use formwork::plot::{self, Axis, Chart};
    ///
    /// let weights = [0.9_f32, 0.1, 0.0, 0.2, 0.7, 0.1];
    /// Chart::new("Attention", Axis::linear("input"), Axis::linear("output"))
    ///     .heatmap(&weights, &["ich", "gehe"], &["i", "am", "walking"])
    ///     .save(std::env::temp_dir().join("formwork-attention.svg"))?;
    /// # Ok::<(), plot::Error>(())
    /// ```
    #[must_use]
    pub fn heatmap<T, R, C>(self, values: &[T], rows: &[R], columns: &[C]) -> Self
    where
        T: Copy + Into<f64>,
        R: AsRef<str>,
        C: AsRef<str>,
    {
        let number = |&value: &T| Some(value.into()).filter(|value: &f64| value.is_finite());
        let values = values.iter().map(|value| number(value).unwrap_or(f64::NAN)).collect();
        let mut chart = self.cells(values, rows, columns, true);
        chart.layout.show_colorbar = true;
        chart
    }

    fn cells<R, C>(mut self, values: Vec<f64>, rows: &[R], columns: &[C], numbers: bool) -> Self
    where
        R: AsRef<str>,
        C: AsRef<str>,
    {
        let (height, width, found) = (rows.len(), columns.len(), values.len());
        if found == 0 || height * width != found {
            self.fail(format!(
                "{height} rows of {width} columns need as many values; found {found}"
            ));
            return self;
        }
        if values.iter().all(|value| value.is_nan()) {
            self.fail(format!("none of the {found} values is finite"));
        }
        let name = |name: &str| if name == " " { "␣".into() } else { shortened(name, 20) };
        self.layout.x_categories =
            Some(columns.iter().map(|column| name(column.as_ref())).collect());
        self.layout.y_categories = Some(rows.iter().rev().map(|row| name(row.as_ref())).collect());
        self.x = self.x.range(0.5, width as f64 + 0.5);
        self.y = self.y.range(0.5, height as f64 + 0.5);
        // Small matrices get large cells.
        let longer = width.max(height) as f64;
        let cell = (900.0 / longer).min((200.0 / longer).max(34.0));
        self.size = (width as f64 * cell, height as f64 * cell);
        if columns.iter().any(|name| name.as_ref().chars().count() as f64 * 7.0 > cell) {
            self.layout.x_tick_rotate = Some(-45.0);
        }
        // No cell is so dark that a number over it could not be read.
        let colour = |share: f64| match share.is_nan() {
            true => "#f5c39b".into(),
            false => ColorMap::Blues.map(0.65 * share),
        };
        let map = Heatmap::new()
            .with_data(values.chunks(width).rev().map(<[f64]>::to_vec))
            .with_color_map(ColorMap::Custom(Arc::new(colour)));
        self.plots.push(if numbers { map.with_values() } else { map }.into());
        self
    }

    /// A chart of how often each class (a row) was taken for each class (a column): `counts`, row
    /// by row, for as many classes as there are names.
    ///
    /// The darker a cell, the greater its share of its row; the root of the share is shown, so that
    /// rare mistakes are seen beside many right answers.
    ///
    /// Saving fails if there is no class, or `counts` has not as many values as the square of their
    /// number.
    #[must_use]
    pub fn confusion<S: AsRef<str>>(
        title: impl Into<String>,
        counts: &[usize],
        classes: &[S],
    ) -> Self {
        let n = classes.len();
        let shares = counts.chunks(n.max(1)).flat_map(|row| {
            let all = row.iter().sum::<usize>().max(1) as f64;
            row.iter().map(move |&count| (count as f64 / all).sqrt())
        });
        let (x, y) = (Axis::linear("predicted class"), Axis::linear("true class"));
        let mut chart = Self::new(title, x, y).cells(shares.collect(), classes, classes, false);
        let all = counts.iter().sum::<usize>();
        let right = counts.iter().step_by(n + 1).sum::<usize>();
        let percent = 100.0 * right as f64 / all.max(1) as f64;
        chart.layout.subtitle = Some(format!("{right} of {all} right: {percent:.2} %"));
        // The base line of a text is 6 pixels above the place that is said, and 4 below its middle.
        let below = 10.0 * n as f64 / chart.size.1;
        for (i, row) in counts.chunks(n.max(1)).enumerate() {
            for (j, count) in row.iter().enumerate() {
                let at = (j as f64 + 1.0, n as f64 - i as f64 - below);
                let number = TextAnnotation::new(count.to_string(), at.0, at.1).with_font_size(11);
                chart.layout.annotations.push(number);
            }
        }
        chart
    }
}
