//! What the outcome of a run depends on: a checkpoint keeps it, so that nobody goes on with other
//! settings unawares.

use super::checksum::Checksum;
use super::run::Run;
use crate::Network;
use crate::data::{Dataset, Target};
use crate::files::excerpt;
use crate::kernel::Real;
use crate::layer::LayerInfo;
use crate::loss::Loss;
use crate::optim::{Optimizer, kind};
use crate::shape::Sample;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::{self, Display, Formatter};

/// A setting that is not what it was when a checkpoint was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedSetting {
    /// What was set.
    pub name: String,
    /// What it is in this run.
    pub expected: String,
    /// What it was in the run of the checkpoint; shortened where it is long.
    pub found: String,
}

impl Display for ChangedSetting {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { name, expected, found } = self;
        write!(f, "{name} is {found}, expected {expected}")
    }
}

/// Settings by name. Threads, reports, and when training ends are not among them: a run may go on for
/// longer, and elsewhere. Nor is the seed, which the checkpoint has.
#[derive(Clone, Debug, Default)]
pub(super) struct Fingerprint(Vec<(String, String)>);

impl Fingerprint {
    /// Those of a run with this loss.
    pub fn of<N: Network, Y: Target, O: Optimizer<T>, T: Real, L: Loss<N::Outputs>>(
        run: &Run<'_, '_, N, Y, O, T>,
        loss: &L,
    ) -> Self {
        let mut all = Self::default();
        let trainer = &*run.trainer;
        let (settings, optimizer) = (&trainer.settings, &trainer.optimizer);
        let or_none = |text: Option<String>| text.unwrap_or_else(|| "none".into());
        all.push("type of numbers", kind::<T>());
        all.layers(N::LAYERS, "");
        let loss = loss.settings();
        all.push("loss", if loss.is_empty() { kind::<L>() } else { &loss });
        all.push("optimiser", optimizer.kind());
        all.push("learning rate", run.base);
        for (name, value) in optimizer.settings() {
            all.push(name, value);
        }
        let groups = optimizer.parameter_groups().map(|groups| groups.to_string());
        all.push("groups of parameters", or_none(groups));
        all.push("schedule", trainer.schedule.kind());
        for (name, value) in trainer.schedule.settings() {
            all.push(&format!("{name} of the schedule"), value);
        }
        all.push("batch size", run.batches.size());
        all.push("groups of samples", run.passes.groups());
        all.push("drop_last", settings.drop_last);
        all.push("largest norm", or_none(settings.clip_norm.map(|norm| norm.to_string())));
        all.push("keep_best", settings.keep_best);
        all.push("augmentation", trainer.augment.is_some());
        all.push("training set", checksum(run.train));
        all.push("validation set", or_none(trainer.validation.map(checksum)));
        all
    }

    fn push(&mut self, name: &str, value: impl ToString) {
        self.0.push((name.to_string(), value.to_string()));
    }

    /// The declaration of each layer, by its place. Shapes show in the tensors.
    fn layers(&mut self, layers: &[LayerInfo], path: &str) {
        self.push(&format!("number of layers{path}"), layers.len());
        for (number, layer) in (1..).zip(layers) {
            let path = format!("{path} {number}");
            self.push(&format!("layer{path}"), format!("{}: {}", layer.name, layer.declared));
            if !layer.layers.is_empty() {
                self.layers(layer.layers, &path);
            }
        }
    }

    /// The texts of a file.
    pub fn texts(&self) -> impl Iterator<Item = (String, String)> {
        self.0.iter().map(|(name, value)| (key(name), value.clone()))
    }

    /// What is otherwise in a file, of whose texts `text` gives one. What is not there says nothing:
    /// earlier versions kept less, or nothing at all.
    pub fn differences<'t>(&self, text: impl Fn(&str) -> Option<&'t str>) -> Vec<ChangedSetting> {
        let differs = |(name, expected): &(String, String)| {
            let found = text(&key(name)).filter(|found| found != expected)?;
            let (name, expected) = (name.clone(), expected.clone());
            Some(ChangedSetting { name, expected, found: excerpt(found) })
        };
        self.0.iter().filter_map(differs).collect()
    }
}

fn key(name: &str) -> String {
    format!("run: {name}")
}

/// The size of a data set, and a number that another one of this size has not.
fn checksum<S: Sample, Y: Target, T: Real>(data: &Dataset<S, Y, T>) -> String {
    format!("{} samples with the checksum {:016x}", data.len(), Checksum::of(data).0)
}
