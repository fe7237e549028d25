//! No text is cut, and none breaks the file.

use formwork::plot::{self, Axis, Chart, Confusion, Frame, Grid, Heatmap, Images, Picture, Series};

use super::svg::{drawn, linear};

#[test]
fn long_texts_are_broken_or_shortened_rather_than_cut() {
    // `drawn` checks that no text leaves the picture.
    let long =
        "A sentence that is by far too long for any of the places where it is put. ".repeat(4);
    let word = "incomprehensibilities".repeat(8);
    for text in [long.as_str(), word.as_str(), "長い題名".repeat(40).as_str()] {
        let frame = Frame::new(text, Axis::linear(text), Axis::linear(text));
        drawn("long-lines", |path| {
            plot::lines(path, &[Series::every(text, 1e9, &[1e-12, 3e-12])], &frame)
        });
        let chart = Chart { frame: frame.clone(), series: vec![Series::every(text, 1.0, &[1.0])] };
        let grid = Grid { title: text, columns: 0 };
        drawn("long-grid", |path| plot::charts(path, &vec![chart; 5], &grid));
        drawn("long-images", |path| {
            plot::images(
                path,
                &[(text, &[Picture::new(text, (5, 5), &[0.5; 25])])],
                &Images::default(),
            )
        });
        drawn("long-confusion", |path| {
            plot::confusion(path, &[1, 2, 3, 4], &[text, text], &Confusion { title: text })
        });
        drawn("long-heatmap", |path| {
            let options =
                Heatmap { title: text, row_label: text, column_label: text, ..Default::default() };
            plot::heatmap(path, &[1e9, -2e-9], &[text], &[text, "b"], &options)
        });
    }
}

#[test]
fn texts_are_escaped() {
    let odd = "<a> & \"b\" 'c' \u{1}";
    let drawing = drawn("odd", |path| {
        plot::lines(path, &[Series::every(odd, 1.0, &[1.0, 2.0])], &linear(odd))
    });
    assert_eq!(drawing.count_text("<a> & \"b\" 'c' \u{FFFD}"), 2);
}
