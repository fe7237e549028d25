//! A long text as mini-batches for a recurrent network.

use super::batch::Batch;
use super::error::DataError;
use super::target::Classes;
use crate::shape::{Number, Tokens};

/// Cuts a text into lanes that start at equal distances, and these into pieces of some steps, one
/// after the other: the state of a recurrent network carries over from a batch to the next. The
/// target of each token is the one that follows it. A lane that gets to the end of the text goes on
/// at its beginning.
///
/// A batch is time-major: column `i` is step `i / lanes` of lane `i % lanes`.
///
/// ```
/// use formwork::data::Sequences;
///
/// // Two lanes from tokens 0 and 4 on, three steps at a time.
/// let text = [0, 1, 2, 3, 4, 5, 6, 7, 8];
/// let mut sequences = Sequences::<9>::new(&text, 2, 3)?;
/// let (inputs, targets) = sequences.next_batch();
/// assert_eq!(inputs.data(), [0, 4, 1, 5, 2, 6]);
/// assert_eq!(targets.data(), [1, 5, 2, 6, 3, 7]);
/// # Ok::<(), formwork::data::DataError>(())
/// ```
pub struct Sequences<'a, const V: usize, T: Number = f32> {
    text: &'a [u32],
    lanes: usize,
    steps: usize,
    position: usize,
    inputs: Batch<Tokens<V>, T>,
    targets: Batch<Classes<V>, T>,
}

impl<'a, const V: usize, T: Number> Sequences<'a, V, T> {
    /// A text of ids below `V`, in `lanes` lanes, `steps` steps at a time.
    ///
    /// # Errors
    /// [`DataError::Id`] for an id that does not exist, [`DataError::Short`] where there is not one
    /// token with its successor for each column of a batch.
    ///
    /// # Panics
    /// If `lanes` or `steps` is zero.
    pub fn new(text: &'a [u32], lanes: usize, steps: usize) -> Result<Self, DataError> {
        assert!(lanes > 0 && steps > 0, "a batch of {lanes} lanes and {steps} steps");
        let needed = lanes * steps + 1;
        if text.len() < needed {
            return Err(DataError::Short { found: text.len(), needed });
        }
        Batch::<Tokens<V>, T>::check(text)?;
        Ok(Self {
            text,
            lanes,
            steps,
            position: 0,
            inputs: Batch::with_capacity(lanes * steps),
            targets: Batch::with_capacity(lanes * steps),
        })
    }

    /// How many whole batches the text makes: an epoch.
    pub fn batches(&self) -> usize {
        (self.text.len() - 1) / (self.lanes * self.steps)
    }

    /// How many tokens each lane has gone through.
    pub fn position(&self) -> usize {
        self.position
    }

    /// Goes to where each lane has gone through `position` tokens.
    pub fn seek(&mut self, position: usize) {
        self.position = position;
    }

    /// The next tokens, and for each the one that follows it. They are lent until the next call.
    pub fn next_batch(&mut self) -> (&Batch<Tokens<V>, T>, &Batch<Classes<V>, T>) {
        let len = self.text.len() - 1;
        let distance = len / self.lanes;
        self.inputs.clear();
        self.targets.clear();
        for step in 0..self.steps {
            for lane in 0..self.lanes {
                let at = (lane * distance + self.position + step) % len;
                self.inputs.push_checked(self.text[at]);
                self.targets.push_checked(self.text[at + 1]);
            }
        }
        self.position += self.steps;
        (&self.inputs, &self.targets)
    }
}
