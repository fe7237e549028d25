//! Charts.

use std::path::Path;
use std::sync::Arc;

use kuva::TickFormat;
use kuva::prelude::{Layout, Plot, Theme};
use kuva::render::render::{Primitive, collect_legend_entries};

use super::axis::{Axis, number};
use super::error::Result;
use super::figure::Figure;
use super::svg::{INK, fitting};

/// A title, two axes, and what is drawn between them.
///
/// A chart that cannot be drawn says so when it is saved.
pub struct Chart {
    pub(super) x: Axis,
    pub(super) y: Axis,
    /// Width and height between the axes in pixels, where the chart stands alone.
    pub(super) size: (f64, f64),
    pub(super) plots: Vec<Plot>,
    pub(super) layout: Layout,
    pub(super) ground: Ground,
    /// The points that axes without a range must reach, as far as they have a place.
    points: Vec<[f64; 2]>,
    /// How many points there are in all.
    given: usize,
    /// Why the chart cannot be drawn.
    fault: Option<String>,
}

/// Draws under the plots of a chart, given the area between the axes: left, top, width and height.
pub(super) type Ground = Box<dyn Fn([f64; 4]) -> Vec<Primitive>>;

impl Chart {
    /// A chart with this title, empty for none, and these axes, in which nothing is drawn yet.
    pub fn new(title: impl Into<String>, x: Axis, y: Axis) -> Self {
        let fault = x.fault().or_else(|| y.fault());
        let sound = |axis: Axis| Axis { range: axis.range.filter(|_| fault.is_none()), ..axis };
        Self {
            x: sound(x),
            y: sound(y),
            size: (560.0, 340.0),
            plots: Vec::new(),
            layout: Layout::new((0.0, 1.0), (0.0, 1.0)).with_title(title).with_theme(theme()),
            ground: Box::new(|_| Vec::new()),
            points: Vec::new(),
            given: 0,
            fault,
        }
    }

    /// Draws the chart to the file at `path`.
    ///
    /// # Errors
    /// If the range of an axis is not two rising numbers that it can show, what is drawn says that
    /// it cannot be, or the file cannot be written.
    pub fn save(self, path: impl AsRef<Path>) -> Result<()> {
        Figure::new("", vec![self]).save(path)
    }

    pub(super) fn fail(&mut self, fault: String) {
        self.fault.get_or_insert(fault);
    }

    /// Takes note of points that the axes must reach. Gives each as it is drawn, `None` if it has no
    /// place.
    pub(super) fn place(&mut self, points: &[[f64; 2]]) -> Vec<Option<(f64, f64)>> {
        self.given += points.len();
        let place = |[x, y]: [f64; 2]| self.x.place(x).zip(self.y.place(y));
        let within =
            |axis: &Axis, value| axis.range.is_none_or(|(lo, hi)| lo <= value && value <= hi);
        let shown = points.iter().filter(|point| place(**point).is_some());
        self.points.extend(shown.filter(|[x, y]| within(&self.x, *x) && within(&self.y, *y)));
        points.iter().map(|&point| place(point)).collect()
    }

    /// The ends of both axes.
    pub(super) fn ends(&self) -> std::result::Result<[(f64, f64); 2], String> {
        let free = self.x.range.is_none() || self.y.range.is_none();
        match (&self.fault, self.given) {
            (Some(fault), _) => Err(fault.clone()),
            (None, 0) if free => Err("there is nothing to draw: no point was given".into()),
            (None, n) if free && self.points.is_empty() => {
                Err(format!("none of the {n} points has a place on both axes"))
            }
            _ => Ok([
                self.x.ends(self.points.iter().map(|point| point[0])),
                self.y.ends(self.points.iter().map(|point| point[1])),
            ]),
        }
    }

    /// The layout of the chart, for so many pixels between the axes.
    pub(super) fn layout(
        &mut self,
        (width, height): (f64, f64),
    ) -> std::result::Result<Layout, String> {
        let title = self.layout.title.take().unwrap_or_default();
        let [x, y] = self.ends().map_err(|reason| match title.as_str() {
            "" => reason,
            title => format!("{reason}, in the chart \"{title}\""),
        })?;
        let mut layout = std::mem::replace(&mut self.layout, Layout::new(x, y));
        let key = collect_legend_entries(&self.plots);
        if !key.is_empty() {
            layout = layout.with_legend_entries(key).with_legend_box(false);
        }
        let some = |text: &str| (!text.is_empty()).then(|| text.into());
        let (x_label, y_label) = (&self.x.label, &self.y.label);
        (layout.title, layout.x_label, layout.y_label) =
            (some(&title), some(x_label), some(y_label));
        layout.title_wrap = Some(fitting(&title, 16.0, width));
        layout.x_label_wrap = Some(fitting(x_label, 12.0, width));
        layout.y_label_wrap = Some(fitting(y_label, 12.0, height));
        (layout.label_size, layout.tick_size, layout.subtitle_size) = (12, 11, Some(11));
        (layout.log_x, layout.log_y) = (self.x.log, self.y.log);
        (layout.x_range, layout.x_axis_min, layout.x_axis_max) = (x, Some(x.0), Some(x.1));
        (layout.y_range, layout.y_axis_min, layout.y_axis_max) = (y, Some(y.0), Some(y.1));
        layout.x_tick_step = self.x.step(x, width / 70.0);
        layout.y_tick_step = self.y.step(y, height / 40.0);
        // kuva measures other texts for the numbers along a logarithmic axis.
        layout.y_label_offset.0 = if self.y.log { -5.0 } else { 0.0 };
        layout.colorbar_tick_format = TickFormat::Custom(Arc::new(number));
        Ok(layout.with_tick_format(TickFormat::Custom(Arc::new(number))))
    }
}

fn theme() -> Theme {
    Theme {
        axis_color: "#777777".into(),
        tick_color: "#777777".into(),
        grid_color: "#e4e4e4".into(),
        text_color: INK.into(),
        legend_border: "none".into(),
        ..Theme::light()
    }
}
