use formwork::data::csv::Table;
use formwork::data::{ContentError, Dataset, Grid};

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
    assert_eq!(error("1,2\n\"3\",4\n"), finite(2, 1, "\"3\""));
    assert_eq!(error("1,x\n3,4\n"), finite(1, 2, "x"));
    assert_eq!(error("1,NaN\n3,4\n"), finite(1, 2, "NaN"));
    assert_eq!(error("1,2\n-1e999,4\n"), finite(2, 1, "-1e999"));
    assert_eq!(error("1\n\n2\n"), finite(2, 1, ""));
    let long = "\u{e9}".repeat(100);
    assert_eq!(error(&format!("1\n{long}\n")), finite(2, 1, &format!("{}...", &long[..80])));
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
