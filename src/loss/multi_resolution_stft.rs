//! The difference of spectra over time, at several resolutions (Yamamoto et al., 2020).
//!
//! ```text
//! X[m, k]  = sum over j of w(j) x(H m + j) exp(-2 pi i j k / F)    X = sqrt(max(|X|^2, 1e-7))    T likewise
//! loss     = mean over resolutions of |X - T| / |T| + mean of |ln X - ln T|
//! gradient dX = (X - T) / (|X - T| |T|) + sign(ln X - ln T) / (X n)
//!          dx(H m + j) = sum over m, k of w(j) dX[m, k] Re(exp(2 pi i j k / F) X[m, k] / |X[m, k]|)
//! ```
//!
//! over the frames `m` of all sequences and outputs and the frequencies `k` from 0 to `F / 2`, of which
//! there are `n` in all; `|.|` is the root of the sum of squares. `F` is the size of the transform, `H`
//! the distance of frames, and `w` a Hann window in the middle of each. Frames lie within a sequence.
//!
//! Shapes: outputs, targets and gradient `N x n`, time-major.

use super::fourier::{Complex, Fourier};
use super::{Loss, OutputMatrix, OutputMatrixMut};
use crate::data::{Batch, Values};
use crate::kernel::Real;
use alloc::vec;
use alloc::vec::Vec;
use nalgebra::Const;

/// How far apart two signals are in their spectra, whatever the phase: for what a network is to sound
/// like, beside a loss of the signal itself. It works in double precision, and allocates what it works in.
///
/// ```
/// use formwork::data::{Batch, Values};
/// use formwork::loss::{Loss, MultiResolutionStft};
/// use nalgebra::Matrix1xX;
///
/// let wave = |phase: f64| (0..64).map(|i| (f64::from(i) * 0.9 + phase).sin()).collect::<Vec<_>>();
/// let targets = Batch::<Values<1>, f64>::from_vec(wave(0.0))?;
/// let late = Matrix1xX::from_vec(wave(1.0));
/// // Frames of 32 samples, each 8 after the one before, with a window of 24.
/// let loss = MultiResolutionStft::new(1).resolutions(&[(32, 8, 24)]);
/// let quiet = Matrix1xX::zeros(64);
/// let [late, quiet] = [late, quiet].map(|x| loss.evaluate(x.as_view(), &targets, None));
/// assert!(late < 1.0 && quiet > 5.0);
/// # Ok::<(), formwork::data::DataError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct MultiResolutionStft {
    lanes: usize,
    warm_up: usize,
    resolutions: Vec<Resolution>,
}

#[derive(Clone, Debug, PartialEq)]
struct Resolution {
    fourier: Fourier,
    hop: usize,
    /// As many as the transform has numbers.
    window: Vec<f64>,
}

impl Resolution {
    fn new((size, hop, length): (usize, usize, usize)) -> Self {
        assert!(
            hop > 0 && length > 0 && length <= size,
            "a window of {length} in frames of {size}, {hop} apart"
        );
        let (fourier, mut window) = (Fourier::new(size), vec![0.0; size]);
        for (j, w) in window[(size - length) / 2..][..length].iter_mut().enumerate() {
            *w = 0.5 - 0.5 * (core::f64::consts::TAU * j as f64 / length as f64).cos();
        }
        Self { fourier, hop, window }
    }

    /// The first step of each frame in a sequence of so many.
    fn frames(&self, steps: usize) -> impl Iterator<Item = usize> + Clone {
        let beyond = (steps + 1).saturating_sub(self.window.len());
        (0..beyond).step_by(self.hop)
    }

    /// The frequencies from 0 to the highest.
    fn bins(&self) -> usize {
        self.window.len() / 2 + 1
    }

    /// The spectrum of the frame that begins at `first`.
    fn spectrum(&self, into: &mut [Complex], signal: &[f64], first: usize) {
        let windowed = self.window.iter().zip(&signal[first..]);
        into.iter_mut().zip(windowed).for_each(|(to, (w, x))| *to = [w * x, 0.0]);
        self.fourier.forward(into);
    }

    /// The loss of signals against others, of the same number of steps each, and where asked for what
    /// its gradient by them is, times `share`, which is added to `gradients`.
    fn evaluate(
        &self,
        signals: &[Vec<f64>],
        targets: &[Vec<f64>],
        gradients: Option<(&mut [Vec<f64>], f64)>,
    ) -> f64 {
        let mut spectrum = vec![[0.0; 2]; self.window.len()];
        let mut magnitudes = |of: &[Vec<f64>]| {
            let mut magnitudes = Vec::new();
            for signal in of {
                for first in self.frames(signal.len()) {
                    self.spectrum(&mut spectrum, signal, first);
                    magnitudes.extend(spectrum[..self.bins()].iter().map(|x| magnitude(*x)));
                }
            }
            magnitudes
        };
        let (x, t) = (magnitudes(signals), magnitudes(targets));
        let norm = |squares: &mut dyn Iterator<Item = f64>| squares.sum::<f64>().sqrt();
        let apart = norm(&mut x.iter().zip(&t).map(|(x, t)| (x - t) * (x - t)));
        let (size, count) = (norm(&mut t.iter().map(|t| t * t)), x.len() as f64);
        let logarithms = x.iter().zip(&t).map(|(x, t)| (x.ln() - t.ln()).abs());
        let loss = apart / size + logarithms.sum::<f64>() / count;
        let Some((gradients, share)) = gradients else { return loss };
        // Of what is equal, the first term has no slope.
        let scale = if apart > 0.0 { 1.0 / (apart * size) } else { 0.0 };
        let slope = |x: f64, t: f64| {
            let sign = if x > t {
                1.0
            } else if x < t {
                -1.0
            } else {
                0.0
            };
            share * ((x - t) * scale + sign / (x * count))
        };
        let mut frames = x.chunks_exact(self.bins()).zip(t.chunks_exact(self.bins()));
        for (signal, gradient) in signals.iter().zip(gradients) {
            for (first, (x, t)) in self.frames(signal.len()).zip(&mut frames) {
                self.spectrum(&mut spectrum, signal, first);
                for (k, bin) in spectrum.iter_mut().enumerate() {
                    // The transform turns the other way round than the sum asks for: so does what is
                    // conjugated.
                    *bin = match (x.get(k), t.get(k)) {
                        (Some(&x), Some(&t)) if x > LEAST.sqrt() => {
                            let by_magnitude = slope(x, t) / x;
                            [by_magnitude * bin[0], -by_magnitude * bin[1]]
                        }
                        _ => [0.0; 2],
                    };
                }
                self.fourier.forward(&mut spectrum);
                let to = gradient[first..].iter_mut().zip(&self.window);
                to.zip(&spectrum).for_each(|((to, w), sum)| *to += w * sum[0]);
            }
        }
        loss
    }
}

/// The least square of a magnitude.
const LEAST: f64 = 1e-7;

fn magnitude([re, im]: Complex) -> f64 {
    let square = re * re + im * im;
    // What is not a number stays so.
    if square < LEAST { LEAST.sqrt() } else { square.sqrt() }
}

impl MultiResolutionStft {
    /// For batches of so many sequences side by side, at the resolutions of the paper: transforms of
    /// 512, 1024 and 2048 steps.
    ///
    /// # Panics
    /// If there are no sequences.
    pub fn new(lanes: usize) -> Self {
        assert!(lanes > 0, "spectra of no lanes");
        let all = Self { lanes, warm_up: 0, resolutions: Vec::new() };
        all.resolutions(&[(1024, 120, 600), (2048, 240, 1200), (512, 50, 240)])
    }

    /// Leaves the first steps of a batch out, as
    /// [`ErrorToSignal::after`](super::ErrorToSignal::after) does.
    pub fn after(self, steps: usize) -> Self {
        Self { warm_up: steps, ..self }
    }

    /// Other resolutions: the size of the transform, a power of two, the steps from a frame to the next,
    /// and the length of the window.
    ///
    /// # Panics
    /// If there are none, a size is no power of two, frames are no step apart, or a window is empty or
    /// longer than the transform.
    pub fn resolutions(self, resolutions: &[(usize, usize, usize)]) -> Self {
        assert!(!resolutions.is_empty(), "spectra of no resolution");
        let resolutions = resolutions.iter().map(|&of| Resolution::new(of)).collect();
        Self { resolutions, ..self }
    }

    /// Each output of each sequence as a signal, without the warm-up.
    fn signals<T: Real>(&self, numbers: &[T], outputs: usize) -> Vec<Vec<f64>> {
        let step = outputs * self.lanes;
        let signal = |i: usize| {
            let steps = numbers.chunks_exact(step).skip(self.warm_up);
            steps.map(|step| step[i].to_f64()).collect()
        };
        (0..step).map(signal).collect()
    }
}

impl<const N: usize> Loss<Const<N>> for MultiResolutionStft {
    type Target = Values<N>;

    /// # Panics
    /// When there are fewer steps than a transform takes, or not the same number for each sequence.
    fn evaluate<T: Real>(
        &self,
        outputs: OutputMatrix<'_, T, Const<N>>,
        targets: &Batch<Values<N>, T>,
        gradient: Option<OutputMatrixMut<'_, T, Const<N>>>,
    ) -> T {
        let (x, t) = (outputs.as_slice(), targets.data());
        assert_eq!(x.len(), t.len(), "numbers of outputs and of targets");
        if x.is_empty() {
            return T::ZERO;
        }
        let step = N * self.lanes;
        assert!(x.len().is_multiple_of(step), "steps of {} lanes", self.lanes);
        let (signals, targets) = (self.signals(x, N), self.signals(t, N));
        let steps = (x.len() / step).saturating_sub(self.warm_up);
        let share = 1.0 / self.resolutions.len() as f64;
        let mut gradients = vec![vec![0.0; steps]; step];
        let mut loss = 0.0;
        for resolution in &self.resolutions {
            let size = resolution.window.len();
            assert!(size <= steps, "{steps} steps are fewer than a transform of {size} takes");
            let gradients = gradient.is_some().then_some((&mut gradients[..], share));
            loss += share * resolution.evaluate(&signals, &targets, gradients);
        }
        if let Some(mut gradient) = gradient {
            gradient.fill(T::ZERO);
            let steps = gradient.as_mut_slice().chunks_exact_mut(step).skip(self.warm_up);
            for (at, step) in steps.enumerate() {
                step.iter_mut().zip(&gradients).for_each(|(to, from)| *to = T::of(from[at]));
            }
        }
        T::of(loss)
    }
}
