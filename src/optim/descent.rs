//! The frame of all optimisers: what they do around their update rules.

use super::groups::Factors;
use super::slices::Slices;
use super::{Groups, Optimizer, RowOptimizer, Rows, State, hyper, kind};
use crate::kernel::Real;
use alloc::vec::Vec;

/// An update rule: what a step makes of a parameter, of the `N` values that are remembered for it,
/// and of its gradient. [`Descent`] does the rest.
///
/// # Example
/// A rule of one's own:
/// ```
/// use formwork::kernel::Real;
/// use formwork::optim::{Descent, Optimizer, Rule, Update};
///
/// /// Steps of a fixed length against the sign of the gradient.
/// struct SignSgd;
///
/// impl Rule<0> for SignSgd {
///     const REMEMBERED: &'static [&'static str; 0] = &[];
///
///     fn update<T: Real>(&self, lr: f64, _: u64) -> impl Update<T, 0> {
///         let lr = T::of(lr);
///         move |p, [], g| *p -= lr * g.signum()
///     }
/// }
///
/// let mut optimizer = Descent::by(SignSgd, 0.5);
/// let mut params = [1.0_f32, -1.0];
/// optimizer.step(&mut params, &[0.1, -20.0]);
/// assert_eq!(params, [0.5, -0.5]);
/// ```
pub trait Rule<const N: usize> {
    /// The names of what is remembered, for checkpoints.
    const REMEMBERED: &'static [&'static str; N];
    /// The weight decay unless set.
    const WEIGHT_DECAY: f64 = 0.0;
    /// Whether weight decay acts on the parameter (`p *= 1 - lr weight_decay`), not by way of the
    /// gradient (`g += weight_decay p`).
    const DECOUPLED: bool = false;
    /// Whether [`step_rows`](RowOptimizer::step_rows), without weight decay, leaves rows that are not
    /// named as they are, what is remembered for them included. Otherwise they are updated by a
    /// gradient of zero.
    const LEAVES_ROWS: bool = false;

    /// What was set, by name: for checkpoints, which notice when a run goes on with other settings.
    fn settings(&self) -> Vec<(&'static str, f64)> {
        Vec::new()
    }

    /// The update of step `t = 1, 2, ..` at this learning rate. What is remembered is 0 before the
    /// first step.
    fn update<T: Real>(&self, lr: f64, t: u64) -> impl Update<T, N>;
}

/// The update of a parameter `p` and of what is remembered for it, by its gradient `g`: a closure
/// `|p, remembered, g|`. It is inlined into a loop that is compiled for every instruction set, so
/// it is to be free of branches that data decide.
pub trait Update<T, const N: usize>: Fn(&mut T, &mut [T; N], T) + Copy + Sync {}

impl<T, const N: usize, F: Fn(&mut T, &mut [T; N], T) + Copy + Sync> Update<T, N> for F {}

/// Gradient descent by a [`Rule`], for parameters of type `T`: the frame of all optimisers. It keeps
/// the learning rate, the weight decay and what the rule remembers, and goes through the parameters
/// in one loop, on all threads.
#[derive(Debug, Clone)]
pub struct Descent<R, T, const N: usize> {
    pub(super) rule: R,
    weight_decay: f64,
    groups: Option<Groups>,
    state: State<T>,
}

impl<R: Rule<N>, T: Real, const N: usize> Descent<R, T, N> {
    /// Descent at this learning rate, with the rule's defaults for all else.
    ///
    /// # Panics
    /// If the rate is negative or not finite.
    #[track_caller]
    pub fn new(learning_rate: f64) -> Self
    where
        R: Default,
    {
        Self::by(R::default(), learning_rate)
    }

    /// Descent by a rule of one's own at this learning rate.
    ///
    /// # Panics
    /// If the rate is negative or not finite.
    #[track_caller]
    pub fn by(rule: R, learning_rate: f64) -> Self {
        let state = State::new(learning_rate, R::REMEMBERED);
        Self { rule, weight_decay: R::WEIGHT_DECAY, groups: None, state }
    }

    /// Sets the weight decay. It is the factor of `|p|^2 / 2` in the loss; with
    /// [`AdamW`](super::AdamW), the share of a parameter, times the learning rate, that a step takes
    /// away. 0 unless set; with `AdamW`, 0.01.
    ///
    /// # Panics
    /// If it is negative or not finite.
    #[track_caller]
    pub fn weight_decay(mut self, weight_decay: f64) -> Self {
        self.weight_decay = hyper::not_negative(weight_decay, "the weight decay");
        self
    }

    /// Treats some tensors otherwise than others: biases without weight decay, a part at another rate.
    /// See [`Groups`] for an example.
    pub fn groups(mut self, groups: Groups) -> Self {
        self.groups = Some(groups);
        self
    }

    /// Opens a step: what is to be updated, and by what.
    #[track_caller]
    fn open<'a>(
        &'a mut self,
        params: &'a mut [T],
        gradient: &'a [T],
    ) -> (Slices<'a, T, N>, Next<'a, R>, Option<&'a Groups>) {
        let Self { rule, weight_decay, groups, state } = self;
        let (lr, t) = (state.learning_rate(), state.steps().saturating_add(1));
        let next = Next { rule, lr, t, weight_decay: *weight_decay };
        let remembered = state.begin(params, gradient);
        (Slices { params, remembered, gradient }, next, groups.as_ref())
    }
}

/// What the next step goes by.
struct Next<'a, R> {
    rule: &'a R,
    lr: f64,
    t: u64,
    weight_decay: f64,
}

impl<'a, R> Next<'a, R> {
    /// The rule with scale and weight decay around it, for parameters with these factors.
    fn update<T: Real, const N: usize>(
        &self,
        scale: f64,
        factors: Factors,
    ) -> impl Update<T, N> + use<'a, R, T, N>
    where
        R: Rule<N>,
    {
        let (lr, weight_decay) = (self.lr * factors.rate, self.weight_decay * factors.decay);
        let update = self.rule.update(lr, self.t);
        let (decay, keep) =
            if R::DECOUPLED { (0.0, 1.0 - lr * weight_decay) } else { (weight_decay, 1.0) };
        let [scale, decay, keep] = [scale, decay, keep].map(T::of);
        move |p: &mut T, remembered: &mut [T; N], g| {
            // Without decay an infinite parameter is none of its gradient's business.
            let g = if decay == T::ZERO { scale * g } else { scale * g + decay * *p };
            if R::DECOUPLED {
                *p *= keep;
            }
            update(p, remembered, g);
        }
    }
}

impl<R: Rule<N>, T: Real, const N: usize> Optimizer<T> for Descent<R, T, N> {
    fn kind(&self) -> &'static str {
        let rule = kind::<R>();
        rule.strip_suffix("Rule").unwrap_or(rule)
    }

    fn parameter_groups(&self) -> Option<&Groups> {
        self.groups.as_ref()
    }

    fn settings(&self) -> Vec<(&'static str, f64)> {
        let mut settings = self.rule.settings();
        settings.push(("weight decay", self.weight_decay));
        settings
    }

    fn state(&self) -> &State<T> {
        &self.state
    }

    fn state_mut(&mut self) -> &mut State<T> {
        &mut self.state
    }

    #[track_caller]
    fn step_scaled(&mut self, params: &mut [T], gradient: &[T], scale: f64) {
        if let Some(groups) = &self.groups {
            groups.assert_of(params.len());
        }
        let (mut slices, next, groups) = self.open(params, gradient);
        let Some(groups) = groups else { return slices.update(&next.update(scale, Factors::ONE)) };
        for (len, factors) in groups.runs() {
            let [part, rest] = slices.split(len);
            part.update(&next.update(scale, factors));
            slices = rest;
        }
    }
}

impl<R: Rule<N>, T: Real, const N: usize> RowOptimizer<T> for Descent<R, T, N> {
    #[track_caller]
    fn step_rows(&mut self, params: &mut [T], gradient: &[T], rows: &Rows) {
        assert!(self.groups.is_none(), "groups are of whole networks, not of rows");
        if R::LEAVES_ROWS && self.weight_decay == 0.0 {
            let (slices, Next { rule, lr, t, .. }, _) = self.open(params, gradient);
            return slices.update_named(rows, &rule.update(lr, t));
        }
        let (slices, next, _) = self.open(params, gradient);
        slices.update_rows(rows, &next.update(1.0, Factors::ONE));
    }
}

/// `g^2`, or half of the largest number where that is less: a square beyond all numbers would be an
/// infinite moment, by which no step goes anywhere any more.
#[inline(always)]
pub(super) fn square<T: Real>(g: T) -> T {
    let most = T::of(if size_of::<T>() == 4 { f64::from(f32::MAX) } else { f64::MAX } / 2.0);
    let square = g * g;
    if square > most { most } else { square }
}
