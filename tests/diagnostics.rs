//! What the compiler says of mistakes. Each case in `ui` is one mistake (or two) and the errors
//! that it gives; `TRYBUILD=overwrite cargo test --test diagnostics` writes them anew, and
//! `cargo test --test diagnostics -- mistakes trybuild=group` is for the files with `group` in their name.

use std::fs;
use std::path::Path;

#[test]
fn mistakes_are_reported_as_recorded() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/*.rs");
    // Mistakes inside of a layer, which speak of its dimensions as types.
    cases.compile_fail("tests/ui/layer/*.rs");
}

#[test]
fn errors_are_short_and_free_of_type_arithmetic() {
    let mut cases = 0;
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "stderr") {
            continue;
        }
        cases += 1;
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap();
        // What follows an empty line as a note belongs to the error before it.
        let text = text.trim_end().replace("\n\nnote: ", "\nnote: ");
        let errors: Vec<&str> = text.split("\n\n").collect();
        let expected = if name.starts_with("two_") { 2 } else { 1 };
        assert_eq!(errors.len(), expected, "errors in {name}");
        for error in errors {
            assert!(error.starts_with("error"), "{name}: {error}");
            // What is wrong in a declaration the checks say; of a value of another type, rustc says
            // what it expected.
            let of_types = error.starts_with("error[E0308]") || error.starts_with("error[E0271]");
            let most = if of_types { 16 } else { 12 };
            let lines = error.lines().count();
            assert!(lines <= most, "{name} takes {lines} lines, more than {most}: {error}");
            assert!(error.contains("tests/ui/"), "{name} points elsewhere: {error}");
            for word in ["UInt", "UTerm", "B0", "B1"] {
                let mut words = error.split(|c: char| !c.is_alphanumeric() && c != '_');
                assert!(words.all(|other| other != word), "{name} mentions {word}: {error}");
            }
        }
    }
    assert!(cases > 30, "only {cases} cases were found");
}
