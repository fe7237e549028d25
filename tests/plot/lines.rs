//! Curves, axes and grids of charts.

use formwork::plot::{Axis, Chart, Figure, Series};

use super::svg::{BLUE, VERMILION, drawn, linear};

fn every(y: &[f64]) -> [Series; 1] {
    [Series::every("", 1.0, y)]
}

#[test]
fn lines_pass_through_their_points() {
    let x = [0.0, 10.0, 20.0];
    let series = [Series::new("up", &x, &[0.0, 1.0, 4.0]), Series::new("flat", &x, &[2.0; 3])];
    let drawing = drawn("lines", |path| linear("A title").lines(&series).save(path));
    for text in ["A title", "x", "y", "up", "flat"] {
        assert_eq!(drawing.count_text(text), 1, "{text}");
    }
    let curves = drawing.coloured("path", BLUE);
    assert_eq!(curves.len(), 1);
    let expected = [[0.0, 0.0], [0.5, 0.25], [1.0, 1.0]];
    assert_eq!(curves[0].points().len(), expected.len());
    for ([x, y], [at_x, at_y]) in curves[0].points().into_iter().zip(expected) {
        assert!((drawing.between(["0", "20"], 0, x) - at_x).abs() < 0.001);
        assert!((drawing.between(["0", "4"], 1, y) - at_y).abs() < 0.001);
    }
}

#[test]
fn logarithmic_axes_put_equal_ratios_at_equal_distances() {
    let series = [Series::new("", &[5.0, 6.0, 7.0], &[0.01, 1.0, 100.0])];
    let norm = || Chart::new("", Axis::linear(""), Axis::log("norm"));
    let drawing = drawn("log", |path| norm().lines(&series).save(path));
    let at = |text| drawing.text(text).at()[1];
    assert!((at("0.01") - 2.0 * at("1") + at("100")).abs() < 0.03);
    let drawing = drawn("powers", |path| norm().lines(&every(&[1e-8, 1e12])).save(path));
    assert!(drawing.texts().contains(&"1e−8"), "{:?}", drawing.texts());
    // Where there is no power of ten, other numbers stand along the axis.
    let drawing = drawn("narrow", |path| norm().lines(&every(&[0.31, 0.38])).save(path));
    assert!(drawing.texts().contains(&"0.36"), "{:?}", drawing.texts());
}

#[test]
fn numbers_along_an_axis_are_round() {
    for (greatest, expected) in [
        (4e-7, ["1e−7", "2e−7", "0"]),
        (4e4, ["10000", "20000", "0"]),
        (2e7, ["5e6", "1e7", "0"]),
        (-0.002, ["−5e−4", "−0.001", "0"]),
    ] {
        let drawing =
            drawn("numbers", |path| linear("").lines(&every(&[0.0, greatest])).save(path));
        for text in expected {
            assert!(drawing.texts().contains(&text), "{text}: {:?}", drawing.texts());
        }
    }
}

#[test]
fn a_value_that_is_not_finite_leaves_a_gap() {
    let y = [1.0, 2.0, f64::NAN, 3.0, f64::INFINITY, 2.0, 2.5];
    let drawing = drawn("gap", |path| linear("").lines(&every(&y)).save(path));
    // 1 to 2, and 2 to 2.5; the 3 stands alone and is a dot.
    assert_eq!(drawing.coloured("path", BLUE).len(), 2);
    assert_eq!(drawing.coloured("circle", BLUE).len(), 1);
    let log = || Chart::new("", Axis::linear(""), Axis::log(""));
    let y = [1.0, 2.0, -1.0, 0.0, 3.0, 4.0];
    let drawing = drawn("negative", |path| log().lines(&every(&y)).save(path));
    assert_eq!(drawing.coloured("path", BLUE).len(), 2);
}

#[test]
fn curves_are_cut_off_at_the_ends_of_the_axes() {
    let series = [Series::new("", &[0.0, 1.0, 2.0, 3.0], &[0.0, 4.0, 0.0, 1e50])];
    let y = || Axis::linear("y").range(-1.0, 1.0);
    let drawing =
        drawn("cut", |path| Chart::new("", Axis::linear("x"), y()).lines(&series).save(path));
    let curve = drawing.coloured("path", BLUE)[0].points();
    let expected = [[0.0, 0.5], [0.5, 2.5], [1.0, 0.5]];
    for ([x, y], [at_x, at_y]) in curve.iter().zip(expected) {
        assert!((drawing.between(["0", "2"], 0, *x) - at_x).abs() < 0.001);
        assert!((drawing.between(["−1", "1"], 1, *y) - at_y).abs() < 0.001);
    }
    // No viewer could count as far as to the last.
    assert!(curve.len() == 4 && curve[3][1].abs() < 1e6, "{curve:?}");
    // All beyond the axes is clipped.
    let clip = drawing.all("rect").find(|rect| rect.get("width") == "560").expect("a clip path");
    assert_eq!(clip.get("height"), "340");
    assert_eq!(drawing.all("clipPath").count(), 1);
    assert!(drawing.all("g").any(|group| group.get("clip-path") == "url(#chart-0)"));
}

#[test]
fn many_points_are_thinned_without_losing_the_extremes() {
    let mut y: Vec<f64> = (0..100_000).map(|i| f64::from(i % 7)).collect();
    y[54_321] = 100.0;
    let drawing = drawn("many", |path| {
        let y_axis = Axis::linear("").range(0.0, 100.0);
        Chart::new("", Axis::linear(""), y_axis).lines(&every(&y)).save(path)
    });
    let points = drawing.coloured("path", BLUE)[0].points();
    assert!((1000..5000).contains(&points.len()), "{} points", points.len());
    let top = points.iter().map(|point| point[1]).fold(f64::MAX, f64::min);
    assert!((drawing.between(["0", "100"], 1, top) - 1.0).abs() < 0.001);
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
    let drawing = drawn("sixteen", |path| linear("").lines(&series).save(path));
    for i in 0..16 {
        assert_eq!(drawing.count_text(&format!("series {i}")), 1);
    }
    let mut looks: Vec<_> = drawing
        .all("path")
        .map(|curve| (curve.get("stroke"), curve.get("stroke-dasharray")))
        .collect();
    assert_eq!(looks.len(), 16);
    looks.sort_unstable();
    looks.dedup();
    assert_eq!(looks.len(), 16);
}

#[test]
fn a_grid_of_charts_shares_labels_and_legend() {
    let charts = |own: usize| {
        let chart = |i: usize| {
            let label = if i == own { "loss" } else { "accuracy" };
            let with = Series::every("with", 1.0, &[0.1, 0.9]);
            let without = Series::every("without", 1.0, &[0.1, 0.2]);
            let series = if i == own { vec![with] } else { vec![with, without] };
            Chart::new(format!("std {i}"), Axis::linear("epoch"), Axis::linear(label))
                .lines(&series)
        };
        (0..16).map(chart).collect()
    };
    let draw =
        |own| drawn("grid", |path| Figure::new("Sixteen", charts(own)).columns(4).save(path));
    let drawing = draw(16);
    for (text, times) in
        [("Sixteen", 1), ("with", 1), ("without", 1), ("epoch", 4), ("accuracy", 4)]
    {
        assert_eq!(drawing.count_text(text), times, "{text}");
    }
    for i in 0..16 {
        assert_eq!(drawing.count_text(&format!("std {i}")), 1);
    }
    assert_eq!(drawing.coloured("path", BLUE).len(), 16);
    assert_eq!(drawing.coloured("path", VERMILION).len(), 16);

    let drawing = draw(5);
    for (text, times) in [("with", 16), ("without", 15), ("accuracy", 15), ("loss", 1)] {
        assert_eq!(drawing.count_text(text), times, "{text}");
    }
}

#[test]
fn ranges_without_a_length_can_be_drawn() {
    for y in [0.0, 1e-320, 3.0, -7e20, f64::from(f32::MAX)] {
        let drawing = drawn("constant", |path| linear("").lines(&every(&[y, y])).save(path));
        assert_eq!(drawing.coloured("path", BLUE).len(), 1);
    }
}
