//! Points, regions, contour lines and names in the plane.

use formwork::plot::{Axis, Chart, Series};

use super::svg::{BLUE, Element, GREEN, VERMILION, drawn, linear};

#[test]
fn points_have_the_shape_and_colour_of_their_class() {
    let first = vec![[0.0, 0.0], [f64::NAN, 1.0]];
    let second = vec![[1.0, 2.0], [3.0, 3.0], [1.0, 1.0]];
    let classes = [("first", first), ("second", second), ("third", vec![[2.0, 1.0]])];
    let drawing = drawn("scatter", |path| linear("Three classes").scatter(&classes).save(path));
    // Each class once more in the legend; the point without a place is left out.
    assert_eq!(drawing.coloured("circle", BLUE).len(), 1 + 1);
    assert_eq!(drawing.coloured("rect", GREEN).len(), 1 + 1);
    let triangles = drawing.coloured("path", VERMILION);
    assert_eq!(triangles.len(), 3 + 1);
    assert_eq!(triangles[0].points().len(), 3);
    for text in ["Three classes", "first", "second", "third"] {
        assert_eq!(drawing.count_text(text), 1, "{text}");
    }
    let [x, y] = drawing.coloured("circle", BLUE)[0].at();
    assert!(drawing.between(["0", "3"], 0, x).abs() < 0.001);
    assert!(drawing.between(["0", "3"], 1, y).abs() < 0.001);
}

#[test]
fn decision_regions_are_those_of_the_classifier() {
    let axis = |label| Axis::linear(label).range(-1.0, 1.0);
    let classes = [("out", [[-0.5, 0.0]]), ("in", [[0.5, 0.5]])];
    let drawing = drawn("decision", |path| {
        let mut asked = 0;
        let classify = |[x, y]: [f64; 2]| {
            asked += 1;
            assert!(x.abs() < 1.0 && y.abs() < 1.0);
            usize::from(x > 0.0 && y > 0.0)
        };
        let chart = Chart::new("", axis("x"), axis("y")).decision(classify, &classes);
        assert_eq!(asked, 220 * 220);
        chart.save(path)
    });
    let region = |colour| {
        let found = drawing.coloured("path", colour);
        let ground = found.into_iter().find(|path| path.get("fill-opacity") == "0.28").unwrap();
        ground.get("d").to_owned()
    };
    // 110 rows have both classes, the other 110 only the first.
    let (out, within) = (region(BLUE), region(VERMILION));
    assert_eq!((out.matches('M').count(), within.matches('M').count()), (220, 110));
    assert!(out.starts_with("M0 0h110v1h-110z"), "{out}");
    assert!(within.starts_with("M110 0h110v1h-110zM110 1h110"), "{within}");
    assert!(out.ends_with("M0 219h220v1h-220z"), "{out}");
    assert_eq!(drawing.coloured("circle", BLUE).len(), 1 + 1);
}

#[test]
fn contour_lines_follow_the_function() {
    let axis = |label| Axis::linear(label).range(-1.0, 1.0);
    let way = [Series::path("SGD", &[[-0.8, 0.5], [0.2, 0.1], [0.0, 0.0]])];
    let drawing = drawn("paths", |path| {
        let f = |[x, y]: [f64; 2]| x * x + y * y;
        Chart::new("Bowl", axis("x"), axis("y")).paths(f, &way).save(path)
    });
    assert_eq!(drawing.count_text("SGD"), 1);
    assert_eq!(drawing.coloured("circle", BLUE).len(), 3);
    let at = |axis, pixel| 2.0 * drawing.between(["−1", "1"], axis, pixel) - 1.0;
    // The ring around the start.
    let start = drawing.coloured("circle", "#222222")[0].at();
    assert!((at(0, start[0]) + 0.8).abs() < 0.005 && (at(1, start[1]) - 0.5).abs() < 0.005);
    // Lines are circles around the middle: a constant x^2 + y^2.
    let lines: Vec<&Element> = drawing.coloured("path", "#a5c6df");
    assert_eq!(lines.len(), 14);
    for line in lines {
        let radii: Vec<f64> =
            line.points().iter().map(|[x, y]| at(0, *x).hypot(at(1, *y))).collect();
        let least = radii.iter().copied().fold(f64::MAX, f64::min);
        let most = radii.iter().copied().fold(0.0, f64::max);
        assert!(radii.len() > 30 && most - least < 0.006, "{least} to {most}");
    }
}

#[test]
fn names_of_points_do_not_cover_each_other() {
    // A spiral with many close neighbours, and four points at one place.
    let spiral = (0..36).map(|i| f64::from(i) * 0.5).map(|t| [t * t.cos(), t * t.sin()]);
    let at = spiral.chain([[6.0, 6.0]; 4]);
    let words: Vec<(String, [f64; 2])> =
        at.enumerate().map(|(i, at)| (format!("word-{i}"), at)).collect();
    let drawing = drawn("words", |path| linear("Words").words(&words).save(path));
    let place = |(name, _): &(String, _)| {
        let text = drawing.text(name);
        let ([x, y], size) = (text.at(), text.number("font-size"));
        let half = name.len() as f64 * 0.25 * size;
        [x - half, y - 0.5 * size, x + half, y + 0.5 * size]
    };
    let places: Vec<[f64; 4]> = words.iter().map(place).collect();
    for (i, a) in places.iter().enumerate() {
        for (j, b) in places.iter().enumerate().skip(i + 1) {
            let apart = a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1];
            assert!(apart, "{i} and {j}: {a:?} {b:?}");
        }
    }
}
