//! Axes.

/// One axis of a chart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Axis {
    pub(super) label: String,
    pub(super) log: bool,
    pub(super) range: Option<(f64, f64)>,
}

impl Axis {
    /// A linear axis with this label, empty for none, as long as the data need it.
    pub fn linear(label: impl Into<String>) -> Self {
        Self { label: label.into(), log: false, range: None }
    }

    /// A logarithmic axis with this label, empty for none, as long as the data need it. Only values
    /// from 1e-9 on can be shown.
    pub fn log(label: impl Into<String>) -> Self {
        Self { log: true, ..Self::linear(label) }
    }

    /// The axis from one value to another, whatever the data. What lies outside is cut off.
    #[must_use]
    pub fn range(self, from: f64, to: f64) -> Self {
        Self { range: Some((from, to)), ..self }
    }

    /// What is wrong with the range, if anything is.
    pub(super) fn fault(&self) -> Option<String> {
        let (lo, hi) = self.range?;
        let sound = self.shows(lo) && self.shows(hi) && hi - lo > least_length(lo, hi);
        let (label, kind) = (&self.label, if self.log { "positive" } else { "finite" });
        let must = format!("the range of the axis \"{label}\" must be two {kind} rising numbers");
        (!sound).then(|| format!("{must}, not {lo} to {hi}"))
    }

    fn shows(&self, value: f64) -> bool {
        value.abs() < 1e100 && (!self.log || value >= 1e-9)
    }

    /// The value as it is drawn, `None` if it has no place. What lies far outside of the range
    /// comes nearer, since not every viewer of pictures can count that far.
    pub(super) fn place(&self, value: f64) -> Option<f64> {
        let (lo, hi) = self.range.unwrap_or((-1e100, 1e100));
        let far = 1e3 * (hi - lo);
        self.shows(value).then(|| value.clamp(lo - far, hi + far))
    }

    /// The range or, where there is none, one around values that have a place.
    pub(super) fn ends(&self, values: impl Iterator<Item = f64>) -> (f64, f64) {
        if let Some(range) = self.range {
            return range;
        }
        let scale = |value: f64| if self.log { value.log10() } else { value };
        let (lo, hi) = extremes(values.map(scale)).unwrap_or((0.0, 1.0));
        let room = match hi - lo {
            length if length > least_length(lo, hi) => 0.04 * length,
            _ if hi.abs() > 1e-14 => 0.1 * hi.abs(),
            _ => 1.0,
        };
        let [lo, hi] =
            [lo - room, hi + room].map(|end| if self.log { 10_f64.powf(end) } else { end });
        (lo, hi)
    }

    /// The value at a share of an axis with these ends.
    pub(super) fn at(&self, (lo, hi): (f64, f64), share: f64) -> f64 {
        if self.log { lo * (hi / lo).powf(share) } else { lo + share * (hi - lo) }
    }

    /// The share of an axis with these ends at which a value stands.
    pub(super) fn share(&self, (lo, hi): (f64, f64), value: f64) -> f64 {
        if self.log { (value / lo).ln() / (hi / lo).ln() } else { (value - lo) / (hi - lo) }
    }

    /// How far numbers are apart along an axis with these ends where about `count` look well.
    /// `None` where kuva finds enough of those that stand out on a logarithmic axis.
    pub(super) fn step(&self, (lo, hi): (f64, f64), count: f64) -> Option<f64> {
        if self.log && hi / lo >= 10.0 {
            return None;
        }
        let least = (hi - lo) / count;
        let power = 10_f64.powf(least.log10().floor());
        let steps = [1.0, 2.0, 5.0, 10.0].map(|factor| factor * power);
        steps.into_iter().find(|step| *step >= 0.999 * least)
    }
}

/// The least and the greatest of some values, `None` if there are none.
pub(super) fn extremes(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.fold(None, |ends, value| {
        let (lo, hi) = ends.unwrap_or((value, value));
        Some((lo.min(value), hi.max(value)))
    })
}

/// Below this, kuva or the numbers along an axis could no longer tell its ends apart.
fn least_length(lo: f64, hi: f64) -> f64 {
    (lo.abs().max(hi.abs()) * 1e-7).max(1e-15)
}

/// A number along an axis.
pub(super) fn number(value: f64) -> String {
    // With so many digits that neighbours differ, and so few that no rounding shows.
    let rounded = format!("{value:.8e}").parse().unwrap_or(value);
    let plain = rounded == 0.0 || (1e-3..1e6).contains(&rounded.abs());
    let text = if plain { rounded.to_string() } else { format!("{rounded:e}") };
    text.replace('-', "−")
}
