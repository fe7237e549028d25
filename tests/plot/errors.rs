//! What cannot be drawn is refused, with the reason.

use std::path::PathBuf;

use formwork::plot::{
    self, Axis, Confusion, Contrast, Error, Frame, Grid, Heatmap, Histogram, Histograms, Images,
    Picture, Points, Series,
};

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

#[test]
fn bad_input_is_an_error_that_says_what_and_where() {
    refused("there is nothing to draw: no series has a point", |path| {
        plot::lines(path, &[], &linear(""))
    });
    refused("none of the 3 points has a place on both axes", |path| {
        plot::lines(path, &[Series::every("", 1.0, &[f64::NAN; 3])], &linear(""))
    });
    refused("none of the 2 points has a place on both axes, in the chart \"Loss\"", |path| {
        let frame = Frame::new("Loss", Axis::linear("x"), Axis::log("y"));
        plot::lines(path, &[Series::every("", 1.0, &[-1.0, 0.0])], &frame)
    });
    refused("there is nothing to draw: no point was given", |path| {
        plot::words(path, &[[0.0; 2]; 0], &[""; 0], &linear(""))
    });
    refused("the axis \"\" has no finite value to show, in the histogram \"layer 2\"", |path| {
        let histogram = Histogram::new("layer 2", &[f32::INFINITY]);
        plot::histograms(path, &[histogram], &Histograms::default())
    });
    refused(
        "the range of the axis \"loss\" must be two positive rising numbers, not 0 to 1",
        |path| {
            let y = Axis { range: Some((0.0, 1.0)), ..Axis::log("loss") };
            plot::lines(
                path,
                &[Series::every("", 1.0, &[0.5])],
                &Frame::new("", Axis::default(), y),
            )
        },
    );
    refused("series \"train\" has 2 values of x, but 3 of y", |path| {
        plot::lines(path, &[Series::new("train", &[1.0, 2.0], &[1.0; 3])], &linear(""))
    });
    for (range, text) in
        [((1.0, 1.0), "1 to 1"), ((2.0, 0.0), "2 to 0"), ((0.0, f64::NAN), "0 to NaN")]
    {
        let reason =
            format!("the range of the axis \"y\" must be two finite rising numbers, not {text}");
        refused(&reason, |path| {
            let y = Axis { range: Some(range), ..Axis::linear("y") };
            plot::scatter(
                path,
                &Points::new(&[[1.0, 1.0]], &[0], &["a"]),
                &Frame::new("", Axis::linear("x"), y),
            )
        });
    }
    refused("there is nothing to draw: no panel was given", |path| {
        plot::charts(path, &[], &Grid::default())
    });
    refused("there is nothing to draw: no panel was given", |path| {
        plot::histograms(path, &[], &Histograms::default())
    });
    refused("a histogram needs at least one bin", |path| {
        let options = Histograms { bins: 0, ..Default::default() };
        plot::histograms(path, &[Histogram::new("", &[1.0])], &options)
    });
    refused("no value is finite, in the histogram \"layer 3\"", |path| {
        let x = Axis { range: Some((5.0, 6.0)), ..Axis::default() };
        let options = Histograms { x, ..Default::default() };
        plot::histograms(path, &[Histogram::new("layer 3", &[f64::NAN])], &options)
    });
    refused("there is nothing to draw: no image was given", |path| {
        plot::images(path, &[("Filters", &[])], &Images::default())
    });
    refused("image \"7\" of 28 x 28 pixels was given 700 values", |path| {
        plot::images(path, &[("", &[Picture::new("7", (28, 28), &[0.0; 700])])], &Images::default())
    });
    refused("image \"\" of 0 x 3 pixels was given 0 values", |path| {
        plot::images(path, &[("", &[Picture::new("", (0, 3), &[0.0; 0])])], &Images::default())
    });
    refused("a contrast must be two finite rising numbers, not 1 to 0", |path| {
        let options = Images { contrast: Contrast::Fixed(1.0, 0.0), ..Default::default() };
        plot::images(path, &[("", &[Picture::new("", (1, 1), &[0.0])])], &options)
    });
    refused("3 classes need 3 x 3 counts, and at least one; found 8", |path| {
        plot::confusion(path, &[0; 8], &["a", "b", "c"], &Confusion::default())
    });
    refused("2 rows of 2 columns need as many values; found 3", |path| {
        plot::heatmap(path, &[0.0; 3], &["a", "b"], &["c", "d"], &Heatmap::default())
    });
    refused("none of the 1 values is finite", |path| {
        plot::heatmap(path, &[f32::NAN], &["a"], &["c"], &Heatmap::default())
    });
    refused("2 points need as many classes; found 1", |path| {
        plot::scatter(path, &Points::new(&[[0.0; 2]; 2], &[0], &["a"]), &linear(""))
    });
    refused("point 1 is of class 2, but only 2 classes have names", |path| {
        plot::scatter(path, &Points::new(&[[0.0; 2]; 2], &[0, 2], &["a", "b"]), &linear(""))
    });
    refused("2 points need as many names; found 1", |path| {
        plot::words(path, &[[0.0; 2]; 2], &["a"], &linear(""))
    });
    refused("the function is finite nowhere between the axes", |path| {
        plot::paths(path, |_| f64::NAN, &[Series::path("", &[[0.0, 1.0]])], &linear(""))
    });
    let points = Points::new(&[[0.0, 0.0]], &[0], &["a"]);
    match plot::decision(file("refused"), |_| 4, &points, &linear("")) {
        Err(error) => {
            let message = error.to_string();
            assert!(message.contains("the classifier gave class 4 at ("), "{message}");
            assert!(message.ends_with("but only 1 classes have names"), "{message}");
        }
        Ok(()) => panic!("drawn"),
    }
}

#[test]
fn a_file_that_cannot_be_written_is_named() {
    let path = file("missing-folder").join("picture.svg");
    match plot::lines(&path, &[Series::every("", 1.0, &[1.0, 2.0])], &linear("")) {
        Err(Error::Write { path: named, error }) => {
            assert_eq!(named, path);
            assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
        }
        other => panic!("{other:?}"),
    }
}
