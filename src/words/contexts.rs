//! Mini-batches of words with those around them.

use std::vec::Vec;

use rand::RngExt;

use super::WordsError;
use super::error::check_ids;
use crate::Generator;
use crate::data::{Bags, Batch, Classes, Tokens};

/// The words of a text, each with the `COUNT` words around it: half of them before, half after.
/// Words with fewer on a side are left out.
///
/// ```
/// use formwork::Generator;
/// use formwork::words::Contexts;
/// use rand::SeedableRng;
///
/// let corpus = [0, 1, 2, 3, 4, 1, 5, 6];
/// let mut contexts = Contexts::<7, 2>::new(&corpus)?;
/// assert_eq!(contexts.len(), 6);
/// contexts.shuffle(&mut Generator::seed_from_u64(1));
/// while let Some((context, words)) = contexts.next_bags(3) {
///     assert_eq!((context.columns(), words.columns()), (3, 3));
/// }
/// # Ok::<(), formwork::words::WordsError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Contexts<'a, const V: usize, const COUNT: usize> {
    corpus: &'a [u32],
    /// Positions of the words, in the order in which they come.
    order: Vec<u32>,
    next: usize,
    bags: Batch<Bags<V, COUNT>>,
    words: Batch<Classes<V>>,
    tokens: Batch<Tokens<V>>,
}

impl<'a, const V: usize, const COUNT: usize> Contexts<'a, V, COUNT> {
    /// Of a text of ids below `V`.
    ///
    /// # Errors
    /// [`WordsError::Short`] where no word has enough others around it, [`WordsError::Id`] for an id
    /// that does not exist.
    pub fn new(corpus: &'a [u32]) -> Result<Self, WordsError> {
        const { assert!(COUNT > 0 && COUNT.is_multiple_of(2), "as many words before as after") };
        if corpus.len() <= COUNT {
            return Err(WordsError::Short { found: corpus.len(), needed: COUNT + 1 });
        }
        check_ids(corpus, V)?;
        let half = COUNT / 2;
        let order = (half as u32..(corpus.len() - half) as u32).collect();
        let (bags, words, tokens) = (Batch::new(), Batch::new(), Batch::new());
        Ok(Self { corpus, order, next: 0, bags, words, tokens })
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there are no words, which there always are.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Starts over, in another order.
    pub fn shuffle(&mut self, rng: &mut Generator) {
        for i in (1..self.order.len()).rev() {
            self.order.swap(i, rng.random_range(0..=i));
        }
        self.next = 0;
    }

    /// The next `columns` words, each with those around it: to tell the word from these. `None` at
    /// the end; words that make no whole batch are left out.
    pub fn next_bags(
        &mut self,
        columns: usize,
    ) -> Option<(&Batch<Bags<V, COUNT>>, &Batch<Classes<V>>)> {
        let positions = self.order.get(self.next..self.next + columns)?;
        self.next += columns;
        self.bags.clear();
        self.words.clear();
        for &position in positions {
            let (word, around) = around::<COUNT>(self.corpus, position);
            around.for_each(|id| self.bags.push_checked(id));
            self.words.push_checked(word);
        }
        Some((&self.bags, &self.words))
    }

    /// The next `columns` words, each as often as there are words around it, and these: to tell
    /// these from the word. `None` at the end; words that make no whole batch are left out.
    pub fn next_pairs(
        &mut self,
        columns: usize,
    ) -> Option<(&Batch<Tokens<V>>, &Batch<Classes<V>>)> {
        let positions = self.order.get(self.next..self.next + columns)?;
        self.next += columns;
        self.tokens.clear();
        self.words.clear();
        for &position in positions {
            let (word, around) = around::<COUNT>(self.corpus, position);
            for id in around {
                self.tokens.push_checked(word);
                self.words.push_checked(id);
            }
        }
        Some((&self.tokens, &self.words))
    }
}

/// The word at a position, and those around it.
fn around<const COUNT: usize>(
    corpus: &[u32],
    position: u32,
) -> (u32, impl Iterator<Item = u32> + '_) {
    let (position, half) = (position as usize, COUNT / 2);
    let (before, after) = (&corpus[position - half..position], &corpus[position + 1..][..half]);
    (corpus[position], before.iter().chain(after).copied())
}
