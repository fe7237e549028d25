//! Axes: what the user says of them, and the numbers along them.

use std::string::String;
use std::vec::Vec;
use std::{format, vec};

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
        Self {
            label: label.into(),
            scale: Scale::Linear,
            range: None,
        }
    }

    /// A logarithmic axis with this label, as long as the data need it.
    pub fn log(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            scale: Scale::Log,
            range: None,
        }
    }

    /// Whether a value has a place on the axis, whose ends may not be settled yet.
    pub(super) fn shows(&self, value: f64) -> bool {
        let within = self.range.is_none_or(|(lo, hi)| (lo..=hi).contains(&value));
        within && position(self.scale == Scale::Log, value).is_some()
    }

    /// The axis fitted to `values` and to a length in pixels, with room for `pad` of its length
    /// beyond the extreme values.
    pub(super) fn ruler(
        &self,
        values: impl Iterator<Item = f64>,
        pad: f64,
        length: Length,
    ) -> Result<Ruler, String> {
        let log = self.scale == Scale::Log;
        let side = match length {
            Length::Across(_) => "horizontal",
            Length::Up(_) => "vertical",
        };
        let label = &self.label;
        let (lo, hi) = match self.range {
            Some((lo, hi)) => {
                let ends = position(log, lo).zip(position(log, hi));
                let ends = ends.filter(|&(lo, hi)| hi - lo > least_length(lo, hi));
                ends.ok_or_else(|| {
                    let kind = if log { "positive" } else { "finite" };
                    format!(
                        "the range of the {side} axis \"{label}\" must be two {kind} rising \
                         numbers, not {lo} to {hi}"
                    )
                })?
            }
            None => {
                let (lo, hi) = values
                    .filter_map(|value| position(log, value))
                    .fold((f64::MAX, f64::MIN), |(lo, hi), at| {
                        (lo.min(at), hi.max(at))
                    });
                if lo > hi {
                    let kind = if log { "positive finite" } else { "finite" };
                    return Err(format!(
                        "the {side} axis \"{label}\" has no {kind} value to show"
                    ));
                }
                widened(lo, hi, pad)
            }
        };
        let share = |at: f64| (at - lo) / (hi - lo);
        let ruler = |most: f64| {
            let (ticks, minor) = if log {
                log_ticks(lo, hi, most)
            } else {
                (linear_ticks(lo, hi, most), vec![])
            };
            Ruler {
                label: self.label.clone(),
                log,
                lo,
                hi,
                ticks: ticks
                    .into_iter()
                    .map(|(at, text)| (share(at), text))
                    .collect(),
                minor: minor.into_iter().map(share).collect(),
            }
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
        Self {
            title: title.into(),
            x,
            y,
        }
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
