//! Histograms.

use std::boxed::Box;
use std::path::Path;
use std::string::String;
use std::vec::Vec;
use std::{format, vec};

use super::axis::{Axis, Ruler};
use super::canvas::Font;
use super::colour::{AXIS, class};
use super::error::{Error, Result};
use super::lines::columns;
use super::panels::{Panel, Sheet};
use super::ticks::Length;

/// One histogram of a grid.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Histogram {
    /// The title above it; empty for none.
    pub title: String,
    /// The values to be counted, in any order.
    pub values: Vec<f64>,
}

impl Histogram {
    /// A histogram of `values` with this title.
    pub fn new<T: Copy + Into<f64>>(title: impl Into<String>, values: &[T]) -> Self {
        Self { title: title.into(), values: values.iter().map(|&value| value.into()).collect() }
    }
}

/// How histograms are drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Histograms<'a> {
    /// The title above all histograms; empty for none.
    pub title: &'a str,
    /// How many stand side by side; 0 for a grid that is about a square.
    pub columns: usize,
    /// How many bins each has.
    pub bins: usize,
    /// The axis of the values. Without a range, each histogram has that of its own values.
    pub x: Axis,
}

impl Default for Histograms<'_> {
    fn default() -> Self {
        Self { title: "", columns: 0, bins: 30, x: Axis::default() }
    }
}

/// Draws a grid of histograms, row by row, each with its own axis of counts.
///
/// Values outside of the range of the axis are not counted, but their share is written down.
///
/// ```
/// use formwork::plot::{self, Axis, Histogram, Histograms};
///
/// let layers: Vec<Histogram> = (1..=5)
///     .map(|layer| {
///         let values: Vec<f32> = (0..1000).map(|i| (i as f32).sin() / layer as f32).collect();
///         Histogram::new(format!("layer {layer}"), &values)
///     })
///     .collect();
/// plot::histograms(
///     std::env::temp_dir().join("formwork-activations.svg"),
///     &layers,
///     &Histograms {
///         title: "Activations",
///         columns: 5,
///         x: Axis { range: Some((-1.0, 1.0)), ..Axis::linear("activation") },
///         ..Default::default()
///     },
/// )?;
/// # Ok::<(), plot::Error>(())
/// ```
///
/// # Errors
/// If there is no histogram, no bin, or no finite value in a histogram; if the range of the axis is
/// not two rising numbers that it can show; or if the file cannot be written.
pub fn histograms(
    path: impl AsRef<Path>,
    histograms: &[Histogram],
    options: &Histograms,
) -> Result<()> {
    let path = path.as_ref();
    let columns = columns(path, options.columns, histograms.len())?;
    if options.bins == 0 {
        return Err(Error::input(path, "a histogram needs at least one bin"));
    }
    let size = match columns {
        1 => (480.0, 280.0),
        2 | 3 => (260.0, 170.0),
        _ => (168.0, 120.0),
    };
    let panels = histograms.iter().map(|histogram| {
        panel(histogram, options, size).map_err(|reason| {
            Error::input(path, format!("{reason}, in the histogram \"{}\"", histogram.title))
        })
    });
    let panels = panels.collect::<Result<_>>()?;
    Sheet { title: options.title, columns, size, panels }.save(path)
}

fn panel<'a>(
    histogram: &Histogram,
    options: &Histograms,
    size: (f64, f64),
) -> std::result::Result<Panel<'a>, String> {
    let x = options.x.ruler(histogram.values.iter().copied(), 0.0, Length::Across(size.0))?;
    let (counts, outside) = count(&histogram.values, &x, options.bins);
    if outside.is_nan() {
        return Err("no value is finite".into());
    }
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    // The note about what lies outside needs room over the bars.
    let room = if outside > 0.0 { 1.2 } else { 1.06 };
    let y = Axis { range: Some((0.0, most as f64 * room)), ..Axis::linear("count") };
    let y = y.ruler(std::iter::empty(), 0.0, Length::Up(size.1))?;
    Ok(Panel {
        title: histogram.title.clone(),
        x,
        y,
        keys: vec![],
        draw: Box::new(move |plot| {
            let bin = 1.0 / counts.len() as f64;
            for (i, &count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
                let height = plot.y.place(count as f64).unwrap_or(0.0);
                let (left, top) = plot.at((i as f64 * bin, height));
                let (right, bottom) = plot.at(((i + 1) as f64 * bin, 0.0));
                // However few the values in a bin, it can be seen that there are some.
                let top = top.min(bottom - 0.75);
                plot.canvas.cell((left + 0.25, top), (right - 0.25, bottom), class(0))?;
            }
            if outside > 0.0 {
                let note = match outside * 100.0 {
                    percent if percent < 0.1 => "< 0.1 % outside".into(),
                    percent => format!("{percent:.1} % outside"),
                };
                let (x, y) = plot.at((1.0, 1.0));
                let font = Font::new(10.0).until().colour(AXIS);
                plot.canvas.text(&note, (x - 4.0, y + 8.0), font)?;
            }
            Ok(())
        }),
    })
}

/// How many values lie in each bin, and which share of the finite ones in none: not a number where
/// none is finite.
fn count(values: &[f64], x: &Ruler, bins: usize) -> (Vec<usize>, f64) {
    let mut counts = vec![0; bins];
    let mut outside = 0;
    for share in values.iter().filter_map(|&value| x.place(value)) {
        if (0.0..=1.0).contains(&share) {
            counts[((share * bins as f64) as usize).min(bins - 1)] += 1;
        } else {
            outside += 1;
        }
    }
    let inside: usize = counts.iter().sum();
    (counts, f64::from(outside) / (inside as f64 + f64::from(outside)))
}
