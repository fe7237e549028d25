//! Histograms, images and matrices.

use formwork::plot::{self, Axis, Chart, Figure, Images, Picture};

use super::svg::{BLUE, Element, drawn};

#[test]
fn histograms_count_what_lies_in_each_bin() {
    let chart = |title: &str, values: &[f64]| {
        let activation = Axis::linear("activation").range(0.0, 1.0);
        Chart::new(title, activation, Axis::linear("count")).histogram(values, 2)
    };
    let drawing = drawn("histograms", |path| {
        let charts = vec![
            chart("layer 1", &[0.0, 0.1, 0.2, 0.9, f64::NAN, 7.0]),
            chart("layer 2", &[1.0, 0.5]),
            chart("layer 3", &[7.0]),
        ];
        Figure::new("Activations", charts).save(path)
    });
    let bars = drawing.coloured("rect", BLUE);
    let heights: Vec<f64> = bars.iter().map(|bar| bar.number("height")).collect();
    // 3 and 1 of the first, all of the second from 0.5 on, none of the third.
    assert_eq!(heights.len(), 3);
    assert!((heights[0] / heights[1] - 3.0).abs() < 0.02, "{heights:?}");
    for text in ["Activations", "layer 1", "layer 3", "20.0 % outside", "100.0 % outside"] {
        assert_eq!(drawing.count_text(text), 1, "{text}");
    }
}

#[test]
fn images_have_a_cell_for_each_pixel() {
    let picture = |caption: &str, pixels: [f32; 4]| Picture::new(caption, (2, 2), &pixels);
    let wrong =
        [picture("7 -> 1", [0.0, 1.0, 2.0, 3.0]), picture("4 -> 9", [0.0, 0.5, f32::NAN, 0.0])];
    let draw = |options: Images| {
        let drawing = drawn("images", |path| plot::images(path, &[("Wrong", &wrong)], &options));
        for text in ["Wrong", "7 -> 1", "4 -> 9"] {
            assert_eq!(drawing.count_text(text), 1, "{text}");
        }
        let cells = drawing.all("path").map(|cell| (cell.get("fill"), cell.get("d")));
        cells.map(|(fill, d)| format!("{fill} {d}")).collect::<Vec<_>>()
    };
    let [first, second, third, fourth] =
        ["M0 0h1v1h-1z", "M1 0h1v1h-1z", "M0 1h1v1h-1z", "M1 1h1v1h-1z"];
    // 255/3 = 0x55, and equal pixels are of one path.
    let expected = [
        format!("#000000 {first}"),
        format!("#555555 {second}"),
        format!("#aaaaaa {third}"),
        format!("#ffffff {fourth}"),
        format!("#f5c39b {third}"),
        format!("#000000 {first}{fourth}"),
        format!("#ffffff {second}"),
    ];
    assert_eq!(draw(Images::default()), expected);
    let inverted = draw(Images { inverted: true, columns: 1 });
    assert_eq!(inverted[0], format!("#000000 {fourth}"));
    assert_eq!(
        inverted[4..],
        [expected[4].clone(), format!("#000000 {second}"), format!("#ffffff {first}{fourth}")]
    );
}

#[test]
fn pixels_become_squares_of_whole_pixels_without_seams() {
    let pictures = [Picture::new("", (2, 2), &[0.0, 1.0, 2.0, 3.0])];
    let drawing = drawn("seams", |path| plot::images(path, &[("", &pictures)], &Images::default()));
    let group = drawing.all("g").find(|group| group.get("transform").contains("scale")).unwrap();
    // 14 is the most that a pixel becomes.
    assert!(group.get("transform").ends_with("scale(14,14)"), "{}", group.get("transform"));
    assert_eq!(group.get("shape-rendering"), "crispEdges");
}

#[test]
fn a_hundred_images_are_laid_out_in_columns() {
    let pictures: Vec<Picture> =
        (0..100).map(|i| Picture::new(format!("{i}"), (28, 28), &[i as f32; 784])).collect();
    let drawing =
        drawn("hundred", |path| plot::images(path, &[("", &pictures)], &Images::default()));
    // An image of one value is of middle gray.
    assert_eq!(drawing.coloured("path", "#808080").len(), 100);
    let at = |text: &str| drawing.text(text).at();
    assert_eq!(at("0")[0], at("90")[0]);
    assert_eq!(at("90")[1], at("99")[1]);
    assert!(at("9")[1] < at("10")[1]);
}

#[test]
fn a_confusion_matrix_shows_every_count() {
    let counts = [1050, 3, 2, 0, 900, 7, 1, 0, 800];
    let classes = ["cat", "dog", "ship"];
    let drawing =
        drawn("confusion", |path| Chart::confusion("Test set", &counts, &classes).save(path));
    for text in ["Test set", "true class", "predicted class", "1050", "3", "2", "900", "7", "1"] {
        assert_eq!(drawing.count_text(text), 1, "{text}");
    }
    assert_eq!(drawing.count_text("0"), 2);
    assert_eq!(drawing.count_text("cat"), 2);
    // 1050 + 900 + 800 = 2750 of 2763, which is 99.529 %.
    assert_eq!(drawing.count_text("2750 of 2763 right: 99.53 %"), 1);
    assert!(drawing.text("true class").get("transform").starts_with("rotate(-90"));
    assert_eq!(drawing.text("predicted class").get("transform"), "");
    // Each count stands in the middle of its cell, of which there are nine; kuva draws rows from
    // below, and the first two rectangles are the ground and the clip path.
    let cells: Vec<&Element> = drawing.all("rect").skip(2).collect();
    assert_eq!(cells.len(), 9);
    for (count, cell) in [("1050", 6), ("900", 4), ("7", 5), ("800", 2)] {
        let ([x, y], text) = (cells[cell].at(), drawing.text(count).at());
        let middle =
            [x + cells[cell].number("width") / 2.0, y + cells[cell].number("height") / 2.0];
        assert!((text[0] - middle[0]).abs() < 0.5, "{count}: {text:?} in {middle:?}");
        assert!((text[1] - 4.0 - middle[1]).abs() < 1.0, "{count}: {text:?} in {middle:?}");
    }
}

#[test]
fn a_heat_map_is_darker_where_values_are_greater() {
    let values = [0.0_f32, 0.5, 1.0, f32::NAN, 0.25, 0.75];
    let drawing = drawn("heatmap", |path| {
        Chart::new("Attention", Axis::linear("input"), Axis::linear("output"))
            .heatmap(&values, &["a", " "], &["i", "am", "here"])
            .save(path)
    });
    let texts = ["Attention", "output", "input", "a", "␣", "i", "am", "here", "0.25", "1"];
    for text in texts {
        assert!(drawing.texts().contains(&text), "{text}: {:?}", drawing.texts());
    }
    let luma = |cell: &Element| {
        let colour = u32::from_str_radix(&cell.get("fill")[1..], 16).unwrap();
        (colour >> 16) + (colour >> 8 & 255) + (colour & 255)
    };
    // The second row comes first.
    let cells: Vec<&Element> = drawing.all("rect").skip(2).take(6).collect();
    let order = [3, 1, 4, 2, 5].map(|i| luma(cells[i]));
    assert!(order.is_sorted_by(|a, b| a > b), "{order:?}");
    assert_eq!(cells[0].get("fill"), "#f5c39b");
}
