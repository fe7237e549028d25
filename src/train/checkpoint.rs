//! A run that is interrupted and goes on.
//!
//! A checkpoint is a safetensors file of the model (`model.fc1.weight`), of the model that is kept
//! (`kept.fc1.weight`), of what the optimiser remembers (`optimizer.first_moment`) and the schedule
//! (`schedule`), of the history, and of the seed of the run. Its settings are texts beside the tensors
//! (`run: batch size`).

use super::communicator;
use super::error::TrainError;
use super::fingerprint::{ChangedSetting, Fingerprint};
use super::history::{History, Record};
use super::run::Run;
use super::trainer::Resume;
use crate::data::Target;
use crate::io::{self, Entries, Names, Tensors, WeightsError};
use crate::kernel::Real;
use crate::loss::Loss;
use crate::optim::Optimizer;
use crate::{Model, Network};
use alloc::vec::Vec;
use alloc::{format, vec};

/// Numbers of an epoch in the history.
const COLUMNS: usize = Record::COLUMNS.len();

impl<N: Network, Y: Target, O: Optimizer<T>, T: Real> Run<'_, '_, N, Y, O, T> {
    /// Writes the checkpoint, if there is to be one, and it is this rank's to write.
    pub fn checkpoint(&self, model: &Model<N, T>) -> Result<(), TrainError> {
        if communicator::rank(self.trainer.ranks) > 0 {
            return Ok(());
        }
        let Some(path) = &self.trainer.settings.checkpoint else { return Ok(()) };
        let mut file = Entries::default();
        model.write_to(&mut file, &names("model."));
        self.kept.write_to(&mut file, &names("kept."));
        let state = self.trainer.optimizer.state();
        for (name, values) in state.slices() {
            file.reals(format!("optimizer.{name}"), &[values.len()], values);
        }
        file.integer("optimizer_steps", state.steps());
        let schedule = self.trainer.schedule.memory();
        file.any("schedule", &[schedule.len()], &schedule);
        let History { epochs, step_losses } = &self.history;
        let rows: Vec<f64> = epochs.iter().flat_map(|record| record.to_row()).collect();
        file.any("history", &[epochs.len(), COLUMNS], &rows);
        file.reals("step_losses", &[step_losses.len()], step_losses);
        file.integer("seed", self.seed);
        for (name, text) in self.fingerprint.texts() {
            file.text(&name, text);
        }
        Ok(io::write(path, file.into_bytes())?)
    }

    /// Goes on from a checkpoint of a run with this loss, if there is to be one.
    pub fn resume<L: Loss<N::Outputs>>(
        &mut self,
        model: &mut Model<N, T>,
        loss: &L,
    ) -> Result<(), TrainError> {
        let settings = &self.trainer.settings;
        if settings.checkpoint.is_none() && settings.resume.is_none() {
            return Ok(());
        }
        self.fingerprint = Fingerprint::of(self, loss);
        let Some(Resume { path, changed }) = self.trainer.settings.resume.clone() else {
            return Ok(());
        };
        let settings = io::read(&path, |bytes| self.read(model, bytes, changed))?;
        if !settings.is_empty() {
            return Err(TrainError::Changed { path, settings });
        }
        // What is asked of the trainer next goes on from here.
        self.trainer.settings.resume = None;
        Ok(())
    }

    /// Takes over what is in a checkpoint, unless settings have changed and must not: then nothing
    /// but these.
    fn read(
        &mut self,
        model: &mut Model<N, T>,
        bytes: &[u8],
        changed: bool,
    ) -> Result<Vec<ChangedSetting>, WeightsError> {
        let mut file = Tensors::parse(bytes)?;
        let settings = self.fingerprint.differences(|name| file.text(name));
        if !(settings.is_empty() || changed) {
            return Ok(settings);
        }
        let mut read = Model::<N, T>::zeroed();
        read.read_from(&mut file, &names("model."))?;
        self.kept.read_from(&mut file, &names("kept."))?;
        let state = self.trainer.optimizer.state();
        let mut slices: Vec<(&str, Vec<T>)> = Vec::new();
        for (name, values) in state.slices() {
            let mut values = values.to_vec();
            file.reals(&format!("optimizer.{name}"), &[values.len()], &mut values)?;
            slices.push((name, values));
        }
        let steps = file.integer("optimizer_steps")?;
        let schedule = file.any("schedule")?;
        let epochs = read_history(&mut file)?;
        let count = file.dims("step_losses").map_or(0, |dims| dims.iter().product());
        let mut step_losses = vec![0.0; count];
        file.reals("step_losses", &[count], &mut step_losses)?;
        let seed = file.integer("seed")?;
        file.finish()?;

        let slices: Vec<(&str, &[T])> = slices.iter().map(|(name, v)| (*name, &v[..])).collect();
        if !self.trainer.schedule.restore(&schedule) {
            return Err(WeightsError::Schedule { found: schedule.len() });
        }
        self.trainer.optimizer.state_mut().restore(steps, &slices)?;
        self.remembered.copy_from(self.trainer.optimizer.state());
        model.copy_from(&read);
        self.history = History { epochs, step_losses };
        self.seed = seed;
        Ok(Vec::new())
    }
}

/// The names of one of several models in a file.
fn names(prefix: &str) -> Names {
    Names::new().prefix(prefix).once()
}

/// The epochs of a history, counted anew.
fn read_history(file: &mut Tensors<'_>) -> Result<Vec<Record>, WeightsError> {
    let found = file.dims("history").unwrap_or_default().to_vec();
    let expected = vec![found.first().copied().unwrap_or(0), COLUMNS];
    let numbers = file.any("history")?;
    if found != expected {
        return Err(WeightsError::Shape { tensor: "history".into(), expected, found });
    }
    let records = Record::from_rows("history", &numbers)?.into_iter().enumerate();
    Ok(records.map(|(epoch, record)| Record { epoch, ..record }).collect())
}
