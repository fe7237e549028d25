//! Curves, axes and grids of charts.

use formwork::plot::{self, Axis, Chart, Frame, Grid, Series};

use super::svg::{BLUE, VERMILION, between, drawn, linear};

#[test]
fn lines_pass_through_their_points() {
    let x = [0.0, 10.0, 20.0];
    let drawing = drawn("lines", |path| {
        let series = [Series::new("up", &x, &[0.0, 1.0, 4.0]), Series::new("flat", &x, &[2.0; 3])];
        plot::lines(path, &series, &linear("A title"))
    });
    for text in ["A title", "x", "y", "up", "flat"] {
        assert_eq!(drawing.count_text(text), 1, "{text}");
    }
    let curve = drawing
        .all("polyline")
        .find(|line| line.get("stroke") == BLUE && line.points().len() == 3)
        .expect("a curve of three points");
    for ([x, y], expected) in curve.points().into_iter().zip([[0.0, 0.0], [0.5, 0.25], [1.0, 1.0]])
    {
        // Coordinates are rounded to a quarter of a pixel, of about 400.
        assert!((between(&drawing, ["0", "20"], "x", x) - expected[0]).abs() < 0.002);
        assert!((between(&drawing, ["0", "4.0"], "y", y) - expected[1]).abs() < 0.002);
    }
}

#[test]
fn logarithmic_axes_put_equal_ratios_at_equal_distances() {
    let drawing = drawn("log", |path| {
        let frame = Frame::new("", Axis::linear(""), Axis::log("norm"));
        plot::lines(path, &[Series::every("", 1.0, &[0.01, 1.0, 100.0])], &frame)
    });
    let at = |text| drawing.text(text).number("y");
    assert!((at("0.01") - 2.0 * at("1") + at("100")).abs() <= 1.0);
    let drawing = drawn("powers", |path| {
        let frame = Frame::new("", Axis::linear(""), Axis::log("norm"));
        plot::lines(path, &[Series::every("", 1.0, &[1e-8, 1e12])], &frame)
    });
    assert!(drawing.texts().contains(&"10⁻⁸"), "{:?}", drawing.texts());
}

#[test]
fn numbers_along_an_axis_are_written_alike() {
    for (greatest, expected) in [
        (4e-7, ["1.0×10⁻⁷", "0.5×10⁻⁷", "0"]),
        (4e4, ["5,000", "20,000", "0"]),
        (4e7, ["0.5×10⁷", "2.0×10⁷", "0"]),
        (-0.004, ["−0.0005", "−0.0020", "0"]),
    ] {
        let drawing = drawn("numbers", |path| {
            plot::lines(path, &[Series::every("", 1.0, &[0.0, greatest])], &linear(""))
        });
        for text in expected {
            assert!(drawing.texts().contains(&text), "{text}: {:?}", drawing.texts());
        }
    }
}

#[test]
fn a_value_that_is_not_finite_leaves_a_gap() {
    let y = [1.0, 2.0, f64::NAN, 3.0, f64::INFINITY, 2.0, 2.5];
    let drawing =
        drawn("gap", |path| plot::lines(path, &[Series::every("", 1.0, &y)], &linear("")));
    // 1 to 2, and 2 to 2.5; the 3 stands alone and is a dot.
    assert_eq!(drawing.coloured("polyline", BLUE), 2);
    assert_eq!(drawing.coloured("circle", BLUE), 1);
    let drawing = drawn("negative", |path| {
        let frame = Frame::new("", Axis::linear(""), Axis::log(""));
        plot::lines(path, &[Series::every("", 1.0, &[1.0, 2.0, -1.0, 0.0, 3.0, 4.0])], &frame)
    });
    assert_eq!(drawing.coloured("polyline", BLUE), 2);
}

#[test]
fn curves_are_cut_off_at_the_ends_of_the_axes() {
    let drawing = drawn("cut", |path| {
        let y = Axis { range: Some((-1.0, 1.0)), ..Axis::linear("y") };
        let series = [Series::new("", &[0.0, 1.0, 2.0], &[0.0, 4.0, 0.0])];
        plot::lines(path, &series, &Frame::new("", Axis::linear("x"), y))
    });
    // From (0, 0) up to (0.25, 1), and down from (1.75, 1) to (2, 0).
    let parts: Vec<_> = drawing.all("polyline").filter(|l| l.get("stroke") == BLUE).collect();
    assert_eq!(parts.len(), 2);
    let ends: Vec<[f64; 2]> = parts.iter().flat_map(|part| part.points()).collect();
    for ([x, y], expected) in
        ends.into_iter().zip([[0.0, 0.5], [0.125, 1.0], [0.875, 1.0], [1.0, 0.5]])
    {
        assert!((between(&drawing, ["0", "2.0"], "x", x) - expected[0]).abs() < 0.002);
        assert!((between(&drawing, ["−1.0", "1.0"], "y", y) - expected[1]).abs() < 0.002);
    }
}

#[test]
fn many_points_are_thinned_without_losing_the_extremes() {
    let mut y: Vec<f64> = (0..100_000).map(|i| f64::from(i % 7)).collect();
    y[54_321] = 100.0;
    let drawing = drawn("many", |path| {
        let frame = Frame::new(
            "",
            Axis::linear(""),
            Axis { range: Some((0.0, 100.0)), ..Axis::linear("") },
        );
        plot::lines(path, &[Series::every("", 1.0, &y)], &frame)
    });
    let points = drawing.all("polyline").find(|line| line.get("stroke") == BLUE).unwrap().points();
    assert!((1000..5000).contains(&points.len()), "{} points", points.len());
    let top = points.iter().map(|point| point[1]).fold(f64::MAX, f64::min);
    assert!((between(&drawing, ["0", "100"], "y", top) - 1.0).abs() < 0.002);
}

#[test]
fn smoothing_takes_the_mean_of_the_finite_neighbours() {
    let smooth = Series::every("", 1.0, &[1.0, 2.0, 6.0, f64::NAN, 8.0]).smoothed(1);
    assert_eq!(smooth.y[..3], [1.5, 3.0, 4.0]); // (1+2)/2, (1+2+6)/3, (2+6)/2
    assert!(smooth.y[3].is_nan());
    assert_eq!(smooth.y[4], 8.0);
}

#[test]
fn every_series_differs_from_all_others() {
    let series: Vec<Series> =
        (0..16).map(|i| Series::every(format!("series {i}"), 1.0, &[0.0, f64::from(i)])).collect();
    let drawing = drawn("sixteen", |path| plot::lines(path, &series, &linear("")));
    for i in 0..16 {
        assert_eq!(drawing.count_text(&format!("series {i}")), 1);
    }
    // Series 0 is one polyline and its sample in the legend another; series 7 and 14 are of the
    // same colour, but of dashes.
    assert!(drawing.coloured("polyline", BLUE) > 20);
}

#[test]
fn a_grid_of_charts_shares_labels_and_legend() {
    let charts: Vec<Chart> = (0..16)
        .map(|i| Chart {
            frame: Frame::new(format!("std {i}"), Axis::linear("epoch"), Axis::linear("accuracy")),
            series: vec![
                Series::every("with", 1.0, &[0.1, 0.9]),
                Series::every("without", 1.0, &[0.1, 0.2]),
            ],
        })
        .collect();
    let grid = Grid { title: "Sixteen", columns: 4 };
    let drawing = drawn("grid", |path| plot::charts(path, &charts, &grid));
    for (text, times) in
        [("Sixteen", 1), ("with", 1), ("without", 1), ("epoch", 4), ("accuracy", 4)]
    {
        assert_eq!(drawing.count_text(text), times, "{text}");
    }
    for i in 0..16 {
        assert_eq!(drawing.count_text(&format!("std {i}")), 1);
    }
    // Sixteen curves and the sample in the legend.
    assert_eq!(drawing.coloured("polyline", BLUE), 17);
    assert_eq!(drawing.coloured("polyline", VERMILION), 17);

    let mut charts = charts;
    charts[5].series.truncate(1);
    charts[5].frame.y = Axis::linear("loss");
    let drawing = drawn("grid-own", |path| plot::charts(path, &charts, &grid));
    for (text, times) in [("with", 16), ("without", 15), ("accuracy", 15), ("loss", 1)] {
        assert_eq!(drawing.count_text(text), times, "{text}");
    }
}

#[test]
fn ranges_without_a_length_can_be_drawn() {
    for y in [0.0, 1e-320, 3.0, -7e20, f64::from(f32::MAX)] {
        let drawing = drawn("constant", |path| {
            plot::lines(path, &[Series::every("", 1.0, &[y, y])], &linear(""))
        });
        assert_eq!(drawing.coloured("polyline", BLUE), 1);
    }
}
