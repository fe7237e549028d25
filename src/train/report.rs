//! Telling how training goes.

use super::history::Record;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use std::io::Write;

/// Is told how training goes, while it does.
///
/// A closure that takes a [`Record`] is one, and hears of every epoch. A report has no way to stop
/// training: those of this crate go on silently where they cannot write.
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

    /// Training has ended: after the last epoch, early, or with an error.
    fn finish(&mut self) {}
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

/// Writes a line an epoch to the standard error stream; of more than twenty epochs, only of the
/// first, of one in each twentieth, and of the last.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    chosen: Chosen,
}

impl Report for Lines {
    fn begin(&mut self, _: usize, epochs: usize, _: usize) {
        self.chosen.epochs = epochs;
    }

    fn end(&mut self, record: &Record) {
        if let Some(line) = self.chosen.line(record) {
            tell(&line);
        }
    }

    fn finish(&mut self) {
        if let Some(line) = self.chosen.last_line() {
            tell(&line);
        }
    }
}

/// Writes a line to the standard error stream. That may be closed, or on a full disk: then nobody is
/// told, and training goes on.
fn tell(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// The most epochs of which each is worth a line.
const MOST: usize = 20;

/// Chooses the epochs that are worth a line.
#[derive(Clone, Debug, Default)]
struct Chosen {
    epochs: usize,
    /// The last epoch, where it was not.
    passed: Option<Record>,
}

impl Chosen {
    fn line(&mut self, record: &Record) -> Option<String> {
        let most = MOST.min(self.epochs);
        let parts = |epochs: usize| (epochs * most).checked_div(self.epochs);
        let chosen = record.epoch == 0 || parts(record.epoch + 1) != parts(record.epoch);
        self.passed = (!chosen).then_some(*record);
        chosen.then(|| line(record, self.epochs))
    }

    /// The line of the epoch with which training stopped early.
    fn last_line(&mut self) -> Option<String> {
        self.passed.take().map(|record| line(&record, self.epochs))
    }
}

/// A progress bar over [`Lines`] where the standard error stream is a terminal, these alone where
/// it is not.
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
    line += &format!("   rate {:.2e}", record.learning_rate);
    if record.samples_per_second > 0.0 {
        line += &format!("   {:.0} samples/s", record.samples_per_second);
    }
    line
}

#[cfg(feature = "progress")]
mod bar {
    use super::{Chosen, Record, Report, format};
    use indicatif::{ProgressBar, ProgressStyle};
    use std::time::{Duration, Instant};

    /// How long a loss is shown before the next one replaces it.
    const SHOWN: Duration = Duration::from_millis(100);

    /// A bar that fills once an epoch, under the lines of epochs so far.
    pub struct Bar {
        bar: ProgressBar,
        chosen: Chosen,
        steps: u64,
        shown: Instant,
    }

    impl Bar {
        pub fn new() -> Self {
            let style = ProgressStyle::with_template("{prefix} {wide_bar} {pos}/{len}  {msg}")
                .expect("a sound template");
            let bar = ProgressBar::hidden().with_style(style);
            Self { bar, chosen: Chosen::default(), steps: 0, shown: Instant::now() }
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
            (self.chosen.epochs, self.steps) = (epochs, 0);
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
            if let Some(line) = self.chosen.line(record) {
                self.bar.println(line);
            }
        }

        fn finish(&mut self) {
            if let Some(line) = self.chosen.last_line() {
                self.bar.println(line);
            }
            self.bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    const RECORD: Record = Record {
        epoch: 2,
        train_loss: 0.12345,
        train_accuracy: Some(0.961),
        validation_loss: Some(0.5),
        validation_accuracy: Some(1.0),
        learning_rate: 1e-3,
        seconds: 0.5,
        samples_per_second: 8200.4,
    };

    /// The numbers of the epochs, from 1, that get a line when training stops after `run` of them.
    fn chosen(epochs: usize, run: usize) -> Vec<usize> {
        let mut chosen = Chosen { epochs, passed: None };
        let mut shown: Vec<usize> = (0..run)
            .filter(|&epoch| chosen.line(&Record { epoch, ..RECORD }).is_some())
            .map(|epoch| epoch + 1)
            .collect();
        shown.extend(chosen.last_line().map(|_| run));
        shown
    }

    #[test]
    fn of_many_epochs_some_get_a_line() {
        assert_eq!(chosen(3, 3), [1, 2, 3]);
        assert_eq!(chosen(20, 20), (1..=20).collect::<Vec<_>>());
        assert_eq!(chosen(200, 47), [1, 10, 20, 30, 40, 47]);
        assert_eq!(chosen(200, 200).len(), 21);
        assert_eq!(chosen(200, 200)[20], 200);
        // Each twentieth has an epoch, whatever the number.
        assert_eq!(chosen(37, 37).len(), 21);
        assert_eq!(chosen(37, 7), [1, 2, 4, 6, 7]);
    }

    #[test]
    fn a_line_says_what_there_is() {
        let record = RECORD;
        assert_eq!(
            line(&record, 20),
            "epoch  3/20   loss 0.1235, 96.10 % right   validation 0.5000, 100.00 % right   \
             rate 1.00e-3   8200 samples/s"
        );
        let plain = Record { train_accuracy: None, validation_loss: None, ..record };
        assert_eq!(line(&plain, 5), "epoch 3/5   loss 0.1235   rate 1.00e-3   8200 samples/s");
        let timeless = Record { seconds: 0.0, samples_per_second: 0.0, ..plain };
        assert_eq!(line(&timeless, 5), "epoch 3/5   loss 0.1235   rate 1.00e-3");
    }
}
