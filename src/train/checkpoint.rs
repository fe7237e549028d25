//! A run that is interrupted and goes on.
//!
//! A checkpoint is a safetensors file of the model (`model.fc1.weight`), of the model that is kept
//! (`kept.fc1.weight`), of what the optimiser remembers (`optimizer.first_moment`) and the schedule
//! (`schedule`), of the history, and of the seed of the run.

use super::error::TrainError;
use super::history::{History, Record};
use super::run::Run;
use crate::data::Target;
use crate::io::{self, Entries, Tensors, WeightsError};
use crate::kernel::Real;
use crate::optim::Optimizer;
use crate::{Model, Network};
use alloc::format;
use alloc::vec::Vec;

impl<N: Network, Y: Target, O: Optimizer<T>, T: Real> Run<'_, '_, N, Y, O, T> {
    /// Writes the checkpoint, if there is to be one.
    pub fn checkpoint(&self, model: &Model<N, T>) -> Result<(), TrainError> {
        let Some(path) = &self.trainer.settings.checkpoint else { return Ok(()) };
        let mut file = Entries::default();
        model.write_to(&mut file, "model.");
        self.kept.write_to(&mut file, "kept.");
        let state = self.trainer.optimizer.state();
        for (name, values) in state.slices() {
            file.reals(format!("optimizer.{name}"), &[values.len()], values);
        }
        file.integer("optimizer_steps", state.steps());
        let schedule = self.trainer.schedule.memory();
        file.any("schedule", &[schedule.len()], &schedule);
        let History { epochs, step_losses } = &self.history;
        let rows: Vec<f64> = epochs.iter().flat_map(|record| record.to_row()).collect();
        file.any("history", &[epochs.len(), rows.len() / epochs.len().max(1)], &rows);
        file.any("step_losses", &[step_losses.len()], step_losses);
        file.integer("seed", self.seed);
        Ok(io::write(path, file.into_bytes())?)
    }

    /// Goes on from a checkpoint, if there is to be one.
    pub fn resume(mut self, model: &mut Model<N, T>) -> Result<Self, TrainError> {
        let Some(path) = self.trainer.settings.resume.take() else { return Ok(self) };
        io::read(&path, |bytes| self.read(model, bytes))?;
        Ok(self)
    }

    fn read(&mut self, model: &mut Model<N, T>, bytes: &[u8]) -> Result<(), WeightsError> {
        let mut file = Tensors::parse(bytes)?;
        let mut read = Model::<N, T>::zeroed();
        read.read_from(&mut file, "model.")?;
        self.kept.read_from(&mut file, "kept.")?;
        let state = self.trainer.optimizer.state_mut();
        let mut slices: Vec<(&str, Vec<T>)> = Vec::new();
        for (name, values) in state.slices() {
            let mut values = values.to_vec();
            file.reals(&format!("optimizer.{name}"), &[values.len()], &mut values)?;
            slices.push((name, values));
        }
        let steps = file.integer("optimizer_steps")?;
        let schedule = file.any("schedule")?;
        self.history.epochs = Record::from_rows("history", &file.any("history")?)?;
        self.history.step_losses = file.any("step_losses")?;
        self.seed = file.integer("seed")?;
        file.finish()?;

        let slices: Vec<(&str, &[T])> = slices.iter().map(|(name, v)| (*name, &v[..])).collect();
        state.restore(steps, &slices)?;
        if !self.trainer.schedule.restore(&schedule) {
            return Err(WeightsError::Schedule { found: schedule.len() });
        }
        model.copy_from(&read);
        Ok(())
    }
}
