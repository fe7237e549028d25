//! No text is cut, and none breaks the file.

use formwork::plot::{self, Axis, Chart, Figure, Images, Picture, Series};

use super::svg::{drawn, linear};

#[test]
fn long_texts_are_broken_or_shortened_rather_than_cut() {
    // `drawn` checks that no text leaves the picture.
    let long =
        "A sentence that is by far too long for any of the places where it is put. ".repeat(4);
    let word = "incomprehensibilities".repeat(8);
    for text in [long.as_str(), word.as_str(), "長い題名".repeat(40).as_str()] {
        let chart = || Chart::new(text, Axis::linear(text), Axis::linear(text));
        let series = [Series::every(text, 1e9, &[1e-12, 3e-12])];
        drawn("long-lines", |path| chart().lines(&series).save(path));
        let charts = || (0..5).map(|_| chart().lines(&series)).collect();
        drawn("long-grid", |path| Figure::new(text, charts()).save(path));
        let pictures = [Picture::new(text, (5, 5), &[0.5; 25])];
        drawn("long-images", |path| plot::images(path, &[(text, &pictures)], &Images::default()));
        drawn("long-confusion", |path| {
            Chart::confusion(text, &[1, 2, 3, 4], &[text, text]).save(path)
        });
        drawn("long-heatmap", |path| {
            chart().heatmap(&[1e9, -2e-9], &[text], &[text, "b"]).save(path)
        });
        drawn("long-words", |path| chart().words(&[(text, [0.0; 2])]).save(path));
    }
}

#[test]
fn texts_are_escaped() {
    let odd = "<a> & \"b\" 'c' \u{1} $x^2$";
    let series = [Series::every(odd, 1.0, &[1.0, 2.0])];
    let drawing = drawn("odd", |path| linear(odd).lines(&series).save(path));
    assert_eq!(drawing.count_text("<a> & \"b\" 'c' \u{FFFD} $x^2$"), 2);
}
