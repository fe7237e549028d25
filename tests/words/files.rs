//! Word vectors in files.

use crate::vectors::vectors;
use formwork::data::text::Vocabulary;
use formwork::words::{LONGEST_LINE, WordVectors};
use std::path::PathBuf;

/// A file of one test alone.
fn path(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("formwork-words-{}-{name}", std::process::id()))
}

/// Vectors of 1, 2 and so on for these words.
fn of(words: &[&str]) -> WordVectors {
    let mut vocabulary = Vocabulary::new();
    vocabulary.extend(words);
    WordVectors::new(vocabulary, (1..=words.len()).map(|i| i as f32).collect(), 1).unwrap()
}

fn text_error(text: &str) -> String {
    WordVectors::from_text(text).unwrap_err().to_string()
}

/// Only spaces, tabs and line breaks end a word.
#[test]
fn strange_words_come_back_as_themselves() {
    let words =
        ["a\r", "a", "a\u{a0}b", "\u{3000}", "a\u{b}b", "\u{2028}", "\u{feff}a", "\r", "\0"];
    let vectors = of(&words);
    let text = vectors.to_text().unwrap();
    assert_eq!(WordVectors::from_text(&text).unwrap(), vectors);
    // Also with the line ends of Windows, but for the words that have a part of one.
    let windows = of(&words[1..7]);
    let text = windows.to_text().unwrap().replace('\n', "\r\n").replace(' ', "\t");
    assert_eq!(WordVectors::from_text(&text).unwrap(), windows);
    #[cfg(feature = "safetensors")]
    for words in [&words[..], &["", " ", "a b", "\t"], &[""], &["", "a"]] {
        let vectors = of(words);
        assert_eq!(WordVectors::from_bytes(&vectors.to_bytes().unwrap()).unwrap(), vectors);
    }
}

#[test]
fn words_without_a_place_in_text_are_refused() {
    for (word, shown) in
        [("", ""), ("a b", "a b"), ("a\tb", "a\\tb"), ("a\nb", "a\\nb"), (" ", " ")]
    {
        let error = of(&["x", word]).to_text().unwrap_err().to_string();
        let expected = "expected a word without spaces, tabs and line breaks";
        assert_eq!(error, format!("line 3: found \"{shown}\", {expected}"));
    }
    // What is there stays.
    let path = path("stays");
    vectors().save_text(&path).unwrap();
    assert!(of(&["a b"]).save_text(&path).is_err());
    assert_eq!(WordVectors::load_text(&path).unwrap(), vectors());
    std::fs::remove_file(path).unwrap();
}

#[test]
fn text_of_glove_has_no_first_line() {
    let glove = WordVectors::from_text("hello 1 0 0.5\nworld 0 -1 2\n").unwrap();
    let same = WordVectors::from_text("2 3\nhello 1 0 0.5 \nworld\t0 -1  2\n").unwrap();
    assert_eq!(glove, same);
    assert_eq!(
        text_error("hello 1 0 0.5\nworld 0 -1\n"),
        "line 2: found \"world 0 -1\", expected a word and 3 numbers"
    );
}

#[test]
fn numbers_that_are_none() {
    for number in ["nan", "NaN", "inf", "-infinity", "1e39"] {
        assert_eq!(
            text_error(&format!("2 2\na 1 2\nword 1 {number}\n")),
            format!("line 3: found \"word {number}\", expected finite numbers")
        );
    }
}

#[test]
fn more_words_than_promised() {
    assert_eq!(
        text_error("1 1\na 1\nb 2\nc"),
        "line 3: found \"b 2\", expected the end after 1 words"
    );
    assert!(text_error("9999999999999 9999999\na 1\n").starts_with("line 2: found"));
    assert!(text_error("0 5\n").starts_with("found 0 numbers, expected 0 vectors of 5"));
    assert!(text_error("5 0\n").starts_with("line 1: found \"0 words\", expected 5 words"));
}

#[test]
fn what_a_line_holds_is_shortened_and_escaped() {
    let error = text_error(&format!("1 1\n\u{1b}[31m{} x\n", "red".repeat(1000)));
    let shown = format!("\\u{{1b}}[31m{}r...", "red".repeat(18));
    assert_eq!(error, format!("line 2: found \"{shown}\", expected a word and 1 numbers"));
    let error = text_error(&"x".repeat(LONGEST_LINE + 1));
    assert_eq!(error, "expected lines of at most 16777216 bytes, found a longer one");
}

/// `words` and a number for each, in word2vec's binary format.
fn binary(first: &str, words: &[&str], end: &str) -> Vec<u8> {
    let mut bytes = first.as_bytes().to_vec();
    for (i, word) in words.iter().enumerate() {
        bytes.extend_from_slice(word.as_bytes());
        bytes.push(b' ');
        bytes.extend_from_slice(&(i as f32 + 1.0).to_le_bytes());
        bytes.extend_from_slice(end.as_bytes());
    }
    bytes
}

#[test]
fn the_binary_format_of_word2vec() {
    let words = ["hello", "w\u{f6}rld", "a\u{a0}b", "</s>"];
    for end in ["\n", ""] {
        let bytes = binary("4 1\n", &words, end);
        assert_eq!(WordVectors::from_word2vec(&bytes).unwrap(), of(&words));
        let path = path("word2vec");
        std::fs::write(&path, &bytes).unwrap();
        assert_eq!(WordVectors::load_word2vec(&path).unwrap(), of(&words));
        std::fs::remove_file(path).unwrap();
    }
}

#[test]
fn binary_vectors_that_are_none() {
    let error = |bytes: &[u8]| WordVectors::from_word2vec(bytes).unwrap_err().to_string();
    let sizes = "expected the number of words and of dimensions";
    assert_eq!(error(b""), format!("line 1: found \"\", {sizes}"));
    assert_eq!(error(b"a 1\n"), format!("line 1: found \"a 1\\n\", {sizes}"));
    assert_eq!(
        error(b"1000000 300\na 1234"),
        "found 18 bytes, too few for the 1000000 vectors of 300 that line 1 promises"
    );
    let most = u64::MAX;
    assert!(error(format!("{most} {most}\n").as_bytes()).contains("too few for the"));
    let two = binary("2 1\n", &["a", "b"], "\n");
    assert_eq!(error(&two[..two.len() - 2]), "ends within the vector of word 1, \"b\"");
    assert_eq!(
        error(&binary("1 1\n", &["a", "b"], "\n")),
        "found more than the 1 words that line 1 promises"
    );
    assert_eq!(
        error(&binary("2 1\n", &["a", "a"], "\n")),
        "word 1: found \"a\", which was there before"
    );
    let mut nan = binary("1 1\n", &["a"], "");
    let at = nan.len() - 4;
    nan[at..].copy_from_slice(&f32::NAN.to_le_bytes());
    assert_eq!(error(&nan), "the vector of \"a\" holds NaN at position 0, expected finite numbers");
    let mut none = binary("1 1\n", &["ab"], "");
    none[4] = 0xff;
    assert_eq!(error(&none), "word 0: found \"\u{fffd}b\", expected text");
    assert!(error(b"0 1\n").starts_with("found 0 numbers, expected 0 vectors of 1"));
}

/// Read as text, the binary format is named.
#[test]
fn the_binary_format_read_as_text() {
    let path = path("as-text");
    let numbers = [&b"1 2\nhello "[..], &[0xff, 0xff, 0x7f, 0x3f], &[0xff, 0xff, 0x7f, 0x3f]];
    std::fs::write(&path, numbers.concat()).unwrap();
    let error = WordVectors::load_text(&path).unwrap_err().to_string();
    assert_eq!(
        error,
        format!(
            "{}: line 2: found \"bytes that are no text\", expected a word and 2 numbers; \
             `WordVectors::load_word2vec` reads the binary format",
            path.display()
        )
    );
    std::fs::remove_file(path).unwrap();
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_refused() {
    let path = path("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    let mut errors = vec![WordVectors::load_text(&path), WordVectors::load_word2vec(&path)];
    #[cfg(feature = "safetensors")]
    errors.push(WordVectors::load(&path));
    for error in errors {
        let expected =
            format!("{}: expected a file, found a pipe, a socket or a device", path.display());
        assert_eq!(error.unwrap_err().to_string(), expected);
    }
    std::fs::remove_file(path).unwrap();
}

#[test]
fn files_read_back_the_same() {
    let vectors = vectors();
    let [text, binary] = ["txt", "safetensors"].map(path);
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
    assert_eq!(
        error(""),
        "line 1: found \"\", expected the number of words and of dimensions, or a word and its numbers"
    );
    assert_eq!(error("1 2\nhello 1\n"), "line 2: found \"hello 1\", expected a word and 2 numbers");
    assert_eq!(
        error("2 1\na 1\na 2\n"),
        "line 3: found \"a 2\", expected a word that was not there before"
    );
    assert_eq!(error("3 1\na 1\nb 2\n"), "line 1: found \"2 words\", expected 3 words");
    assert_eq!(error("1 1\na x\n"), "line 2: found \"a x\", expected a word and 1 numbers");
}
