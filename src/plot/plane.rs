//! Points in the plane, and functions of it.

use kuva::plot::ContourPlot;
use kuva::prelude::ScatterPlot;
use kuva::render::render::Primitive;

use super::chart::Chart;
use super::lines::{Series, colour, marks};
use super::svg::{INK, mosaic, shortened, text};

/// How many times each axis is divided for regions.
const CELLS: usize = 220;
/// How many nodes the grid for contour lines has along each axis.
const NODES: usize = 81;
/// How many contour lines there are.
const LEVELS: usize = 14;
/// The size of the dots beside names, and of the names.
const DOT: f64 = 3.0;
const FONT: f64 = 11.0;

impl Chart {
    /// Draws the points of each class, which comes with its name, in a colour and shape of its own.
    ///
    /// Saving fails if no point can be shown and an axis has no range.
    #[must_use]
    pub fn scatter<N, P, T>(mut self, classes: &[(N, P)]) -> Self
    where
        N: AsRef<str>,
        P: AsRef<[[T; 2]]>,
        T: Copy + Into<f64>,
    {
        self.size = (440.0, 440.0);
        for (i, (name, points)) in classes.iter().enumerate() {
            let points = points.as_ref().iter().map(|at| at.map(Into::into)).collect::<Vec<_>>();
            let at: Vec<(f64, f64)> = self.place(&points).into_iter().flatten().collect();
            // A white disc under each mark sets it off from the others.
            let discs = ScatterPlot::new().with_color("#ffffff").with_size(5.5);
            self.plots.push(discs.with_data(at.clone()).into());
            let marks = marks(i, 4.0).with_data(at);
            self.plots.push(match name.as_ref() {
                "" => marks.into(),
                name => marks.with_legend(shortened(name, 40)).into(),
            });
        }
        self
    }

    /// Draws points with the name of each beside it, such as word vectors in two dimensions.
    ///
    /// Saving fails if no point can be shown and an axis has no range.
    #[must_use]
    pub fn words<S: AsRef<str>>(mut self, words: &[(S, [f64; 2])]) -> Self {
        // More names get more room, up to a point.
        let scale = (words.len() as f64 / 40.0).sqrt().clamp(1.0, 1.8);
        self.size = (620.0 * scale, 460.0 * scale);
        let places = self.place(&words.iter().map(|(_, at)| *at).collect::<Vec<_>>());
        self.plots.push(marks(0, DOT).with_data(places.into_iter().flatten()).into());
        if let Ok([x, y]) = self.ends() {
            let shares = |at: [f64; 2]| [self.x.share(x, at[0]), 1.0 - self.y.share(y, at[1])];
            let word = |(name, at): &(S, [f64; 2])| (shortened(name.as_ref(), 30), shares(*at));
            let words: Vec<(String, [f64; 2])> = words.iter().map(word).collect();
            self.ground = Box::new(move |area| labels(&words, area));
        }
        self
    }

    /// Draws which class `classify` gives each part of the plane, as coloured regions, and the
    /// points of each class in truth.
    ///
    /// The classifier is asked once for each of 220 x 220 cells, at its centre.
    ///
    /// Saving fails where it does for [`scatter`](Self::scatter), and if the classifier gives a
    /// class that is not there.
    ///
    /// ```
    /// use formwork::plot::{self, Axis, Chart};
    ///
    /// let (left, right) = ([[-0.7, 0.1], [-0.2, -0.8]], [[0.5, 0.2], [0.1, 0.9]]);
    /// Chart::new("Left or right", Axis::linear("x"), Axis::linear("y"))
    ///     .decision(|[x, y]| usize::from(x + 0.3 * y > 0.0), &[("left", left), ("right", right)])
    ///     .save(std::env::temp_dir().join("formwork-decision.svg"))?;
    /// # Ok::<(), plot::Error>(())
    /// ```
    #[must_use]
    pub fn decision<N, P, T>(
        self,
        mut classify: impl FnMut([f64; 2]) -> usize,
        classes: &[(N, P)],
    ) -> Self
    where
        N: AsRef<str>,
        P: AsRef<[[T; 2]]>,
        T: Copy + Into<f64>,
    {
        let mut chart = self.scatter(classes);
        let Ok([x, y]) = chart.ends() else {
            return chart;
        };
        let mut regions = Vec::with_capacity(CELLS * CELLS);
        let (count, share) = (classes.len(), |i: usize| (i as f64 + 0.5) / CELLS as f64);
        for row in (0..CELLS).rev() {
            for column in 0..CELLS {
                let at = [chart.x.at(x, share(column)), chart.y.at(y, share(row))];
                let (class, [x, y]) = (classify(at), at);
                if class >= count {
                    chart.fail(format!(
                        "the classifier gave class {class} of {count} at ({x}, {y})"
                    ));
                    return chart;
                }
                regions.push(class);
            }
        }
        let tint = |class| (colour(class).into(), 0.28);
        chart.ground = Box::new(move |area| mosaic(&regions, CELLS, area, tint));
        chart
    }

    /// Draws paths over the contour lines of `f`, such as those of optimisers over what they
    /// minimise. A ring marks the start of each path.
    ///
    /// The function is taken at 81 x 81 places. The contour lines divide the picture in parts of
    /// equal area, so that steep functions and flat ones both show. Where the function is not
    /// finite it counts as its greatest value.
    ///
    /// Saving fails where it does for [`lines`](Self::lines), and if `f` is nowhere finite.
    #[must_use]
    pub fn paths(self, f: impl Fn([f64; 2]) -> f64, paths: &[Series]) -> Self {
        let mut chart = self.lines(paths);
        chart.size = (560.0, 400.0);
        let Ok([x, y]) = chart.ends() else {
            return chart;
        };
        let share = |i: usize| i as f64 / (NODES - 1) as f64;
        let along_x: Vec<f64> = (0..NODES).map(|i| chart.x.at(x, share(i))).collect();
        let along_y: Vec<f64> = (0..NODES).map(|i| chart.y.at(y, share(i))).collect();
        let row = |&y: &f64| along_x.iter().map(|&x| f([x, y])).collect();
        let mut values: Vec<Vec<f64>> = along_y.iter().map(row).collect();
        let mut sorted: Vec<f64> =
            values.iter().flatten().copied().filter(|v| v.is_finite()).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let (Some(&least), Some(&greatest)) = (sorted.first(), sorted.last()) else {
            chart.fail("the function is finite nowhere between the axes".into());
            return chart;
        };
        // kuva takes values for equal that differ by less than 1e-12.
        let length = (greatest - least).max(f64::MIN_POSITIVE);
        let share = |value: f64| if value.is_finite() { (value - least) / length } else { 1.0 };
        values.iter_mut().flatten().for_each(|value| *value = share(*value));
        let level = |i: usize| share(sorted[(2 * i + 1) * sorted.len() / (2 * LEVELS)]);
        let contours = ContourPlot::new()
            .with_grid(values, along_x, along_y)
            .with_levels(&(0..LEVELS).map(level).collect::<Vec<f64>>())
            .with_line_color("#a5c6df");
        chart.plots.insert(0, contours.into());
        // Paths often start at the same point, so the ring is of no one's colour.
        let starts: Vec<[f64; 2]> = paths.iter().filter_map(|path| path.points().next()).collect();
        let starts = chart.place(&starts);
        for (size, colour) in [(5.0, INK), (3.0, "#ffffff")] {
            let disc = ScatterPlot::new().with_size(size).with_color(colour);
            chart.plots.push(disc.with_data(starts.iter().flatten().copied()).into());
        }
        chart
    }
}

/// The names of points, which stand at shares of the area: one after the other, each beside its
/// point where it covers least of the dots and of the names before it.
fn labels(words: &[(String, [f64; 2])], [left, top, width, height]: [f64; 4]) -> Vec<Primitive> {
    // Left, top, right and bottom of what is taken.
    type Place = [f64; 4];
    let around = |[x, y]: [f64; 2], half: [f64; 2]| -> Place {
        [x - half[0], y - half[1], x + half[0], y + half[1]]
    };
    let common = |a: &Place, b: &Place| {
        let side = |i: usize| (a[i + 2].min(b[i + 2]) - a[i].max(b[i])).max(0.0);
        side(0) * side(1)
    };
    let area = [left, top, left + width, top + height];
    let pixel = |[x, y]: [f64; 2]| [left + x * width, top + y * height];
    let within = |(_, share): &&(String, [f64; 2])| share.iter().all(|s| (0.0..=1.0).contains(s));
    let words: Vec<_> = words.iter().filter(within).map(|(name, at)| (name, pixel(*at))).collect();
    let mut taken: Vec<Place> = words.iter().map(|(_, at)| around(*at, [DOT; 2])).collect();
    let mut drawn = Vec::new();
    for (name, [x, y]) in words {
        let half = [0.31 * FONT * name.chars().count() as f64 + 1.0, 0.6 * FONT];
        let candidates = (0..64).map(|i| {
            let reach = DOT + 2.0 + 5.0 * f64::from(i / 8);
            let (dx, dy) = [(1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (1, 1), (-1, -1), (-1, 1)]
                [i as usize % 8];
            let at = [x + f64::from(dx) * (half[0] + reach), y + f64::from(dy) * (half[1] + reach)];
            let place = around(at, half);
            let covered: f64 = taken.iter().map(|other| common(&place, other)).sum();
            let outside = common(&place, &place) - common(&place, &area);
            (covered + 10.0 * outside + reach, place)
        });
        let Some((_, place)) = candidates.min_by(|a, b| a.0.total_cmp(&b.0)) else {
            continue;
        };
        let near = [x.clamp(place[0], place[2]), y.clamp(place[1], place[3])];
        if (near[0] - x).hypot(near[1] - y) > 2.0 * DOT {
            drawn.push(Primitive::Line {
                x1: x,
                y1: y,
                x2: near[0],
                y2: near[1],
                stroke: "#aaaaaa".into(),
                stroke_width: 0.75,
                stroke_dasharray: None,
            });
        }
        let base = (place[1] + place[3]) / 2.0 + 0.36 * FONT;
        drawn.push(text(name, ((place[0] + place[2]) / 2.0, base), FONT as u32));
        taken.push(place);
    }
    drawn
}
