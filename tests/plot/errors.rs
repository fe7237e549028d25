//! What cannot be drawn is refused, with the reason.

use std::path::PathBuf;

use formwork::plot::{self, Axis, Chart, Error, Figure, Images, Picture, Series};

use super::svg::{file, linear};

#[track_caller]
fn refused(reason: &str, draw: impl FnOnce(PathBuf) -> plot::Result<()>) {
    let path = file("refused");
    match draw(path.clone()) {
        Err(error @ Error::Input { .. }) => {
            let message = error.to_string();
            assert_eq!(message, format!("cannot draw {}: {reason}", path.display()));
            assert!(!path.exists());
        }
        Err(other) => panic!("{other}"),
        Ok(()) => panic!("drawn, though {reason}"),
    }
}

#[track_caller]
fn chart_refused(reason: &str, chart: Chart) {
    refused(reason, |path| chart.save(path));
}

fn every(y: &[f64]) -> [Series; 1] {
    [Series::every("", 1.0, y)]
}

#[test]
fn bad_points_are_an_error() {
    chart_refused("there is nothing to draw: no point was given", linear("").lines(&[]));
    let nan = every(&[f64::NAN; 3]);
    chart_refused("none of the 3 points has a place on both axes", linear("").lines(&nan));
    let loss = Chart::new("Loss", Axis::linear("x"), Axis::log("y"));
    chart_refused(
        "none of the 2 points has a place on both axes, in the chart \"Loss\"",
        loss.lines(&every(&[-1.0, 0.0])),
    );
    chart_refused(
        "there is nothing to draw: no point was given",
        linear("").words(&[("", [0.0; 2]); 0]),
    );
    let infinite = [("a", [[f64::INFINITY; 2]])];
    chart_refused("none of the 1 points has a place on both axes", linear("").scatter(&infinite));
    chart_refused(
        "none of the 1 points has a place on both axes",
        linear("").decision(|_| 0, &infinite),
    );
    chart_refused(
        "series \"train\" has 2 values of x, but 3 of y",
        linear("").lines(&[Series::new("train", &[1.0, 2.0], &[1.0; 3])]),
    );
    let layer = linear("layer 2").histogram(&[f32::INFINITY], 30);
    chart_refused(
        "a histogram of 0 finite values in 30 bins shows nothing, in the chart \"layer 2\"",
        layer,
    );
    let no_bin = linear("").histogram(&[1.0], 0);
    chart_refused("a histogram of 1 finite values in 0 bins shows nothing", no_bin);
}

#[test]
fn bad_ranges_are_an_error() {
    let ranges = [
        (Axis::linear("y").range(1.0, 1.0), "finite rising numbers, not 1 to 1"),
        (Axis::linear("y").range(2.0, 0.0), "finite rising numbers, not 2 to 0"),
        (Axis::linear("y").range(0.0, f64::NAN), "finite rising numbers, not 0 to NaN"),
        (Axis::linear("y").range(f64::NEG_INFINITY, 0.0), "finite rising numbers, not -inf to 0"),
        (Axis::log("y").range(0.0, 1.0), "positive rising numbers, not 0 to 1"),
    ];
    for (y, reason) in ranges {
        let reason = format!("the range of the axis \"y\" must be two {reason}");
        let chart = || Chart::new("", Axis::linear("x"), y.clone());
        chart_refused(&reason, chart().scatter(&[("a", [[1.0, 1.0]])]));
        chart_refused(&reason, chart().lines(&every(&[1.0])));
        chart_refused(&reason, chart().histogram(&[1.0], 3));
        chart_refused(&reason, chart().paths(|_| 0.0, &every(&[1.0])));
    }
}

#[test]
fn bad_cells_and_functions_are_an_error() {
    refused("there is nothing to draw: no chart was given", |path| {
        Figure::new("", Vec::new()).columns(3).save(path)
    });
    let images = |pictures: &[Picture], path| {
        plot::images(path, &[("Filters", pictures)], &Images::default())
    };
    refused("there is nothing to draw: no image was given", |path| images(&[], path));
    refused("image \"7\" of 28 x 28 pixels was given 700 values", |path| {
        images(&[Picture::new("7", (28, 28), &[0.0; 700])], path)
    });
    refused("image \"\" of 0 x 3 pixels was given 0 values", |path| {
        images(&[Picture::new("", (0, 3), &[0.0; 0])], path)
    });
    let two_by_two = linear("").heatmap(&[0.0; 3], &["a", "b"], &["c", "d"]);
    chart_refused("2 rows of 2 columns need as many values; found 3", two_by_two);
    let none = linear("").heatmap(&[0.0; 0], &["a"; 0], &["c"; 0]);
    chart_refused("0 rows of 0 columns need as many values; found 0", none);
    chart_refused(
        "none of the 1 values is finite",
        linear("").heatmap(&[f32::NAN], &["a"], &["c"]),
    );
    let reason = "3 rows of 3 columns need as many values; found 8, in the chart \"C\"";
    chart_refused(reason, Chart::confusion("C", &[0; 8], &["a", "b", "c"]));
    chart_refused(
        "0 rows of 0 columns need as many values; found 0",
        Chart::confusion("", &[], &[""; 0]),
    );
    let path = Series::path("", &[[0.0, 1.0]]);
    chart_refused(
        "the function is finite nowhere between the axes",
        linear("").paths(|_| f64::NAN, &[path]),
    );
    match linear("").decision(|_| 4, &[("a", [[0.0, 0.0]])]).save(file("refused")) {
        Err(error) => {
            let message = error.to_string();
            assert!(message.contains("the classifier gave class 4 of 1 at ("), "{message}");
        }
        Ok(()) => panic!("drawn"),
    }
}

#[test]
fn a_file_that_cannot_be_written_is_named() {
    let path = file("missing-folder").join("picture.svg");
    match linear("").lines(&every(&[1.0, 2.0])).save(&path) {
        Err(Error::Write { path: named, error }) => {
            assert_eq!(named, path);
            assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
        }
        other => panic!("{other:?}"),
    }
}

/// Whoever has the old picture open, or kept it under another name, has it whole.
#[test]
fn an_old_picture_is_replaced_not_overwritten() {
    let (path, kept) = (file("replaced"), file("kept"));
    for path in [&path, &kept] {
        let _ = std::fs::remove_file(path);
    }
    linear("old").lines(&every(&[1.0, 2.0])).save(&path).unwrap();
    std::fs::hard_link(&path, &kept).unwrap();
    linear("new").lines(&every(&[1.0, 2.0])).save(&path).unwrap();
    let [path, kept] = [path, kept].map(|path| std::fs::read_to_string(path).unwrap());
    assert!(path.contains("new") && !path.contains("old"));
    assert!(kept.contains("old") && !kept.contains("new"));
}
