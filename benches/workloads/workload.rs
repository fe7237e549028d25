//! What a workload is.

/// Makes a workload.
pub type Make = fn() -> Workload;

/// One step or call, which says what it is doing.
pub type Step = Box<dyn FnMut(&mut dyn Watch) + Send>;

/// A workload, ready to be run.
pub struct Workload {
    pub step: Step,
    /// Samples (or tokens) of a step.
    pub samples: usize,
    /// Floating-point operations of a step: two for each multiplication with its addition, in the
    /// products of forward and backward.
    pub flop: usize,
}

/// What a step tells.
pub trait Watch: Send {
    /// A part of the step ends.
    fn ends(&mut self, _part: &'static str) {}
    /// The step has ended, with these parameters.
    fn parameters(&mut self, _parameters: &[f32]) {}
}

/// Nobody watches.
impl Watch for () {}
