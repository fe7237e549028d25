//! All that it takes to go on after an epoch, in one file.
//!
//! It begins with lines of numbers: how many epochs are done, the learning rate and the lowest
//! perplexity, then the perplexities of each epoch. After an empty line, the state of the recurrent
//! layers and the weights follow.

use crate::common::{Failure, Result};
use formwork::io::replace;
use formwork::layer::State;
use formwork::plot::{self, Axis, Chart, Series};
use formwork::prelude::*;
use std::fs;
use std::io::Write;
use std::path::Path;

/// Where a training stands after an epoch.
pub struct Progress {
    pub rate: f64,
    /// The lowest perplexity on the text to choose settings by.
    pub best: f64,
    /// Of each epoch, while training and on the text to choose settings by.
    pub perplexities: Vec<[f64; 2]>,
}

impl Progress {
    /// Before the first epoch.
    pub fn new(rate: f64) -> Self {
        Self { rate, best: f64::INFINITY, perplexities: Vec::new() }
    }

    /// Writes a checkpoint in the place of an older one.
    pub fn save<N: Network>(
        &self,
        path: &Path,
        model: &Model<N>,
        state: &mut N::State<f32>,
    ) -> Result {
        let mut text = format!("{} {}\n", self.rate, self.best);
        for [train, valid] in &self.perplexities {
            text += &format!("{train} {valid}\n");
        }
        let mut bytes = (text + "\n").into_bytes();
        state.visit(&mut |part| bytes.extend(part.iter().flat_map(|value| value.to_le_bytes())));
        bytes.extend(model.to_bytes()?);
        Ok(replace(path, |file| file.write_all(&bytes))?)
    }

    /// Reads a checkpoint.
    pub fn load<N: Network>(path: &Path, state: &mut N::State<f32>) -> Result<(Self, Model<N>)> {
        let read = fs::read(path).map_err(Failure::from);
        let parsed = read.and_then(|bytes| Self::parse(&bytes, state));
        parsed.map_err(|error| format!("{}: {error:?}", path.display()).into())
    }

    fn parse<N: Network>(bytes: &[u8], state: &mut N::State<f32>) -> Result<(Self, Model<N>)> {
        let other = "expected a checkpoint, found another file";
        let end = bytes.windows(2).position(|two| two == b"\n\n").ok_or(other)?;
        let (text, mut bytes) = (std::str::from_utf8(&bytes[..end])?, &bytes[end + 2..]);
        let mut rows = text.lines().map(|line| {
            let (first, second) = line.split_once(' ').ok_or(other)?;
            Ok::<_, Failure>([first.parse::<f64>()?, second.parse()?])
        });
        let [rate, best] = rows.next().ok_or(other)??;
        let perplexities = rows.collect::<Result<Vec<_>>>()?;
        if !(rate.is_finite() && rate >= 0.0) {
            return Err(format!("expected a learning rate that is finite, found {rate}").into());
        }
        if best.is_nan() || perplexities.as_flattened().iter().any(|value| value.is_nan()) {
            return Err("expected perplexities, found one that is not a number".into());
        }
        state.visit(&mut |part| {
            for value in part {
                if let Some((first, rest)) = bytes.split_first_chunk() {
                    (*value, bytes) = (f32::from_le_bytes(*first), rest);
                }
            }
        });
        Ok((Self { rate, best, perplexities }, Model::from_bytes(bytes)?))
    }

    /// Draws the perplexities.
    pub fn draw(&self, path: &Path) -> plot::Result<()> {
        let series = ["training", "validation"].into_iter().enumerate().map(|(i, name)| {
            let points: Vec<[f64; 2]> =
                (1..).zip(&self.perplexities).map(|(epoch, p)| [f64::from(epoch), p[i]]).collect();
            Series { markers: points.len() <= 40, ..Series::path(name, &points) }
        });
        let series: Vec<Series> = series.collect();
        Chart::new("Perplexity", Axis::linear("epoch"), Axis::log("")).lines(&series).save(path)
    }
}
