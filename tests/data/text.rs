use std::fs;

use formwork::data::csv::LONGEST_LINE;
use formwork::data::text::{Vocabulary, characters, separated, words};
use formwork::data::{DATA_VARIABLE, DataError, LoadError, Sequences, ptb};

use super::{folder, gzip};

#[test]
fn words_of_plain_text() {
    let found: Vec<String> = words("Ham. 'Tis o'er--now;\n\n  To be, or not\n").collect();
    let expected = "ham . ' tis o'er--now ; <eos> to be , or not <eos>";
    assert_eq!(found, expected.split(' ').collect::<Vec<_>>());
    assert_eq!(
        separated(" a b \n\nc").collect::<Vec<_>>(),
        ["a", "b", "<eos>", "<eos>", "c", "<eos>"]
    );
    assert_eq!(characters("aé\n").collect::<Vec<_>>(), ["a", "é", "\n"]);
}

#[test]
fn a_vocabulary_in_order_of_first_appearance() {
    let mut vocabulary = Vocabulary::new();
    assert_eq!(vocabulary.extend(["b", "a", "b", "c"]), [0, 1, 0, 2]);
    assert_eq!(vocabulary.encode(["c", "b"]), Ok(vec![2, 0]));
    let unknown = vocabulary.encode(["c", "d", "e"]).unwrap_err();
    assert_eq!(unknown.to_string(), "text 1 is \"d\", expected one of the vocabulary");
    assert_eq!((vocabulary.len(), vocabulary.text(2), vocabulary.text(3)), (3, Some("c"), None));
}

#[test]
fn the_three_files_of_a_corpus() {
    let folder = folder("the_three_files_of_a_corpus");
    fs::create_dir_all(folder.join("ptb")).unwrap();
    fs::write(folder.join("ptb/ptb.train.txt"), " x y \n y z \n").unwrap();
    fs::write(folder.join("ptb/ptb.valid.txt.gz"), gzip(b" z x \n")).unwrap();
    let error = ptb::load(&folder).unwrap_err();
    assert!(
        matches!(&error, LoadError::Missing { missing, .. } if missing == &["ptb.test.txt"]),
        "{error}"
    );
    fs::write(folder.join("ptb/ptb.test.txt"), " z w \n").unwrap();
    let error = ptb::load(&folder).unwrap_err().to_string();
    assert!(
        error.ends_with("ptb.test.txt: text 1 is \"w\", expected one of the vocabulary"),
        "{error}"
    );
    fs::write(folder.join("ptb/ptb.test.txt"), " y \n").unwrap();
    let corpus = ptb::load(&folder).unwrap();
    assert_eq!(corpus.train, [0, 1, 2, 1, 3, 2]);
    assert_eq!((corpus.valid, corpus.test), (vec![3, 0, 2], vec![1, 2]));
}

#[test]
fn a_corpus_that_is_no_text_is_refused() {
    let folder = folder("a_corpus_that_is_no_text_is_refused");
    let refused = |text: &[u8]| {
        fs::write(folder.join("ptb.valid.txt"), text).unwrap();
        ptb::load(&folder).unwrap_err().to_string()
    };
    fs::write(folder.join("ptb.train.txt"), " x y \n").unwrap();
    fs::write(folder.join("ptb.test.txt"), " y \n").unwrap();
    let error = refused(b" x \xff \n");
    assert!(error.contains("ptb.valid.txt: invalid utf-8 sequence"), "{error}");
    let error = refused(&vec![b'x'; LONGEST_LINE + 1]);
    assert!(
        error.ends_with("expected lines of at most 16777216 bytes, found a longer one"),
        "{error}"
    );
}

/// The figures of the book; only where the corpus is.
#[test]
fn the_penn_treebank() {
    let Some(data) = std::env::var_os(DATA_VARIABLE) else { return };
    let corpus = match ptb::load(&data) {
        Err(LoadError::Missing { .. }) => return,
        other => other.unwrap(),
    };
    assert_eq!((corpus.train.len(), corpus.vocabulary.len()), (929_589, 10_000));
    let id = |word| corpus.vocabulary.id(word);
    assert_eq!([id("car"), id("happy"), id("lexus")], [Some(3856), Some(4428), Some(7426)]);
}

/// Ten tokens with their successors in three lanes: from 0, 3 and 6 on, for ever round.
#[test]
fn lanes_start_at_equal_distances_and_wrap() {
    let text: Vec<u32> = (0..11).collect();
    let mut sequences = Sequences::<11>::new(&text, 3, 2).unwrap();
    assert_eq!(sequences.batches(), 1); // 10 / (3 * 2)
    assert_eq!(sequences.next_batch().0.data(), [0, 3, 6, 1, 4, 7]);
    let (inputs, targets) = sequences.next_batch();
    assert_eq!(inputs.data(), [2, 5, 8, 3, 6, 9]);
    assert_eq!(targets.data(), [3, 6, 9, 4, 7, 10]);
    let (inputs, targets) = sequences.next_batch();
    assert_eq!(inputs.data(), [4, 7, 0, 5, 8, 1]);
    assert_eq!(targets.data(), [5, 8, 1, 6, 9, 2]);
    sequences.seek(2);
    assert_eq!(sequences.next_batch().0.data(), [2, 5, 8, 3, 6, 9]);
    assert_eq!(sequences.position(), 4);

    let error = Sequences::<11>::new(&text, 3, 4).err().unwrap();
    assert_eq!(error, DataError::Short { found: 11, needed: 13 });
    let error = Sequences::<10>::new(&text, 3, 2).err().unwrap();
    assert_eq!(error, DataError::Id { sample: 10, id: 10, limit: 10 });
}
