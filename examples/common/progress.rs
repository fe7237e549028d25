//! How an epoch goes: a bar where the standard error stream is a terminal, now and then a line
//! where it is not.

use indicatif::{ProgressBar, ProgressStyle};
use std::io::{self, Write};
use std::time::{Duration, Instant};

/// An epoch of training, from its first step on.
pub struct Epoch {
    /// Of its number, from 1, and the number of all epochs.
    name: String,
    bar: ProgressBar,
    done: u64,
    start: Instant,
    shown: Instant,
    /// The time from one message to the next.
    apart: Duration,
}

impl Epoch {
    /// The epoch after `epoch` others, of `epochs`, begins. It has so many steps.
    pub fn new(epoch: usize, epochs: usize, steps: usize) -> Self {
        let name = format!("epoch {:>1$}/{epochs}", epoch + 1, epochs.to_string().len());
        let style = ProgressStyle::with_template("{prefix} {wide_bar} {pos}/{len}  {msg}")
            .expect("a sound template");
        let bar = ProgressBar::new(steps as u64).with_style(style).with_prefix(name.clone());
        let apart = if bar.is_hidden() { 60_000 } else { 100 };
        let now = Instant::now();
        Self { name, bar, done: 0, start: now, shown: now, apart: Duration::from_millis(apart) }
    }

    /// One more step is done. From time to time `message` is shown; it is given the seconds and the
    /// steps since the epoch began.
    pub fn step(&mut self, message: impl FnOnce(f64, f64) -> String) {
        self.done += 1;
        if self.shown.elapsed() < self.apart {
            return;
        }
        self.shown = Instant::now();
        let message = message(self.seconds(), self.done as f64);
        if self.bar.is_hidden() {
            let steps = self.bar.length().unwrap_or(self.done);
            // Where nobody listens, training goes on.
            let _ =
                writeln!(io::stderr(), "{}   step {}/{steps}   {message}", self.name, self.done);
        } else {
            self.bar.set_position(self.done);
            self.bar.set_message(message);
        }
    }

    /// The seconds since the epoch began.
    pub fn seconds(&self) -> f64 {
        self.start.elapsed().as_secs_f64()
    }

    /// Takes the bar away, and writes a line about the epoch to the standard output.
    pub fn end(self, line: &str) {
        self.bar.finish_and_clear();
        println!("{}   {line}", self.name);
    }
}
