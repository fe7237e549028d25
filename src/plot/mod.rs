//! Pictures of training as SVG files (feature `plot`).
//!
//! Every kind of picture is one function that takes the file to write, the data as plain slices,
//! and a small struct of options with a `Default`:
//!
//! | function | shows | for example |
//! |---|---|---|
//! | [`lines`], [`charts`] | named series over an axis, in one chart or several | learning curves |
//! | [`histograms`] | a grid of histograms | the activations of each layer |
//! | [`images`] | grids of small gray images with captions | misclassified digits, filters |
//! | [`confusion`] | counts of true against predicted classes | what a classifier mistakes |
//! | [`heatmap`] | a matrix with labelled rows and columns | attention |
//! | [`scatter`], [`words`] | points in the plane, coloured by class or named | word vectors |
//! | [`decision`] | the regions of a classifier of the plane, and points | the spiral |
//! | [`paths`] | contour lines of a function, and paths over it | optimisers |
//!
//! Series and classes are told apart by more than colour: the palette is that of Okabe and Ito
//! (2008), made for colour-blind readers, markers differ in shape, and an eighth series is dashed.
//!
//! ```
//! use formwork::plot::{self, Axis, Frame, Series};
//!
//! let train = [2.31_f32, 0.42, 0.21, 0.12, 0.08];
//! let test = [2.30_f32, 0.45, 0.27, 0.22, 0.21];
//! let file = std::env::temp_dir().join("formwork-learning-curve.svg");
//! plot::lines(
//!     file,
//!     &[Series::every("train", 1.0, &train), Series::every("test", 1.0, &test)],
//!     &Frame::new("Learning curve", Axis::linear("epoch"), Axis::log("loss")),
//! )?;
//! # Ok::<(), plot::Error>(())
//! ```
//!
//! Values that are not finite (or not positive, on a logarithmic axis) are left out of curves,
//! points and histograms, so that the picture of a training run that diverged can still be drawn.
//! Data that leave nothing to draw, or that contradict each other, are an [`Error`].

mod axis;
mod canvas;
mod colour;
mod confusion;
mod contour;
mod curve;
mod decision;
mod error;
mod frame;
mod heatmap;
mod histograms;
mod images;
mod legend;
mod lines;
mod matrix;
mod panels;
mod paths;
mod scatter;
mod series;
mod text;
mod ticks;
mod words;

pub use axis::{Axis, Frame, Scale};
pub use confusion::{Confusion, confusion};
pub use decision::decision;
pub use error::{Error, Result};
pub use heatmap::{Heatmap, heatmap};
pub use histograms::{Histogram, Histograms, histograms};
pub use images::{Contrast, Images, Picture, images};
pub use lines::{Chart, Grid, charts, lines};
pub use paths::paths;
pub use scatter::{Points, scatter};
pub use series::Series;
pub use words::words;
