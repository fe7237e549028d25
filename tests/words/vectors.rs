//! What is asked of word vectors.

use formwork::data::text::Vocabulary;
use formwork::words::{WordVectors, WordsError};

pub fn vectors() -> WordVectors {
    let mut vocabulary = Vocabulary::new();
    vocabulary.extend(["north", "east", "northeast", "south", "nothing"]);
    let numbers = vec![0.0, 2.0, 1.0, 0.0, 3.0, 3.0, 0.0, -1.0, 0.0, 0.0];
    WordVectors::new(vocabulary, numbers, 2).expect("vectors")
}

#[test]
fn similar_words_come_first() {
    let vectors = vectors();
    let near = vectors.most_similar("north", 3).expect("neighbours");
    let words: Vec<_> = near.iter().map(|near| near.word).collect();
    assert_eq!(words, ["northeast", "east", "nothing"]);
    assert!((near[0].similarity - 0.5_f32.sqrt()).abs() < 1e-6);
    assert_eq!(vectors.similarity("north", "south").expect("a similarity"), -1.0);
    assert_eq!(vectors.similarity("north", "nothing").expect("a similarity"), 0.0);
}

#[test]
fn unknown_words_are_named_with_what_is_spelt_alike() {
    let error = vectors().most_similar("nort", 3).unwrap_err();
    assert_eq!(error.to_string(), "\"nort\" is not in the vocabulary: did you mean north?");
    let error = vectors().analogy(["north", "zenith", "east"], 1).unwrap_err();
    assert_eq!(error.to_string(), "\"zenith\" is not in the vocabulary");
}

#[test]
fn vectors_must_suit_the_words() {
    let mut vocabulary = Vocabulary::new();
    vocabulary.extend(["a", "b"]);
    let error = WordVectors::new(vocabulary, vec![0.0; 5], 3).unwrap_err();
    assert_eq!(error.to_string(), "found 5 numbers, expected 2 vectors of 3");
    for (value, shown) in [(f32::NAN, "NaN"), (f32::INFINITY, "inf")] {
        let mut vocabulary = Vocabulary::new();
        vocabulary.extend(["a", "b"]);
        let error = WordVectors::new(vocabulary, vec![0.0, 0.0, 0.0, value], 2).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("the vector of \"b\" holds {shown} at position 1, expected finite numbers")
        );
    }
    let mut vocabulary = Vocabulary::new();
    vocabulary.extend(["with space"]);
    let vectors = WordVectors::new(vocabulary, vec![1.0], 1).expect("vectors");
    assert!(matches!(vectors.to_text(), Err(WordsError::Line { line: 2, .. })));
}
