//! Histograms, images and matrices.

use formwork::plot::{
    self, Axis, Confusion, Contrast, Heatmap, Histogram, Histograms, Images, Picture,
};

use super::svg::{BLUE, Element, drawn};

#[test]
fn histograms_count_what_lies_in_each_bin() {
    let values = [0.0, 0.1, 0.2, 0.9, f64::NAN, 7.0];
    let options = Histograms {
        title: "Activations",
        bins: 2,
        x: Axis { range: Some((0.0, 1.0)), ..Axis::linear("activation") },
        ..Default::default()
    };
    let histograms = [
        Histogram::new("layer 1", &values),
        Histogram::new("layer 2", &[1.0_f32, 0.5]),
        Histogram::new("layer 3", &[7.0_f32]),
    ];
    let drawing = drawn("histograms", |path| plot::histograms(path, &histograms, &options));
    let heights: Vec<f64> = drawing
        .all("rect")
        .filter(|bar| bar.get("fill") == BLUE)
        .map(|bar| bar.number("height"))
        .collect();
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
        [picture("7 -> 1", [0.0, 1.0, 2.0, 3.0]), picture("4 -> 9", [0.0, 0.5, f32::NAN, 1.0])];
    let draw = |options: Images| {
        let drawing = drawn("images", |path| plot::images(path, &[("Wrong", &wrong)], &options));
        for text in ["Wrong", "7 -> 1", "4 -> 9"] {
            assert_eq!(drawing.count_text(text), 1, "{text}");
        }
        // The first is the ground of the picture.
        let fills = drawing.all("rect").skip(1).map(|cell| cell.get("fill").to_owned());
        fills.collect::<Vec<_>>()
    };
    // 255/3 = 0x55, 255/2 = 127.5, rounded to 0x80.
    let each =
        ["#000000", "#555555", "#AAAAAA", "#FFFFFF", "#000000", "#808080", "#F5C39B", "#FFFFFF"];
    assert_eq!(draw(Images::default()), each);
    // From 0 to 3: 1/6 of 255 is 42.5, rounded to 0x2B.
    let shared =
        ["#000000", "#555555", "#AAAAAA", "#FFFFFF", "#000000", "#2B2B2B", "#F5C39B", "#555555"];
    assert_eq!(draw(Images { contrast: Contrast::Shared, ..Default::default() }), shared);
    // From 1 to 2, and 1 is white.
    let fixed = ["#FFFFFF", "#000000", "#FFFFFF", "#F5C39B", "#FFFFFF"];
    let contrast = Contrast::Fixed(1.0, 2.0);
    // Equal neighbours become one cell: 0 and 1 are both white here, and so are 2 and 3 black.
    assert_eq!(draw(Images { contrast, inverted: true, columns: 1 }), fixed);
}

#[test]
fn cells_of_an_image_leave_no_seams() {
    let picture = Picture::new("", (2, 2), &[0.0, 1.0, 2.0, 3.0]);
    let drawing =
        drawn("seams", |path| plot::images(path, &[("", &[picture])], &Images::default()));
    let size = |e: &Element| [e.number("width"), e.number("height")];
    let cells: Vec<_> = drawing.all("rect").skip(1).map(size).collect();
    // Each reaches below the next to its right and the next below it; 14 pixels of 4 units are the
    // largest that a pixel becomes.
    assert_eq!(cells, [[112.0, 112.0], [56.0, 112.0], [112.0, 56.0], [56.0, 56.0]]);
}

#[test]
fn a_hundred_images_are_laid_out_in_columns() {
    let pictures: Vec<Picture> =
        (0..100).map(|i| Picture::new(format!("{i}"), (28, 28), &[i as f32; 784])).collect();
    let drawing =
        drawn("hundred", |path| plot::images(path, &[("", &pictures)], &Images::default()));
    // An image of one value is one cell per row, of middle gray.
    assert_eq!(drawing.coloured("rect", "#808080"), 2800);
    let at = |text: &str| (drawing.text(text).number("x"), drawing.text(text).number("y"));
    assert_eq!(at("0").0, at("90").0);
    assert_eq!(at("90").1, at("99").1);
    assert!(at("9").1 < at("10").1);
}

#[test]
fn a_confusion_matrix_shows_every_count() {
    let counts = [1050, 3, 2, 0, 900, 7, 1, 0, 800];
    let classes = ["cat", "dog", "ship"];
    let drawing = drawn("confusion", |path| {
        plot::confusion(path, &counts, &classes, &Confusion { title: "Test set" })
    });
    for text in
        ["Test set", "true class", "predicted class", "1,050", "3", "2", "900", "7", "1", "800"]
    {
        assert_eq!(drawing.count_text(text), 1, "{text}");
    }
    assert_eq!(drawing.count_text("0"), 2);
    assert_eq!(drawing.count_text("cat"), 2);
    // 1050 + 900 + 800 = 2750 of 2763, which is 99.529 %.
    assert_eq!(drawing.count_text("2,750 of 2,763 right: 99.53 %"), 1);
    assert!(drawing.text("true class").get("transform").starts_with("rotate(270"));
    assert_eq!(drawing.text("predicted class").get("transform"), "");
    // The ground and nine cells; the row of the 7 is that of the class in the middle.
    assert_eq!(drawing.all("rect").count(), 10);
    assert!((drawing.text("7").number("y") - drawing.text("900").number("y")).abs() < 1e-9);
    assert!(drawing.text("7").number("x") > drawing.text("900").number("x"));
}

#[test]
fn a_heat_map_is_darker_where_values_are_greater() {
    let values = [0.0_f32, 0.5, 1.0, f32::NAN, 0.25, 0.75];
    let options = Heatmap {
        title: "Attention",
        row_label: "output",
        column_label: "input",
        numbers: true,
        ..Default::default()
    };
    let drawing = drawn("heatmap", |path| {
        plot::heatmap(path, &values, &["a", " "], &["i", "am", "here"], &options)
    });
    let texts =
        ["Attention", "output", "input", "a", "␣", "i", "am", "here", "0.50", "NaN", "1.00"];
    for text in texts {
        assert!(drawing.texts().contains(&text), "{text}");
    }
    let luma = |cell: &&Element| {
        let colour = u32::from_str_radix(&cell.get("fill")[1..], 16).unwrap();
        (colour >> 16) + (colour >> 8 & 255) + (colour & 255)
    };
    let cells: Vec<&Element> = drawing.all("rect").skip(1).take(6).collect();
    let order = [0, 4, 1, 5, 2].map(|i| luma(&cells[i]));
    assert!(order.is_sorted_by(|a, b| a > b), "{order:?}");
    assert_eq!(cells[3].get("fill"), "#F5C39B");
}
