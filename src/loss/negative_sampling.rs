//! Negative sampling: a cheap stand-in for the softmax over a large vocabulary.
//!
//! ```text
//! s_j       = h . W[id_j]        id_0: the target, id_1 .. id_k: words drawn at random
//! loss      = mean over the samples of -ln sigmoid(s_0) - sum_(j > 0) ln sigmoid(-s_j)
//! c_j       = (sigmoid(s_j) - [j = 0]) / n
//! dh        = sum_j c_j W[id_j]          dW[id_j] = sum of c_j h
//! ```
//!
//! Source: Mikolov et al., "Distributed representations of words and phrases and their
//! compositionality" (2013), section 2.2: words are drawn in proportion to their counts to the power
//! of 3/4.
//!
//! Shapes: `h` and `dh` `H x n`, targets `1 x n`, `W` and `dW` `V x H`, row-major.

use alloc::vec::Vec;

use rand::Rng;
use rand_distr::Distribution;
use rand_distr::weighted::WeightedAliasIndex;

use super::{OutputMatrix, OutputMatrixMut};
use crate::Generator;
use crate::data::{Batch, Classes, IGNORED};
use crate::kernel::{Buffer, Real, elementwise, math, reduce};
use crate::layer::{Init, Nonlinearity};
use crate::optim::Rows;
use core::marker::PhantomData;
use nalgebra::{Const, DimName};
use rand::SeedableRng;

/// Words at random, in proportion to a power of how often they occur.
///
/// ```
/// use formwork::loss::UnigramSampler;
/// use formwork::Generator;
/// use rand::SeedableRng;
///
/// // The first word occurs 81 times, the second once: with a power of 3/4, 27 to 1.
/// let sampler = UnigramSampler::new(&[0; 81].into_iter().chain([1]).collect::<Vec<_>>(), 2, 0.75)?;
/// let mut rng = Generator::seed_from_u64(1);
/// assert_eq!(sampler.other_than(0, &mut rng), 1);
/// # Ok::<(), formwork::loss::SamplerError>(())
/// ```
#[derive(Clone, Debug)]
pub struct UnigramSampler {
    table: WeightedAliasIndex<f64>,
}

/// Why words cannot be drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum SamplerError {
    /// Fewer than two words occur, so there is none but the target.
    TooFew {
        /// How many occur.
        found: usize,
    },
    /// A word's id is not below the size of the vocabulary.
    Id {
        /// Where it stands in the text.
        position: usize,
        /// The id.
        id: u32,
        /// The size of the vocabulary.
        limit: usize,
    },
    /// The power is negative or not finite.
    Power(f64),
}

impl core::fmt::Display for SamplerError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match *self {
            Self::TooFew { found } => {
                write!(f, "found {found} kinds of words, expected at least 2")
            }
            Self::Id { position, id, limit } => {
                write!(f, "word {position} has the id {id}, expected an id below {limit}")
            }
            Self::Power(power) => {
                write!(f, "a power of {power}, expected one that is not negative")
            }
        }
    }
}

impl core::error::Error for SamplerError {}

impl UnigramSampler {
    /// Draws from a vocabulary of `vocabulary` words in proportion to their counts in `corpus`, to
    /// the power of `power`. A word that does not occur is never drawn.
    ///
    /// # Errors
    /// [`SamplerError`] where fewer than two words occur, or an id does not exist.
    pub fn new(corpus: &[u32], vocabulary: usize, power: f64) -> Result<Self, SamplerError> {
        if !(power >= 0.0 && power.is_finite()) {
            return Err(SamplerError::Power(power));
        }
        let mut counts = alloc::vec![0.0; vocabulary];
        for (position, &id) in corpus.iter().enumerate() {
            let count = counts.get_mut(id as usize);
            *count.ok_or(SamplerError::Id { position, id, limit: vocabulary })? += 1.0;
        }
        let found = counts.iter().filter(|&&count| count > 0.0).count();
        if found < 2 {
            return Err(SamplerError::TooFew { found });
        }
        let weight = |count: f64| {
            if count > 0.0 { nalgebra::ComplexField::powf(count, power) } else { 0.0 }
        };
        let weights: Vec<f64> = counts.into_iter().map(weight).collect();
        // It refuses negative and infinite weights, which powers of counts are not.
        let table = WeightedAliasIndex::new(weights).expect("weights are finite and not all zero");
        Ok(Self { table })
    }

    /// A word.
    pub fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> u32 {
        self.table.sample(rng) as u32
    }

    /// A word that is not `word`.
    pub fn other_than<R: Rng + ?Sized>(&self, word: u32, rng: &mut R) -> u32 {
        loop {
            let id = self.sample(rng);
            if id != word {
                return id;
            }
        }
    }
}

/// Negative sampling for a network with `H` outputs and a vocabulary of `V`: a loss with parameters
/// of its own, the output embedding.
///
/// ```
/// use formwork::data::{Bags, Batch, Classes};
/// use formwork::loss::{NegativeSampling, UnigramSampler};
/// use formwork::optim::{Adam, Optimizer, RowOptimizer};
/// use formwork::prelude::*;
/// use rand::SeedableRng;
///
/// network! {
///     /// Continuous bag of words: the word between two others.
///     struct Cbow: Bag<7, 2> => Vector<5> { embed: Embedding<5> }
/// }
///
/// let corpus = [0, 1, 2, 3, 4, 1, 5, 6]; // you say goodbye and i say hello .
/// let sampler = UnigramSampler::new(&corpus, 7, 0.75)?;
/// let mut loss = NegativeSampling::<7, 5>::new(sampler, 2, 1);
/// let mut model = Model::<Cbow>::new(&mut Generator::seed_from_u64(1));
/// let mut workspace = Workspace::<Cbow>::new(6, 1);
/// let (mut adam, mut adam_of_loss) = (Adam::new(0.01), Adam::new(0.01));
///
/// let contexts = Batch::<Bags<7, 2>>::from_rows(corpus.windows(3).map(|w| [w[0], w[2]]))?;
/// let targets = Batch::<Classes<7>>::from_vec(corpus[1..7].to_vec())?;
/// let mut losses = Vec::new();
/// for _ in 0..300 {
///     let mut step = workspace.forward(&mut model, &contexts);
///     losses.push(step.sampled_loss(&mut loss, &targets));
///     let gradient = step.backward();
///     adam.step(model.parameters_mut(), gradient);
///     loss.step(&mut adam_of_loss);
/// }
/// assert!(losses[299] < 0.5 * losses[0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub type NegativeSampling<const V: usize, const H: usize, T = f32> =
    NegativeSamplingOf<V, Const<H>, T>;

/// [`NegativeSampling`], for a network whose outputs are a matrix of `Outputs` rows.
pub struct NegativeSamplingOf<const V: usize, Outputs: DimName, T: Real = f32> {
    outputs: PhantomData<Outputs>,
    sampler: UnigramSampler,
    negatives: usize,
    /// `V x H`, row-major.
    weight: Buffer<T>,
    /// `V x H`, zero but in `rows`.
    gradient: Buffer<T>,
    rows: Rows,
    /// Target and negatives of each column.
    ids: Vec<u32>,
    rng: Generator,
}

impl<const V: usize, Outputs: DimName, T: Real> NegativeSamplingOf<V, Outputs, T> {
    const H: usize = Outputs::DIM;

    /// With `negatives` words drawn for each target, and an output embedding of normal numbers with
    /// a standard deviation of 0.01.
    pub fn new(sampler: UnigramSampler, negatives: usize, seed: u64) -> Self {
        let mut rng = Generator::seed_from_u64(seed);
        let mut weight = Buffer::zeroed(V * Self::H);
        Init::Normal(0.01).fill(&mut weight, V, (Self::H, V), Nonlinearity::Linear, &mut rng);
        let (gradient, rows) = (Buffer::zeroed(V * Self::H), Rows::new(V));
        Self {
            outputs: PhantomData,
            sampler,
            negatives,
            weight,
            gradient,
            rows,
            ids: Vec::new(),
            rng,
        }
    }

    /// Takes these words instead of drawing them: for each column the target, then the negatives.
    ///
    /// # Panics
    /// If there are not as many for each column.
    pub fn set_drawn(&mut self, ids: &[u32]) {
        let each = 1 + self.negatives;
        assert!(ids.len().is_multiple_of(each), "{} words in groups of {each}", ids.len());
        self.ids.clear();
        self.ids.extend_from_slice(ids);
    }

    /// The words of the last [`draw`](Self::draw): for each column the target, then the negatives.
    pub fn drawn(&self) -> &[u32] {
        &self.ids
    }

    /// Updates the output embedding by the gradient of the last [`evaluate`](Self::evaluate) that
    /// was asked for one.
    pub fn step(&mut self, optimizer: &mut impl crate::optim::RowOptimizer<T>) {
        optimizer.step_rows(&mut self.weight, &self.gradient, &self.rows);
    }

    /// The output embedding, `V x H`, row-major.
    pub fn weight(&self) -> &[T] {
        &self.weight
    }

    /// The output embedding, to be changed in place.
    pub fn weight_mut(&mut self) -> &mut [T] {
        &mut self.weight
    }

    /// The gradient by the output embedding, which is zero but in the rows of what was drawn.
    pub fn gradient(&self) -> &[T] {
        &self.gradient
    }

    /// Draws what the targets are to be told from; never a target itself.
    pub fn draw(&mut self, targets: &Batch<Classes<V>, T>) {
        self.ids.clear();
        self.ids.reserve(targets.columns() * (1 + self.negatives));
        for &target in targets.data() {
            self.ids.push(target);
            for _ in 0..self.negatives {
                self.ids.push(self.sampler.other_than(target, &mut self.rng));
            }
        }
    }

    /// The mean loss of `outputs`, a column a sample, by what was drawn last; and where asked for, its
    /// gradient by them, which overwrites `gradient`, and that by the output embedding.
    ///
    /// # Panics
    /// When outputs, gradient and what was drawn are not of the same number of columns.
    pub fn evaluate(
        &mut self,
        outputs: OutputMatrix<'_, T, Outputs>,
        gradient: Option<OutputMatrixMut<'_, T, Outputs>>,
    ) -> T {
        let outputs = outputs.as_slice();
        let mut gradient = gradient.map(|gradient| gradient.data.into_slice_mut());
        let each = 1 + self.negatives;
        let columns = self.ids.len() / each;
        assert_eq!(
            outputs.len(),
            columns * Self::H,
            "outputs for {columns} targets that were drawn for"
        );
        if let Some(gradient) = &mut gradient {
            assert_eq!(gradient.len(), outputs.len(), "the gradient has the size of the outputs");
            for &row in self.rows.ids() {
                self.gradient[row as usize * Self::H..][..Self::H].fill(T::ZERO);
            }
            self.rows.clear();
            self.rows.insert(self.ids.iter().copied().filter(|&id| id != IGNORED));
        }
        let answered = self.ids.chunks_exact(each).filter(|ids| ids[0] != IGNORED).count();
        let scale = T::ONE / T::of(answered.max(1) as f64);
        let mut total = T::ZERO;
        for (column, ids) in self.ids.chunks_exact(each).enumerate() {
            let at = column * Self::H..(column + 1) * Self::H;
            let h = &outputs[at.clone()];
            let mut dh = gradient.as_deref_mut().map(|gradient| &mut gradient[at]);
            if let Some(dh) = &mut dh {
                dh.fill(T::ZERO);
            }
            if ids[0] == IGNORED {
                continue;
            }
            for (j, &id) in ids.iter().enumerate() {
                let row = id as usize * Self::H..(id as usize + 1) * Self::H;
                let score = reduce::dot(h, &self.weight[row.clone()]);
                total += math::softplus(if j == 0 { -score } else { score });
                if let Some(dh) = &mut dh {
                    let is_target = if j == 0 { T::ONE } else { T::ZERO };
                    let factor = scale * (math::sigmoid(score) - is_target);
                    elementwise::axpy(dh, factor, &self.weight[row.clone()]);
                    elementwise::axpy(&mut self.gradient[row], factor, h);
                }
            }
        }
        total * scale
    }
}
