//! The layers, a folder and a file for each of `src/layers`: gradients against central differences,
//! values against PyTorch (the scripts in `tests/reference`) and arithmetic by hand.

mod activation;
mod conv;
mod dense;
mod dropout;
mod embedding;
mod film;
mod harness;
mod images;
mod norm;
mod over_time;
mod pool;
mod recurrent;
mod reshape;
mod wavenet;
mod wrap;
