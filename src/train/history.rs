//! What happened in training.

use crate::files::replace;
#[cfg(feature = "safetensors")]
use crate::io::WeightsError;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
#[cfg(feature = "safetensors")]
use alloc::{borrow::ToOwned, vec};
use core::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::Path;

/// What happened in training, epoch by epoch.
///
/// ```
/// use formwork::train::{History, Record};
///
/// let mut history = History::default();
/// for (epoch, loss) in [0.9, 0.4, 0.6].into_iter().enumerate() {
///     history.epochs.push(Record { epoch, validation_loss: Some(loss), ..Record::default() });
/// }
/// assert_eq!(history.best(), Some(&history.epochs[1]));
/// assert_eq!(history.epochs_since_best(), 1);
/// assert!(history.to_csv().starts_with("epoch,train_loss,"));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// A record of each epoch, in order.
    pub epochs: Vec<Record>,
    /// The loss of each step, where [`record_steps`](super::Trainer::record_steps) asks for it.
    pub step_losses: Vec<f64>,
}

/// What happened in one epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Record {
    /// The epoch, counted from 0.
    pub epoch: usize,
    /// The mean loss over the training samples, each at the step it was part of.
    pub train_loss: f64,
    /// The share of training samples that were classified rightly at the step they were part of,
    /// where the targets are classes.
    pub train_accuracy: Option<f64>,
    /// The mean loss over the validation set after the epoch, where there is one.
    pub validation_loss: Option<f64>,
    /// The share of validation samples classified rightly after the epoch, where there is such a
    /// set and its targets are classes.
    pub validation_accuracy: Option<f64>,
    /// The learning rate of the last step.
    pub learning_rate: f64,
    /// The time that the epoch's steps took, in seconds, without the validation, by the
    /// trainer's [clock](super::Trainer::clock).
    pub seconds: f64,
    /// Training samples for each of these seconds; 0 where the clock tells of no time.
    pub samples_per_second: f64,
}

impl Record {
    /// The names of the columns of [`History::to_csv`].
    pub(crate) const COLUMNS: [&str; 8] = [
        "epoch",
        "train_loss",
        "train_accuracy",
        "validation_loss",
        "validation_accuracy",
        "learning_rate",
        "seconds",
        "samples_per_second",
    ];

    /// The epoch as a row of numbers; what is missing is NaN.
    pub(crate) fn to_row(self) -> [f64; 8] {
        let or_nan = |value: Option<f64>| value.unwrap_or(f64::NAN);
        [
            self.epoch as f64,
            self.train_loss,
            or_nan(self.train_accuracy),
            or_nan(self.validation_loss),
            or_nan(self.validation_accuracy),
            self.learning_rate,
            self.seconds,
            self.samples_per_second,
        ]
    }

    /// The reverse of [`to_row`](Self::to_row) for all epochs of a checkpoint.
    #[cfg(feature = "safetensors")]
    pub(crate) fn from_rows(tensor: &str, rows: &[f64]) -> Result<Vec<Self>, WeightsError> {
        let (rows, rest) = rows.as_chunks();
        if !rest.is_empty() {
            let (tensor, found) = (tensor.to_owned(), vec![rows.as_flattened().len() + rest.len()]);
            return Err(WeightsError::Shape { tensor, expected: vec![rows.len(), 8], found });
        }
        let read = |(at, &row): (usize, &[f64; 8])| {
            let record = Self::from_row(row);
            let epoch = if row[0].is_finite() { Ok(()) } else { Err((0, row[0])) };
            let checked = epoch.and_then(|()| record.check());
            checked.map(|()| record).map_err(|(column, value)| WeightsError::NotFinite {
                tensor: tensor.to_owned(),
                index: at * row.len() + column,
                value,
            })
        };
        rows.iter().enumerate().map(read).collect()
    }

    #[cfg(feature = "safetensors")]
    fn from_row(row: [f64; 8]) -> Self {
        let present = |value: f64| (!value.is_nan()).then_some(value);
        Self {
            epoch: row[0] as usize,
            train_loss: row[1],
            train_accuracy: present(row[2]),
            validation_loss: present(row[3]),
            validation_accuracy: present(row[4]),
            learning_rate: row[5],
            seconds: row[6],
            samples_per_second: row[7],
        }
    }

    /// Refuses what no training leads to, with its column: numbers that are not finite.
    fn check(&self) -> Result<(), (usize, f64)> {
        let numbers = [
            Some(self.train_loss),
            self.train_accuracy,
            self.validation_loss,
            self.validation_accuracy,
            Some(self.learning_rate),
            Some(self.seconds),
            Some(self.samples_per_second),
        ];
        let wrong =
            |(at, value): (usize, Option<f64>)| Some((at + 1, value.filter(|x| !x.is_finite())?));
        numbers.into_iter().enumerate().find_map(wrong).map_or(Ok(()), Err)
    }
}

impl History {
    /// The epoch with the lowest validation loss, the first of equals; `None` without validation.
    pub fn best(&self) -> Option<&Record> {
        let mut best: Option<&Record> = None;
        for record in self.epochs.iter().filter(|record| record.validation_loss.is_some()) {
            if best.is_none_or(|best| record.validation_loss < best.validation_loss) {
                best = Some(record);
            }
        }
        best
    }

    /// How many epochs there were after the best one; 0 without validation.
    pub fn epochs_since_best(&self) -> usize {
        self.best().map_or(0, |best| self.epochs.iter().filter(|r| r.epoch > best.epoch).count())
    }

    /// One number of every epoch, as for a plot: `history.column(|epoch| epoch.train_loss)`. An
    /// epoch without it gives NaN when `pick` does.
    pub fn column(&self, pick: impl Fn(&Record) -> f64) -> Vec<f64> {
        self.epochs.iter().map(pick).collect()
    }

    /// The epochs as CSV, with a line of names. Numbers that are not there are left empty.
    pub fn to_csv(&self) -> String {
        let mut csv = Record::COLUMNS.join(",");
        csv.push('\n');
        for record in &self.epochs {
            for (i, value) in record.to_row().into_iter().enumerate() {
                if i > 0 {
                    csv.push(',');
                }
                if !value.is_nan() {
                    let _ = write!(csv, "{value}");
                }
            }
            csv.push('\n');
        }
        csv
    }

    /// Writes the epochs as CSV to the file at `path`, which is replaced once all is written.
    ///
    /// # Errors
    /// If the file cannot be written, or a number of an epoch is not finite.
    pub fn save(&self, path: impl AsRef<Path>) -> io::Result<()> {
        for record in &self.epochs {
            record.check().map_err(|(column, value)| {
                let (epoch, column) = (record.epoch, Record::COLUMNS[column]);
                let found = format!("epoch {epoch}: {column} is {value}, expected a finite number");
                io::Error::new(io::ErrorKind::InvalidData, found)
            })?;
        }
        replace(path, |file| file.write_all(self.to_csv().as_bytes()))
    }
}
