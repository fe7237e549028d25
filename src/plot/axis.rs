//! Axes: what the user says of them, and the numbers along them.

use std::format;
use std::string::String;
use std::vec::Vec;

use super::ticks::{Length, linear_ticks, log_ticks};

/// How values are spread along an axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scale {
    /// Equal differences are equally far apart.
    #[default]
    Linear,
    /// Equal ratios are equally far apart. Only positive values can be shown.
    Log,
}

/// One axis of a chart.
///
/// ```
/// use formwork::plot::Axis;
///
/// let epochs = Axis::linear("epoch");
/// let accuracy = Axis { range: Some((0.0, 1.0)), ..Axis::linear("accuracy") };
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Axis {
    /// What is measured along the axis; empty for no label.
    pub label: String,
    /// Linear or logarithmic.
    pub scale: Scale,
    /// The first and the last value shown; those of the data for `None`. What lies outside is cut
    /// off.
    pub range: Option<(f64, f64)>,
}

impl Axis {
    /// A linear axis with this label, as long as the data need it.
    pub fn linear(label: impl Into<String>) -> Self {
        Self { label: label.into(), scale: Scale::Linear, range: None }
    }

    /// A logarithmic axis with this label, as long as the data need it.
    pub fn log(label: impl Into<String>) -> Self {
        Self { label: label.into(), scale: Scale::Log, range: None }
    }

    fn is_log(&self) -> bool {
        self.scale == Scale::Log
    }

    /// Whether a value has a place on the axis, whose ends may not be settled yet.
    fn shows(&self, value: f64) -> bool {
        let within = self.range.is_none_or(|(lo, hi)| (lo..=hi).contains(&value));
        within && position(self.is_log(), value).is_some()
    }

    /// The places of the ends, if the range says them.
    fn ends(&self) -> Result<Option<(f64, f64)>, String> {
        let Some((lo, hi)) = self.range else {
            return Ok(None);
        };
        let ends = position(self.is_log(), lo).zip(position(self.is_log(), hi));
        match ends.filter(|&(lo, hi)| hi - lo > least_length(lo, hi)) {
            Some(ends) => Ok(Some(ends)),
            None => {
                let kind = if self.is_log() { "positive" } else { "finite" };
                Err(format!(
                    "the range of the axis \"{}\" must be two {kind} rising numbers, not {lo} to \
                     {hi}",
                    self.label
                ))
            }
        }
    }

    /// The axis fitted to a length in pixels and, unless it has a range, to `values`, with room for
    /// `pad` of its length beyond the extreme ones.
    pub(super) fn ruler(
        &self,
        values: impl Iterator<Item = f64>,
        pad: f64,
        length: Length,
    ) -> Result<Ruler, String> {
        let log = self.is_log();
        let (lo, hi) = match self.ends()? {
            Some(ends) => ends,
            None => {
                let places = values.filter_map(|value| position(log, value));
                let extremes = places.fold(None, |ends: Option<(f64, f64)>, at| {
                    let (lo, hi) = ends.unwrap_or((at, at));
                    Some((lo.min(at), hi.max(at)))
                });
                let kind = if log { "positive finite" } else { "finite" };
                let (lo, hi) = extremes.ok_or_else(|| {
                    format!("the axis \"{}\" has no {kind} value to show", self.label)
                })?;
                widened(lo, hi, pad)
            }
        };
        let share = |at: f64| (at - lo) / (hi - lo);
        let ruler = |most: f64| {
            let (ticks, minor) = match log {
                true => log_ticks(lo, hi, most),
                false => (linear_ticks(lo, hi, most), Vec::new()),
            };
            let ticks = ticks.into_iter().map(|(at, text)| (share(at), text)).collect();
            let minor = minor.into_iter().map(share).collect();
            Ruler { label: self.label.clone(), log, lo, hi, ticks, minor }
        };
        let mut most = length.ticks();
        while most > 1.0 && length.crowded(&ruler(most).ticks) {
            most -= 1.0;
        }
        Ok(ruler(most))
    }
}

/// The title and the two axes of a chart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frame {
    /// The title above the chart; empty for none.
    pub title: String,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
}

impl Frame {
    /// A frame with this title and these axes.
    pub fn new(title: impl Into<String>, x: Axis, y: Axis) -> Self {
        Self { title: title.into(), x, y }
    }

    /// Both axes fitted to a size in pixels and, unless they have ranges, to those of the points
    /// that have a place on both.
    pub(super) fn rulers(
        &self,
        points: &[[f64; 2]],
        pads: (f64, f64),
        size: (f64, f64),
    ) -> Result<(Ruler, Ruler), String> {
        let ends = (self.x.ends()?, self.y.ends()?);
        let free = ends.0.is_none() || ends.1.is_none();
        let shown = || points.iter().filter(|p| self.x.shows(p[0]) && self.y.shows(p[1]));
        if free && shown().next().is_none() {
            return Err(match points.len() {
                0 => "there is nothing to draw: no point was given".into(),
                n => format!("none of the {n} points has a place on both axes"),
            });
        }
        let x = self.x.ruler(shown().map(|p| p[0]), pads.0, Length::Across(size.0))?;
        let y = self.y.ruler(shown().map(|p| p[1]), pads.1, Length::Up(size.1))?;
        Ok((x, y))
    }
}

/// An axis whose ends are settled. Along it, a place is a share of its length, from 0 to 1.
pub(super) struct Ruler {
    pub label: String,
    log: bool,
    /// Both ends, of the values themselves or of their logarithms.
    lo: f64,
    hi: f64,
    /// The numbers along the axis.
    pub ticks: Vec<(f64, String)>,
    /// Places between the numbers that get a faint line.
    pub minor: Vec<f64>,
}

impl Ruler {
    /// Where `value` stands, which may be beyond the ends; `None` if it has no place.
    pub fn place(&self, value: f64) -> Option<f64> {
        position(self.log, value).map(|at| (at - self.lo) / (self.hi - self.lo))
    }

    /// The value at a share of the length.
    pub fn value(&self, share: f64) -> f64 {
        let at = self.lo + share * (self.hi - self.lo);
        if self.log { 10_f64.powf(at) } else { at }
    }
}

fn position(log: bool, value: f64) -> Option<f64> {
    let at = if log { value.log10() } else { value };
    // Beyond this, differences of two values would no longer be finite.
    (at.abs() < 1e150).then_some(at)
}

/// The range with `pad` of its length added on both sides, and never without a length.
fn widened(lo: f64, hi: f64, pad: f64) -> (f64, f64) {
    if hi - lo > least_length(lo, hi) {
        return (lo - pad * (hi - lo), hi + pad * (hi - lo));
    }
    let size = lo.abs().max(hi.abs());
    let room = if size < 1e-100 { 1.0 } else { size * 0.1 };
    (lo - room, hi + room)
}

/// Below this, the numbers along an axis could no longer be told apart.
fn least_length(lo: f64, hi: f64) -> f64 {
    (lo.abs().max(hi.abs()) * 1e-9).max(1e-100)
}
