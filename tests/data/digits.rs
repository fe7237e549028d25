use formwork::data::digits;

use super::folder;

const FILE: &[u8] = include_bytes!("../../examples/data/digits.csv.gz");

/// A line of 64 equal pixels and a label.
fn line(pixel: &str, label: &str) -> String {
    format!("{}{label}\n", format!("{pixel},").repeat(64))
}

#[test]
fn the_digits_of_the_examples() {
    let data = digits::parse(FILE).unwrap();
    // As counted by: gunzip -c digits.csv.gz | cut -d, -f65 | sort | uniq -c
    assert_eq!(data.class_counts(), [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
    // The first line begins 0,0,5,13,9,1,0,0,0,0,13,15 and ends with the label 0.
    let (pixels, label) = data.get(0).unwrap();
    let expected = [0.0, 0.0, 5.0, 13.0, 9.0, 1.0, 0.0, 0.0, 0.0, 0.0, 13.0, 15.0];
    assert_eq!(pixels[..12], expected.map(|pixel| pixel / 16.0));
    assert_eq!(label, [0]);
    let data = data.inputs().data();
    assert!(data.iter().all(|pixel| (0.0..=1.0).contains(pixel)) && data.contains(&1.0));
}

#[test]
fn a_file_is_read_as_its_bytes() {
    let path = folder("a_file_is_read_as_its_bytes").join("digits");
    std::fs::write(&path, FILE).unwrap();
    assert_eq!(digits::load(&path).unwrap(), digits::parse(FILE).unwrap());
}

#[test]
fn lines_that_are_no_digit() {
    let error = |text: String| digits::parse(text.as_bytes()).unwrap_err().to_string();
    assert_eq!(
        error(line("16", "9") + &line("17", "9")),
        "line 2, column 1: found `17`, expected an integer from 0 to 16"
    );
    assert_eq!(
        error(line("0.5", "9")),
        "line 1, column 1: found `0.5`, expected an integer from 0 to 16"
    );
    assert_eq!(
        error(line("0", "9") + &line("0", "10")),
        "line 2, column 65: found `10`, expected an integer from 0 to 9"
    );
    assert_eq!(
        error("1,2,3\n".to_owned()),
        "has no column at index 64; its 3 columns have no names, only indices"
    );
    assert_eq!(
        error(line("0", "9,9")),
        "has 65 columns beside the targets, expected 64 for a sample of 1x8x8"
    );
}
