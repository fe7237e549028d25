//! Vectors of words, and what can be asked of them.

use std::string::{String, ToString};
use std::vec::Vec;

use super::WordsError;
use crate::data::text::Vocabulary;
use crate::files::excerpt;
use crate::kernel::reduce::dot;

/// A vector for each word of a vocabulary.
///
/// ```
/// use formwork::data::text::Vocabulary;
/// use formwork::words::WordVectors;
///
/// let mut vocabulary = Vocabulary::new();
/// vocabulary.extend(["king", "man", "queen", "woman"]);
/// let vectors = vec![1.0, 1.0, 0.0, 1.0, 1.0, -1.0, 0.0, -1.0];
/// let vectors = WordVectors::new(vocabulary, vectors, 2)?;
/// assert_eq!(vectors.analogy(["king", "man", "queen"], 1)?[0].word, "woman");
///
/// let error = vectors.most_similar("quen", 1).unwrap_err();
/// assert_eq!(error.to_string(), "\"quen\" is not in the vocabulary: did you mean queen?");
/// # Ok::<(), formwork::words::WordsError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct WordVectors {
    vocabulary: Vocabulary,
    /// A row for each word.
    vectors: Vec<f32>,
    /// The same with rows of length one; of zeros where the vector is of zeros.
    directions: Vec<f32>,
    dimensions: usize,
}

/// A word and how similar it is to what was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Neighbour<'a> {
    /// The word.
    pub word: &'a str,
    /// The cosine of the angle between the vectors, from -1 to 1.
    pub similarity: f32,
}

impl WordVectors {
    /// Of a vocabulary and the vectors of its words, one after the other.
    ///
    /// # Errors
    /// [`WordsError::Vectors`] where there is not one of `dimensions` numbers for each word,
    /// [`WordsError::NotFinite`] for a number that is not finite.
    pub fn new(
        vocabulary: Vocabulary,
        vectors: Vec<f32>,
        dimensions: usize,
    ) -> Result<Self, WordsError> {
        let words = vocabulary.len();
        if dimensions == 0 || words == 0 || words.checked_mul(dimensions) != Some(vectors.len()) {
            return Err(WordsError::Vectors { words, dimensions, found: vectors.len() });
        }
        if let Some(at) = vectors.iter().position(|number| !number.is_finite()) {
            let word = excerpt(vocabulary.text((at / dimensions) as u32).unwrap_or_default());
            let (index, value) = (at % dimensions, vectors[at]);
            return Err(WordsError::NotFinite { word, index, value });
        }
        let mut directions = vectors.clone();
        directions.chunks_exact_mut(dimensions).for_each(normalize);
        Ok(Self { vocabulary, vectors, directions, dimensions })
    }

    /// The words.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// How many numbers a vector has.
    pub fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// All vectors, one after the other.
    pub fn as_slice(&self) -> &[f32] {
        &self.vectors
    }

    /// The vector of a word.
    ///
    /// # Errors
    /// [`WordsError::Unknown`] for a word that is not in the vocabulary.
    pub fn vector(&self, word: &str) -> Result<&[f32], WordsError> {
        Ok(self.row(&self.vectors, self.id(word)?))
    }

    /// The cosine of the angle between the vectors of two words.
    ///
    /// # Errors
    /// [`WordsError::Unknown`] for a word that is not in the vocabulary.
    pub fn similarity(&self, a: &str, b: &str) -> Result<f32, WordsError> {
        let [a, b] = [self.id(a)?, self.id(b)?].map(|id| self.row(&self.directions, id));
        Ok(dot(a, b))
    }

    /// The `top` words whose vectors point nearest to that of `word`, without itself.
    ///
    /// # Errors
    /// [`WordsError::Unknown`] for a word that is not in the vocabulary.
    pub fn most_similar(&self, word: &str, top: usize) -> Result<Vec<Neighbour<'_>>, WordsError> {
        let id = self.id(word)?;
        Ok(self.nearest(self.row(&self.directions, id), &[id], top))
    }

    /// The `top` words that are to `c` as `b` is to `a`, for `[a, b, c]`: those whose vectors point
    /// nearest to `b - a + c`; without the three themselves.
    ///
    /// # Errors
    /// [`WordsError::Unknown`] for a word that is not in the vocabulary.
    pub fn analogy(
        &self,
        [a, b, c]: [&str; 3],
        top: usize,
    ) -> Result<Vec<Neighbour<'_>>, WordsError> {
        let ids = [self.id(a)?, self.id(b)?, self.id(c)?];
        let [a, b, c] = ids.map(|id| self.row(&self.vectors, id));
        let mut query: Vec<f32> = a.iter().zip(b).zip(c).map(|((a, b), c)| b - a + c).collect();
        normalize(&mut query);
        Ok(self.nearest(&query, &ids, top))
    }

    fn nearest(&self, query: &[f32], without: &[u32], top: usize) -> Vec<Neighbour<'_>> {
        let mut all: Vec<(u32, f32)> = (0..self.vocabulary.len() as u32)
            .filter(|id| !without.contains(id))
            .map(|id| (id, dot(query, self.row(&self.directions, id))))
            .collect();
        all.sort_by(|a, b| b.1.total_cmp(&a.1));
        let word = |id| self.vocabulary.text(id).expect("ids are those of the vocabulary");
        all.into_iter()
            .take(top)
            .map(|(id, similarity)| Neighbour { word: word(id), similarity })
            .collect()
    }

    fn row<'a>(&self, matrix: &'a [f32], id: u32) -> &'a [f32] {
        &matrix[id as usize * self.dimensions..][..self.dimensions]
    }

    fn id(&self, word: &str) -> Result<u32, WordsError> {
        self.vocabulary.id(word).ok_or_else(|| WordsError::Unknown {
            word: word.to_string(),
            nearest: spelt_like(&self.vocabulary, word),
        })
    }
}

/// Gives a vector the length one, unless it is of zeros.
fn normalize(vector: &mut [f32]) {
    let length = dot(vector, vector).sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|x| *x /= length);
    }
}

/// The three words that take the fewest edits to get to, two at most.
fn spelt_like(vocabulary: &Vocabulary, word: &str) -> Vec<String> {
    let texts = (0..vocabulary.len() as u32).filter_map(|id| vocabulary.text(id));
    let mut near: Vec<(usize, &str)> =
        texts.map(|text| (edits(text, word), text)).filter(|&(edits, _)| edits <= 2).collect();
    near.sort_by_key(|&(edits, _)| edits);
    near.into_iter().take(3).map(|(_, text)| text.to_string()).collect()
}

/// How many characters must be added, removed or replaced (Levenshtein, 1966).
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, a) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, &b) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
