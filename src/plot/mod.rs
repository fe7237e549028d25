//! Pictures of training as SVG files (feature `plot`).
//!
//! A [`Chart`] has a title and two axes; a method says what is drawn in it, and
//! [`save`](Chart::save) writes the file. A [`Figure`] is a grid of charts, and [`images`] draws
//! grids of small gray images.
//!
//! | method | shows | for example |
//! |---|---|---|
//! | [`Chart::lines`] | named series over an axis | learning curves |
//! | [`Chart::histogram`] | how values are spread | the activations of a layer |
//! | [`Chart::confusion`] | counts of true against predicted classes | what a classifier mistakes |
//! | [`Chart::heatmap`] | a matrix with labelled rows and columns | attention |
//! | [`Chart::scatter`], [`Chart::words`] | points in the plane, by class or named | word vectors |
//! | [`Chart::decision`] | the regions of a classifier of the plane, and points | the spiral |
//! | [`Chart::paths`] | contour lines of a function, and paths over it | optimisers |
//!
//! ```
//! use formwork::plot::{self, Axis, Chart, Series};
//!
//! let train = [2.31_f32, 0.42, 0.21, 0.12, 0.08];
//! let test = [2.30_f32, 0.45, 0.27, 0.22, 0.21];
//! Chart::new("Learning curve", Axis::linear("epoch"), Axis::log("loss"))
//!     .lines(&[Series::every("train", 1.0, &train), Series::every("test", 1.0, &test)])
//!     .save(std::env::temp_dir().join("formwork-learning-curve.svg"))?;
//! # Ok::<(), plot::Error>(())
//! ```
//!
//! Series and classes are told apart by more than colour: the palette is that of Okabe and Ito
//! (2008), made for colour-blind readers, markers differ in shape, and an eighth series is dashed.
//!
//! Values that are not finite (or not positive, on a logarithmic axis) are left out of curves,
//! points and histograms, so that the picture of a training run that diverged can still be drawn.
//! Data that leave nothing to draw, or that contradict each other, are an [`Error`] of `save`. An
//! older picture is replaced whole, or not at all.
//!
//! Axes, legends, contours and marks are drawn by the crate kuva.

mod axis;
mod cells;
mod chart;
mod error;
mod figure;
mod images;
mod lines;
mod plane;
mod svg;

pub use axis::Axis;
pub use chart::Chart;
pub use error::{Error, Result};
pub use figure::Figure;
pub use images::{Images, Picture, images};
pub use lines::Series;
