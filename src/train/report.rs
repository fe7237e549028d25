//! Telling how training goes.

use super::history::Record;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;

/// Is told how training goes, while it does.
///
/// A closure that takes a [`Record`] is one, and hears of every epoch.
pub trait Report {
    /// An epoch of `steps` steps begins: the `epoch`th, counted from 0, of `epochs`.
    fn begin(&mut self, epoch: usize, epochs: usize, steps: usize) {
        let _ = (epoch, epochs, steps);
    }

    /// A step was taken, with this loss before it.
    fn step(&mut self, loss: f64) {
        let _ = loss;
    }

    /// An epoch has ended.
    fn end(&mut self, record: &Record);
}

impl<F: FnMut(&Record)> Report for F {
    fn end(&mut self, record: &Record) {
        self(record);
    }
}

/// Tells nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Report for Silent {
    fn end(&mut self, _: &Record) {}
}

/// Writes a line an epoch to the standard error stream.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lines {
    epochs: usize,
}

impl Report for Lines {
    fn begin(&mut self, _: usize, epochs: usize, _: usize) {
        self.epochs = epochs;
    }

    fn end(&mut self, record: &Record) {
        std::eprintln!("{}", line(record, self.epochs));
    }
}

/// A progress bar where the standard error stream is a terminal, [`Lines`] where it is not.
pub(super) fn automatic() -> Box<dyn Report + Send> {
    #[cfg(feature = "progress")]
    if std::io::IsTerminal::is_terminal(&std::io::stderr()) {
        return Box::new(bar::Bar::new());
    }
    Box::new(Lines::default())
}

/// `epoch  3/20   loss 0.1234, 96.1 % right   validation 0.1301, 95.8 %   8,200 samples/s`
fn line(record: &Record, epochs: usize) -> String {
    let width = format!("{epochs}").len();
    let mut line =
        format!("epoch {:>width$}/{epochs}   loss {:.4}", record.epoch + 1, record.train_loss);
    let share = |accuracy: Option<f64>| {
        accuracy.map_or(String::new(), |share| format!(", {:.2} % right", 100.0 * share))
    };
    line += &share(record.train_accuracy);
    if let Some(loss) = record.validation_loss {
        line += &format!("   validation {loss:.4}{}", share(record.validation_accuracy));
    }
    line + &format!(
        "   rate {:.2e}   {:.0} samples/s",
        record.learning_rate, record.samples_per_second
    )
}

#[cfg(feature = "progress")]
mod bar {
    use super::{Record, Report, format, line};
    use indicatif::{ProgressBar, ProgressStyle};
    use std::time::{Duration, Instant};

    /// How long a loss is shown before the next one replaces it.
    const SHOWN: Duration = Duration::from_millis(100);

    /// A bar that fills once an epoch, under the lines of the epochs so far.
    pub struct Bar {
        bar: ProgressBar,
        epochs: usize,
        steps: u64,
        shown: Instant,
    }

    impl Bar {
        pub fn new() -> Self {
            let style = ProgressStyle::with_template("{prefix} {wide_bar} {pos}/{len}  {msg}")
                .expect("a sound template");
            let bar = ProgressBar::hidden().with_style(style);
            Self { bar, epochs: 0, steps: 0, shown: Instant::now() }
        }

        /// Drawing takes longer than many a step: not at each one.
        fn draw(&mut self, loss: f64) {
            if self.shown.elapsed() > SHOWN {
                self.shown = Instant::now();
                self.bar.set_position(self.steps);
                self.bar.set_message(format!("loss {loss:.4}"));
            }
        }
    }

    impl Report for Bar {
        fn begin(&mut self, epoch: usize, epochs: usize, steps: usize) {
            (self.epochs, self.steps) = (epochs, 0);
            self.bar.set_draw_target(indicatif::ProgressDrawTarget::stderr());
            self.bar.set_length(steps as u64);
            self.bar.set_position(0);
            self.bar.set_prefix(format!("epoch {}/{epochs}", epoch + 1));
        }

        fn step(&mut self, loss: f64) {
            self.steps += 1;
            self.draw(loss);
        }

        fn end(&mut self, record: &Record) {
            self.bar.println(line(record, self.epochs));
        }
    }

    impl Drop for Bar {
        fn drop(&mut self) {
            self.bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_there_is() {
        let record = Record {
            epoch: 2,
            train_loss: 0.12345,
            train_accuracy: Some(0.961),
            validation_loss: Some(0.5),
            validation_accuracy: Some(1.0),
            learning_rate: 1e-3,
            seconds: 0.5,
            samples_per_second: 8200.4,
        };
        assert_eq!(
            line(&record, 20),
            "epoch  3/20   loss 0.1235, 96.10 % right   validation 0.5000, 100.00 % right   \
             rate 1.00e-3   8200 samples/s"
        );
        let plain = Record { train_accuracy: None, validation_loss: None, ..record };
        assert_eq!(line(&plain, 5), "epoch 3/5   loss 0.1235   rate 1.00e-3   8200 samples/s");
    }
}
