//! Counts of neighbours, what they tell, and their factors; the book's values of its sentence.

use formwork::Generator;
use formwork::data::text::Vocabulary;
use formwork::words::{CoOccurrence, Contexts, SparseMatrix, svd};
use nalgebra::DMatrix;
use proptest::prelude::*;
use rand::SeedableRng;

fn sentence() -> (Vec<u32>, usize) {
    let mut vocabulary = Vocabulary::new();
    let corpus = vocabulary.extend("you say goodbye and i say hello .".split(' '));
    (corpus, vocabulary.len())
}

fn dense(matrix: &SparseMatrix) -> DMatrix<f64> {
    DMatrix::from_fn(matrix.rows(), matrix.columns(), |i, j| f64::from(matrix.get(i, j)))
}

#[test]
fn of_the_books_sentence() {
    let (corpus, words) = sentence();
    let counts = CoOccurrence::count(&corpus, words, 1).expect("counts");
    // say: you, goodbye, i, hello
    let row: Vec<f32> = (0..words).map(|word| counts.matrix().get(1, word)).collect();
    assert_eq!(row, [1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0]);
    assert!((counts.matrix().cosine(0, 4) - 0.5_f32.sqrt()).abs() < 1e-6);
    // 14 pairs; you: 1, say: 4, goodbye: 2, hello: 2, the full stop: 1.
    let weighed = counts.positive_pmi();
    let bits = |pair: f32, a: f32, b: f32| (pair * 14.0 / (a * b)).log2();
    let expected =
        [(0, 1, bits(1.0, 1.0, 4.0)), (1, 2, bits(1.0, 4.0, 2.0)), (5, 6, bits(1.0, 2.0, 1.0))];
    for ((a, b, expected), book) in expected.into_iter().zip([1.807, 0.807, 2.807]) {
        assert!((weighed.get(a, b) - expected).abs() < 1e-6 && (expected - book).abs() < 1e-3);
    }
    assert_eq!(weighed.get(0, 2), 0.0);
}

#[test]
fn of_wider_windows_stop_at_the_ends() {
    let counts = CoOccurrence::count(&[0, 1, 2], 4, 5).expect("counts");
    assert_eq!(dense(counts.matrix()).sum(), 6.0);
    // A word beside itself counts once in each direction.
    let counts = CoOccurrence::count(&[3, 3], 4, 1).expect("counts");
    assert_eq!((counts.matrix().get(3, 3), counts.matrix().len()), (2.0, 1));
}

proptest! {
    #[test]
    fn are_those_of_a_plain_loop(
        corpus in prop::collection::vec(0..6_u32, 2..40), window in 1..5_usize,
    ) {
        let counts = CoOccurrence::count(&corpus, 6, window).expect("counts");
        let mut expected = DMatrix::zeros(6, 6);
        for (i, &a) in corpus.iter().enumerate() {
            for (j, &b) in corpus.iter().enumerate() {
                if i != j && i.abs_diff(j) <= window {
                    expected[(a as usize, b as usize)] += 1.0;
                }
            }
        }
        prop_assert_eq!(dense(counts.matrix()), expected);
    }

    /// The truncated factors against those of the whole matrix.
    #[test]
    fn have_the_factors_of_the_whole_matrix(
        corpus in prop::collection::vec(0..30_u32, 60..200), rank in 1..6_usize, seed in 0..100_u64,
    ) {
        let matrix = CoOccurrence::count(&corpus, 30, 2).expect("counts").positive_pmi();
        let found = svd::truncated(&matrix, rank, &mut Generator::seed_from_u64(seed)).expect("factors");
        let whole = dense(&matrix).svd(true, true);
        for i in 0..rank {
            let (a, b) = (found.singular_values[i], whole.singular_values[i]);
            prop_assert!((a - b).abs() < 0.01 * whole.singular_values[0], "{a}, expected {b}");
        }
        let product = found.u.transpose() * &found.u;
        prop_assert!((product - DMatrix::identity(rank, rank)).abs().max() < 1e-9);
    }
}

#[test]
fn of_what_cannot_be_counted() {
    let error = |corpus: &[u32], window| {
        CoOccurrence::count(corpus, 5, window).expect_err("an error").to_string()
    };
    assert_eq!(error(&[], 1), "found 0 words, expected at least 2");
    assert_eq!(error(&[1, 2], 0), "a window of 0 words, expected at least 1 on each side");
    assert_eq!(error(&[1, 5], 1), "word 1 has the id 5, expected an id below 5");
    let matrix = CoOccurrence::count(&[0, 1], 5, 1).expect("counts").positive_pmi();
    let error = svd::truncated(&matrix, 6, &mut Generator::seed_from_u64(1)).expect_err("an error");
    assert_eq!(error.to_string(), "6 dimensions of a matrix of 5x5, expected 1 to 5");
    let error = Contexts::<5, 4>::new(&[0, 1, 2, 3]).expect_err("an error");
    assert_eq!(error.to_string(), "found 4 words, expected at least 5");
}

#[test]
fn contexts_come_once_each_and_are_those_of_the_text() {
    let corpus: Vec<u32> = (0..50).collect();
    let mut contexts = Contexts::<50, 4>::new(&corpus).expect("contexts");
    let mut seen = Vec::new();
    contexts.shuffle(&mut Generator::seed_from_u64(1));
    while let Some((bags, words)) = contexts.next_bags(2) {
        for (bag, &word) in bags.iter().zip(words.data()) {
            assert_eq!(bag, [word - 2, word - 1, word + 1, word + 2]);
            seen.push(word);
        }
    }
    assert!(seen.windows(2).any(|pair| pair[0] > pair[1]));
    seen.sort_unstable();
    assert_eq!(seen, (2..48).collect::<Vec<_>>());

    contexts.shuffle(&mut Generator::seed_from_u64(1));
    let (tokens, words) = contexts.next_pairs(1).expect("a batch");
    let word = tokens.data()[0];
    assert_eq!(tokens.data(), [word; 4]);
    assert_eq!(words.data(), [word - 2, word - 1, word + 1, word + 2]);
}
