//! What is asked of word vectors, and files of them.

use formwork::data::text::Vocabulary;
use formwork::words::{WordVectors, WordsError};

fn vectors() -> WordVectors {
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
fn files_read_back_the_same() {
    let (vectors, folder) = (vectors(), std::env::temp_dir());
    let [text, binary] = ["txt", "safetensors"]
        .map(|end| folder.join(format!("formwork-words-{}.{end}", std::process::id())));
    vectors.save_text(&text).expect("written");
    assert_eq!(WordVectors::load_text(&text).expect("read"), vectors);
    #[cfg(feature = "safetensors")]
    {
        vectors.save(&binary).expect("written");
        assert_eq!(WordVectors::load(&binary).expect("read"), vectors);
        std::fs::remove_file(&binary).expect("removed");
    }
    std::fs::remove_file(&text).expect("removed");
    let error = WordVectors::load_text(&binary).unwrap_err().to_string();
    assert!(error.contains("formwork-words-"), "{error}");
}

#[cfg(feature = "safetensors")]
#[test]
fn wrong_bytes_are_refused() {
    use safetensors::tensor::{Dtype, TensorView};
    let file = |words: Option<&str>, name, dtype, dims: &[usize]| {
        let tensor = TensorView::new(dtype, dims.to_vec(), &[0; 8]).expect("a tensor of 8 bytes");
        let words = words.map(|words| [("words".to_owned(), words.to_owned())].into());
        safetensors::serialize([(name, tensor)], words).expect("a file")
    };
    let error = |file: &[u8]| WordVectors::from_bytes(file).unwrap_err().to_string();
    let words = Some("a\nb");
    assert_eq!(error(&file(None, "vectors", Dtype::F32, &[2])), "found no metadata `words`");
    assert_eq!(error(&file(words, "b", Dtype::F32, &[2, 1])), "found no tensor `vectors`");
    assert_eq!(
        error(&file(words, "vectors", Dtype::F32, &[2])),
        "found `vectors` of shape [2], expected a matrix"
    );
    assert_eq!(
        error(&file(words, "vectors", Dtype::I16, &[2, 2])),
        "tensor `vectors` is of type I16, expected F16, BF16, F32 or F64"
    );
    assert_eq!(
        error(&file(Some("a"), "vectors", Dtype::F32, &[2, 1])),
        "found 2 numbers, expected 1 vectors of 1"
    );
    assert!(error(b"none").starts_with("expected a safetensors file, found 4 bytes"));
}

#[cfg(feature = "safetensors")]
#[test]
fn words_that_cannot_be_written_are_refused() {
    let error = |word: &str| {
        let mut vocabulary = Vocabulary::new();
        vocabulary.extend([word]);
        let vectors = WordVectors::new(vocabulary, vec![1.0], 1).expect("vectors");
        vectors.to_bytes().unwrap_err().to_string()
    };
    assert_eq!(error("a\nb"), "the word \"a\\nb\" has a line break");
    assert_eq!(
        error(&"a".repeat(100_000_000)),
        "cannot be written as a safetensors file: expected names and texts of at most 100 MB together"
    );
}

#[test]
fn wrong_text_is_refused_with_its_line() {
    let error = |text: &str| WordVectors::from_text(text).unwrap_err().to_string();
    assert_eq!(error(""), "line 1: found \"\", expected the number of words and of dimensions");
    assert_eq!(error("1 2\nhello 1\n"), "line 2: found \"hello 1\", expected a word and 2 numbers");
    assert_eq!(
        error("2 1\na 1\na 2\n"),
        "line 3: found \"a 2\", expected a word that was not there before"
    );
    assert_eq!(error("3 1\na 1\nb 2\n"), "line 1: found \"2 words\", expected 3 words");
    assert_eq!(error("1 1\na x\n"), "line 2: found \"a x\", expected a word and 1 numbers");
}

#[test]
fn vectors_must_suit_the_words() {
    let mut vocabulary = Vocabulary::new();
    vocabulary.extend(["a", "b"]);
    let error = WordVectors::new(vocabulary, vec![0.0; 5], 3).unwrap_err();
    assert_eq!(error.to_string(), "found 5 numbers, expected 2 vectors of 3");
    let mut vocabulary = Vocabulary::new();
    vocabulary.extend(["with space"]);
    let vectors = WordVectors::new(vocabulary, vec![1.0], 1).expect("vectors");
    assert!(matches!(vectors.to_text(), Err(WordsError::Line { line: 2, .. })));
}
