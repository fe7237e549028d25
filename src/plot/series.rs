//! A named series of values.

use std::format;
use std::path::Path;
use std::string::String;
use std::vec::Vec;

use super::error::{Error, Result};
use super::legend::Key;

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
            let (sum, count) = around
                .iter()
                .filter(|value| value.is_finite())
                .fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
            if self.y[i].is_finite() { sum / count } else { self.y[i] }
        };
        self.y = (0..self.y.len()).map(mean).collect();
        self
    }

    /// The points, in order.
    pub(super) fn points(&self) -> impl Iterator<Item = [f64; 2]> {
        self.x.iter().zip(&self.y).map(|(&x, &y)| [x, y])
    }

    pub(super) fn check(&self, path: &Path) -> Result<()> {
        let (x, y, name) = (self.x.len(), self.y.len(), &self.name);
        if x == y {
            return Ok(());
        }
        Err(Error::input(path, format!("series \"{name}\" has {x} values of x, but {y} of y")))
    }

    pub(super) fn key(&self, index: usize) -> Key {
        Key { name: self.name.clone(), index, line: true, marker: self.markers }
    }
}
