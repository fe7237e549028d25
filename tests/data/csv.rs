use flate2::{Compression, write::GzEncoder};
use formwork::data::csv::{ALWAYS_EXPANDED, LONGEST_LINE, Table};
use formwork::data::{ContentError, Dataset, Grid};
use std::io::Write;

use super::{folder, gzip};

fn table(text: &str) -> Table {
    Table::parse(text.as_bytes()).unwrap()
}

fn error(text: &str) -> String {
    Table::parse(text.as_bytes()).unwrap_err().to_string()
}

#[test]
fn numbers_with_and_without_names() {
    let plain = table("1,-2.5\n3e2,+4");
    assert_eq!(plain.names(), None);
    assert_eq!(plain.rows().collect::<Vec<_>>(), [[1.0, -2.5], [300.0, 4.0]]);

    // A byte order mark, Windows line ends, blanks, and empty lines at the end.
    let named = table("\u{feff}a, b\r\n 1 ,-2.5\r\n3e2,+4\r\n\r\n\n");
    assert_eq!(named.names().unwrap(), ["a", "b"]);
    assert_eq!((named.columns(), named.rows().len()), (2, 2));
    assert!(named.rows().eq(plain.rows()));
}

#[test]
fn files_plain_and_gzipped() {
    let folder = folder("files_plain_and_gzipped");
    let path = folder.join("table.csv");
    for content in [b"1,2\n".to_vec(), gzip(b"1,2\n")] {
        std::fs::write(&path, content).unwrap();
        assert_eq!(Table::load(&path).unwrap(), table("1,2"));
    }
    std::fs::write(&path, b"1,2\n3\n").unwrap();
    assert_eq!(
        Table::load(&path).unwrap_err().to_string(),
        format!("{}: line 2: the number of fields is 1, expected 2 as in line 1", path.display())
    );
}

#[test]
fn tables_without_rows() {
    for text in ["", "\n\n", "a,b\n"] {
        assert_eq!(error(text), "has no row of numbers");
    }
}

#[test]
fn malformed_rows() {
    let fields = |line, found| {
        format!("line {line}: the number of fields is {found}, expected 2 as in line 1")
    };
    assert_eq!(error("a,b\n1,2\n3,4,5\n"), fields(3, 3));
    assert_eq!(error("1,2\n3,4,\n"), fields(2, 3));
    assert_eq!(error("1,2\n\n3,4\n"), fields(2, 1));
}

#[test]
fn malformed_fields() {
    let finite = |line, column, found| {
        format!("line {line}, column {column}: found `{found}`, expected a finite number")
    };
    assert_eq!(error("a,b\n1,2\n3,4x\n"), finite(3, 2, "4x"));
    assert_eq!(error("1,2\n,4\n"), finite(2, 1, ""));
    assert_eq!(error("1,2\n \"3\",4\n"), finite(2, 1, "\"3\""));
    assert_eq!(error("1,x\n3,4\n"), finite(1, 2, "x"));
    assert_eq!(error("1,NaN\n3,4\n"), finite(1, 2, "NaN"));
    assert_eq!(error("1,2\n-1e999,4\n"), finite(2, 1, "-1e999"));
    assert_eq!(error("1\n\n2\n"), finite(2, 1, ""));
    let long = "\u{e9}".repeat(100);
    assert_eq!(error(&format!("1\n{long}\n")), finite(2, 1, &format!("{}...", &long[..120])));
}

#[test]
fn fields_in_quotes() {
    let table = table("\"a\",\"b, \"\"c\"\"\nd\",e\r\n\"1\",\" -2.5 \",\"3\n\"\r\n4,\"5\",6\n");
    assert_eq!(table.names().unwrap(), ["a", "b, \"c\"\nd", "e"]);
    assert_eq!(table.rows().collect::<Vec<_>>(), [[1.0, -2.5, 3.0], [4.0, 5.0, 6.0]]);
    // Lines count where a row begins, whatever stands within the rows before.
    let message = |column| table.classes::<Grid<2>, 1>(column).unwrap_err().to_string();
    assert_eq!(message(0), "line 3, column 1: found `1`, expected an integer from 0 to 0");
    assert_eq!(
        error("\"a\n\",b\n1,2\n\"3,4\",5\n"),
        "line 4, column 1: found `3,4`, expected a finite number"
    );
    assert_eq!(
        error("\"a\n\",b\n1,2\n\"3,4,5\n"),
        "line 4: the number of fields is 1, expected 2 as in line 1"
    );
}

#[test]
fn empty_lines_before_the_first_row() {
    assert_eq!(table("\n\n1,2\n"), table("\n\n1,2"));
    assert_eq!(table("\n\n1,2\n").rows().collect::<Vec<_>>(), [[1.0, 2.0]]);
    assert_eq!(error("\n\n1,x\n"), "line 3, column 2: found `x`, expected a finite number");
    assert_eq!(
        error("1,2\r\n\r\n3,4\r\n"),
        "line 2: the number of fields is 1, expected 2 as in line 1"
    );
}

#[test]
fn what_a_file_holds_is_shortened_and_escaped() {
    assert_eq!(
        error("1\n\u{1b}[31m\u{7}\n"),
        "line 2, column 1: found `\\u{1b}[31m\\u{7}`, expected a finite number"
    );
    let names: Vec<_> = (0..1000).map(|i| format!("\u{1b}{i}{}", "x".repeat(1000))).collect();
    let numbers = vec!["1"; 1000].join(",");
    let table = table(&format!("{}\n{numbers}\n", names.join(",")));
    let error = table.values::<Grid<999>, 1>(["z"]).unwrap_err().to_string();
    assert!(error.starts_with("has no column `z`; its columns are \\u{1b}0xxx"), "{error}");
    assert!(error.ends_with("x... and 988 more") && error.len() < 1000, "{error}");
}

#[test]
fn gzipped_content_is_limited() {
    // The zeros of 200 MB are 200 kB as gzip.
    let zeros = vec![b'0'; 1_000_000];
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..200 {
        encoder.write_all(&zeros).unwrap();
        encoder.write_all(b"\n").unwrap();
    }
    let error = Table::parse(&encoder.finish().unwrap()).unwrap_err().to_string();
    assert_eq!(
        error,
        format!(
            "gzipped content of more than {ALWAYS_EXPANDED} bytes, expected at most so many of a \
             file of this length"
        )
    );
    // What is not gzipped is as long as it is, but for its lines.
    let error = Table::parse(&vec![b'0'; LONGEST_LINE + 1]).unwrap_err().to_string();
    assert_eq!(error, "expected lines of at most 16777216 bytes, found a longer one");
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_refused() {
    let folder = folder("csv_no_file");
    let pipe = folder.join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for (path, found) in [(&pipe, "a pipe, a socket or a device"), (&folder, "a folder")] {
        assert_eq!(
            Table::load(path).unwrap_err().to_string(),
            format!("{}: expected a file, found {found}", path.display())
        );
    }
}

#[test]
fn bytes_that_are_no_text() {
    let error = Table::parse(b"1,2\n3,4\n5,\xff\n").unwrap_err();
    assert_eq!(error.to_string(), "line 3 is not UTF-8 text");
}

#[test]
fn classes_by_name_and_by_index() {
    let table = table("x,kind,y\n1,2,10\n3,0,30\n");
    let by_name = table.classes::<Grid<2>, 3>("kind").unwrap();
    assert_eq!(by_name.inputs().data(), [1.0, 10.0, 3.0, 30.0]);
    assert_eq!(by_name.targets().data(), [2, 0]);
    assert_eq!(table.classes(1).unwrap(), by_name);
}

#[test]
fn numbers_that_are_no_class() {
    let named = table("x,kind\n1,1\n1,2\n").classes::<Grid<1>, 2>("kind").unwrap_err();
    assert_eq!(named.to_string(), "line 3, column 2: found `2`, expected an integer from 0 to 1");
    for found in ["0.5", "-1", "10000000000"] {
        let error = table(&format!("1,1\n1,{found}")).classes::<Grid<1>, 2>(1).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("line 2, column 2: found `{found}`, expected an integer from 0 to 1")
        );
    }
}

#[test]
fn values_of_several_columns() {
    let table = table("a,b,c\n1,2,3\n4,5,6\n");
    let data = table.values::<Grid<1>, 2>(["c", "a"]).unwrap();
    assert_eq!(data.inputs().data(), [2.0, 5.0]);
    assert_eq!(data.targets().data(), [3.0, 1.0, 6.0, 4.0]);
}

#[test]
fn columns_that_are_not_there() {
    let named = table("a,b\n1,2\n");
    let message =
        |result: Result<Dataset<Grid<1>, _>, ContentError>| result.unwrap_err().to_string();
    assert_eq!(message(named.values(["z"])), "has no column `z`; its columns are a, b");
    assert_eq!(message(named.values([2])), "has no column at index 2; its columns are a, b");
    assert_eq!(
        message(table("1,2\n").values(["a"])),
        "has no column `a`; its 2 columns have no names, only indices"
    );
}

#[test]
fn columns_that_do_not_make_a_sample() {
    let error = table("1,2,3\n").classes::<Grid<1, 2, 2>, 4>(0).unwrap_err();
    assert_eq!(
        error.to_string(),
        "has 2 columns beside the targets, expected 4 for a sample of 1x2x2"
    );
}

#[test]
fn numbers_beyond_single_precision() {
    let error = table("1,0\n1e300,0\n").classes::<Grid<1>, 2>(1).unwrap_err();
    assert_eq!(
        error.to_string(),
        "input 1 is inf at channel 0, row 0, column 0, expected a finite number"
    );
}
