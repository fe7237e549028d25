//! Points, regions, contour lines and names in the plane.

use formwork::plot::{self, Axis, Frame, Points, Series};

use super::svg::{BLUE, Element, GREEN, VERMILION, between, drawn, linear};

#[test]
fn points_have_the_shape_and_colour_of_their_class() {
    let at = [[0.0, 0.0], [1.0, 2.0], [2.0, 1.0], [f64::NAN, 1.0], [3.0, 3.0], [1.0, 1.0]];
    let points = Points::new(&at, &[0, 1, 2, 0, 1, 1], &["first", "second", "third"]);
    let drawing = drawn("scatter", |path| plot::scatter(path, &points, &linear("Three classes")));
    // Each class once more in the legend; the point without a place is left out.
    assert_eq!(drawing.coloured("circle", BLUE), 1 + 1);
    assert_eq!(drawing.coloured("polygon", VERMILION), 3 + 1);
    assert_eq!(drawing.coloured("polygon", GREEN), 1 + 1);
    let corners = |colour: &str| {
        drawing.all("polygon").find(|p| p.get("fill") == colour).unwrap().points().len()
    };
    assert_eq!((corners(VERMILION), corners(GREEN)), (3, 4));
    for text in ["Three classes", "first", "second", "third"] {
        assert_eq!(drawing.count_text(text), 1, "{text}");
    }
}

#[test]
fn decision_regions_are_those_of_the_classifier() {
    let range = Some((-1.0, 1.0));
    let frame =
        Frame::new("", Axis { range, ..Axis::linear("x") }, Axis { range, ..Axis::linear("y") });
    let points = Points::new(&[[-0.5, 0.0], [0.5, 0.5]], &[0, 1], &["out", "in"]);
    let mut asked = 0;
    let classify = |[x, y]: [f64; 2]| {
        asked += 1;
        assert!(x.abs() < 1.0 && y.abs() < 1.0);
        usize::from(x > 0.0 && y > 0.0)
    };
    let drawing = drawn("decision", |path| plot::decision(path, classify, &points, &frame));
    assert_eq!(asked, 220 * 220);
    // 110 rows have both classes, the other 110 only the first; white mixed with 28 % of the
    // colour.
    let (out, within) = ("#B8D8E9", "#F3D2B8");
    assert_eq!(drawing.coloured("rect", out), 220);
    assert_eq!(drawing.coloured("rect", within), 110);
    let region = drawing.all("rect").find(|cell| cell.get("fill") == within).unwrap();
    let left = between(&drawing, ["−1.0", "1.0"], "x", region.number("x"));
    assert!((left - 0.5).abs() < 0.002, "{left}");
    assert_eq!(drawing.coloured("circle", BLUE), 1 + 1);
}

#[test]
fn contour_lines_follow_the_function() {
    let range = Some((-1.0, 1.0));
    let frame = Frame::new(
        "Bowl",
        Axis { range, ..Axis::linear("x") },
        Axis { range, ..Axis::linear("y") },
    );
    let path_points = [[-0.8, 0.5], [0.2, 0.1], [0.0, 0.0]];
    let drawing = drawn("paths", |path| {
        let f = |[x, y]: [f64; 2]| x * x + y * y;
        plot::paths(path, f, &[Series::path("SGD", &path_points)], &frame)
    });
    assert_eq!(drawing.count_text("SGD"), 1);
    // Three points and the sample in the legend.
    assert_eq!(drawing.coloured("circle", BLUE), 4);
    // The ring around the start.
    let start = drawing.all("circle").find(|circle| circle.get("fill") == "#222222").unwrap();
    let x = 2.0 * between(&drawing, ["−1.0", "1.0"], "x", start.number("cx")) - 1.0;
    assert!((x + 0.8).abs() < 0.005, "{x}");
    // Where lines are closed they are circles around the middle: a constant x^2 + y^2.
    let closed: Vec<_> = drawing
        .all("polyline")
        .map(Element::points)
        .filter(|points| points.len() > 30 && points.first() == points.last())
        .collect();
    assert!(closed.len() >= 8, "{} closed lines", closed.len());
    for line in closed {
        let radii = line.iter().map(|&[x, y]| {
            let x = 2.0 * between(&drawing, ["−1.0", "1.0"], "x", x) - 1.0;
            let y = 2.0 * between(&drawing, ["−1.0", "1.0"], "y", y) - 1.0;
            x.hypot(y)
        });
        let radii: Vec<f64> = radii.collect();
        let (least, most) = (
            radii.iter().copied().fold(f64::MAX, f64::min),
            radii.iter().copied().fold(0.0, f64::max),
        );
        assert!(most - least < 0.006, "{least} to {most}");
    }
}

#[test]
fn names_of_points_do_not_cover_each_other() {
    let names: Vec<String> = (0..40).map(|i| format!("word-{i}")).collect();
    // A spiral with many close neighbours, and four points at one place.
    let mut at: Vec<[f32; 2]> =
        (0..36).map(|i| i as f32 * 0.5).map(|t| [t * t.cos(), t * t.sin()]).collect();
    at.extend([[6.0, 6.0]; 4]);
    let drawing = drawn("words", |path| plot::words(path, &at, &names, &linear("Words")));
    let boxes: Vec<[f64; 4]> = names
        .iter()
        .map(|name| {
            let text = drawing.text(name);
            let size = text.number("font-size");
            let (x, y) = (text.number("x"), text.number("y"));
            [x, y - 0.5 * size, x + name.len() as f64 * 0.5 * size, y + 0.5 * size]
        })
        .collect();
    for (i, a) in boxes.iter().enumerate() {
        for (j, b) in boxes.iter().enumerate().skip(i + 1) {
            let apart = a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1];
            assert!(apart, "{} and {}: {a:?} {b:?}", names[i], names[j]);
        }
    }
}
