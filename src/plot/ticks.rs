//! The numbers along an axis: which, and how they are written.

use std::string::String;
use std::vec;
use std::vec::Vec;

use super::text::{number, power_of_ten, width};

/// The size of the numbers along an axis.
pub(super) const TICK_FONT: f64 = 11.0;

/// How long an axis is in pixels, and which way it goes.
#[derive(Clone, Copy)]
pub(super) enum Length {
    Across(f64),
    Up(f64),
}

impl Length {
    /// How many numbers look well.
    pub fn ticks(self) -> f64 {
        match self {
            Self::Across(length) => (length / 48.0).max(3.0),
            Self::Up(length) => (length / 32.0).max(3.0),
        }
    }

    /// Whether numbers stand too close to each other.
    pub fn crowded(self, ticks: &[(f64, String)]) -> bool {
        ticks.windows(2).any(|pair| {
            let between = pair[1].0 - pair[0].0;
            match self {
                Self::Up(length) => between * length < TICK_FONT * 1.3,
                Self::Across(length) => {
                    let halves =
                        (width(&pair[0].1, TICK_FONT) + width(&pair[1].1, TICK_FONT)) / 2.0;
                    between * length < halves + 8.0
                }
            }
        })
    }
}

/// The least of 1, 2 and 5 times a power of ten that is no smaller than `step`.
fn round_up(step: f64) -> f64 {
    let power = 10_f64.powf(step.log10().floor());
    let factor = [1.0, 2.0, 5.0].into_iter().find(|f| f * power >= step * 0.999);
    factor.unwrap_or(10.0) * power
}

/// Ticks at the multiples of a round step, about `most` of them.
pub(super) fn linear_ticks(lo: f64, hi: f64, most: f64) -> Vec<(f64, String)> {
    let step = round_up((hi - lo) / most);
    let slack = 1e-6 * step;
    let (first, last) = (((lo - slack) / step).ceil(), ((hi + slack) / step).floor());
    (0..=(last - first).max(0.0) as usize)
        .map(|i| (first + i as f64) * step)
        .map(|at| (at, number(at, step, lo.abs().max(hi.abs()))))
        .collect()
}

/// Ticks at powers of ten, at some multiples of them where there are few, or evenly spread values
/// where there are too few of those; and what gets a faint line between them. All are logarithms.
pub(super) fn log_ticks(lo: f64, hi: f64, most: f64) -> (Vec<(f64, String)>, Vec<f64>) {
    let slack = 1e-9;
    let (first, last) = ((lo - slack).ceil() as i32, (hi + slack).floor() as i32);
    let multiples = |factors: &[i32]| -> Vec<f64> {
        let powers = (first - 1..=last).flat_map(|p| factors.iter().map(move |&f| (p, f)));
        powers
            .map(|(power, factor)| f64::from(power) + f64::from(factor).log10())
            .filter(|at| (lo - slack..=hi + slack).contains(at))
            .collect()
    };
    let plain = |at: f64| (-3.01..5.01).contains(&at);
    let label = |at: &f64| {
        let value = 10_f64.powf(*at);
        (*at, number(value, 10_f64.powf((at + 1e-9).floor()), value))
    };
    let decades = last - first + 1;
    if decades >= 3 {
        let stride = (f64::from(decades) / most).ceil().max(1.0) as usize;
        let powers: Vec<i32> = (first..=last).step_by(stride).collect();
        let all_plain = powers.iter().all(|&power| plain(f64::from(power)));
        let text = |p: i32| {
            if all_plain { label(&f64::from(p)).1 } else { power_of_ten(p) }
        };
        let ticks = powers.iter().map(|&p| (f64::from(p), text(p))).collect();
        let minor = if decades <= 6 { multiples(&[2, 3, 4, 5, 6, 7, 8, 9]) } else { vec![] };
        return (ticks, minor);
    }
    for (factors, least) in [(&[1, 2, 5][..], 3), (&[1, 3], 3), (&[1], 2)] {
        let few = multiples(factors);
        if few.len() >= least && few.len() as f64 <= most {
            return (few.iter().map(label).collect(), multiples(&[1, 2, 3, 4, 5, 6, 7, 8, 9]));
        }
    }
    let even = linear_ticks(10_f64.powf(lo), 10_f64.powf(hi), most);
    (
        even.into_iter().filter(|(v, _)| *v > 0.0).map(|(v, text)| (v.log10(), text)).collect(),
        vec![],
    )
}
