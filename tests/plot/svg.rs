//! Reads pictures back.

use std::collections::BTreeMap;
use std::path::PathBuf;

use formwork::plot::{self, Axis, Chart};

/// One element of an SVG without children of its own.
pub struct Element {
    pub tag: String,
    pub attributes: BTreeMap<String, String>,
    pub text: String,
    /// How far the groups that it stands in move it.
    moved: [f64; 2],
}

impl Element {
    pub fn get(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }

    pub fn number(&self, name: &str) -> f64 {
        let value = self.get(name);
        value.parse().unwrap_or_else(|_| panic!("<{}> has {name}={value:?}", self.tag))
    }

    /// Where it stands, or its centre.
    pub fn at(&self) -> [f64; 2] {
        let [x, y] = if self.tag == "circle" { ["cx", "cy"] } else { ["x", "y"] };
        [self.number(x) + self.moved[0], self.number(y) + self.moved[1]]
    }

    /// The corners of a path of straight lines, each after the letter M or L.
    pub fn points(&self) -> Vec<[f64; 2]> {
        let corners =
            self.get("d").split(['M', 'L', 'Z']).filter(|corner| !corner.trim().is_empty());
        let pair = |corner: &str| {
            let mut numbers =
                corner.split([' ', ',']).filter_map(|number| number.parse::<f64>().ok());
            let mut next = |moved: f64| numbers.next().expect("a number") + moved;
            [next(self.moved[0]), next(self.moved[1])]
        };
        corners.map(pair).collect()
    }
}

fn unescaped(text: &str) -> String {
    let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    pairs.iter().fold(text.into(), |text: String, (escaped, plain)| text.replace(escaped, plain))
}

/// Parses the elements inside of `<svg>`, and the size that it gives itself. Panics unless all is
/// well formed.
fn parsed(svg: &str) -> (Vec<Element>, [f64; 2]) {
    assert!(!svg.chars().any(|c| c.is_control() && c != '\n'), "control character in XML");
    let mut open: Vec<Element> = Vec::new();
    let mut done = Vec::new();
    let mut rest = svg;
    while let Some((text, after)) = rest.split_once('<') {
        if let Some(element) = open.last_mut() {
            element.text += &unescaped(text);
        }
        let (tag, after) = after.split_once('>').expect("a tag ends");
        rest = after;
        if tag.starts_with("!--") {
            continue;
        }
        if let Some(name) = tag.strip_prefix('/') {
            let element = open.pop().expect("a closing tag closes something");
            assert_eq!(element.tag, name);
            done.push(element);
            continue;
        }
        let (tag, closed) = match tag.strip_suffix('/') {
            Some(tag) => (tag, true),
            None => (tag, false),
        };
        let (name, mut list) = tag.split_once(' ').unwrap_or((tag, ""));
        let mut attributes = BTreeMap::new();
        while let Some((key, value)) = list.trim_start().split_once("=\"") {
            let (value, more) = value.split_once('"').expect("a value ends in a quote");
            assert!(attributes.insert(key.into(), unescaped(value)).is_none(), "{key} twice");
            list = more;
        }
        assert_eq!(list.trim(), "", "in <{name}>");
        let mut moved = open.last().map_or([0.0; 2], |group| group.moved);
        let transform: &str = attributes.get("transform").map_or("", |value: &String| value);
        if let Some((x, y)) = transform.strip_prefix("translate(").and_then(|t| t.split_once(',')) {
            let y = y.split(')').next().expect("an end");
            moved = [moved[0] + x.parse::<f64>().unwrap(), moved[1] + y.parse::<f64>().unwrap()];
        }
        let element = Element { tag: name.into(), attributes, text: String::new(), moved };
        if closed { done.push(element) } else { open.push(element) }
    }
    assert_eq!(rest.trim(), "");
    assert!(open.is_empty());
    let root = done.pop().expect("a root");
    assert_eq!(root.tag, "svg");
    (done, [root.number("width"), root.number("height")])
}

/// A picture read back.
pub struct Drawing {
    elements: Vec<Element>,
}

impl Drawing {
    pub fn all<'a>(&'a self, tag: &'a str) -> impl Iterator<Item = &'a Element> {
        self.elements.iter().filter(move |element| element.tag == tag)
    }

    pub fn texts(&self) -> Vec<&str> {
        self.all("text").map(|element| element.text.as_str()).collect()
    }

    pub fn count_text(&self, text: &str) -> usize {
        self.texts().iter().filter(|found| **found == text).count()
    }

    /// The elements of a kind that have this fill or stroke.
    pub fn coloured<'a>(&'a self, tag: &'a str, colour: &'a str) -> Vec<&'a Element> {
        let has = |e: &&Element| e.get("fill") == colour || e.get("stroke") == colour;
        self.all(tag).filter(has).collect()
    }

    /// The only text of these words.
    pub fn text(&self, text: &str) -> &Element {
        let found: Vec<_> = self.all("text").filter(|element| element.text == text).collect();
        assert_eq!(found.len(), 1, "{text:?} in {:?}", self.texts());
        found[0]
    }

    /// Where a pixel lies along an axis: 0 is at the first of two numbers, 1 at the second.
    pub fn between(&self, [low, high]: [&str; 2], axis: usize, pixel: f64) -> f64 {
        // Numbers are centred below the horizontal axis, and end left of the vertical one, where
        // their base line is a little below what they stand for.
        let (anchor, below) = [("middle", 0.0), ("end", 4.01)][axis];
        let along = |e: &&Element| e.get("text-anchor") == anchor;
        let at = |number: &str| {
            let found = self.all("text").filter(along).find(|element| element.text == number);
            found.unwrap_or_else(|| panic!("no {number} in {:?}", self.texts())).at()[axis] - below
        };
        (pixel - at(low)) / (at(high) - at(low))
    }
}

pub const BLUE: &str = "#0072b2";
pub const VERMILION: &str = "#d55e00";
pub const GREEN: &str = "#009e73";

pub fn file(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("formwork-plot-{}-{name}.svg", std::process::id()))
}

/// Has `draw` write a picture, reads it, and checks what holds for all of them: drawn again, it is
/// the same, and no text leaves it.
#[track_caller]
pub fn drawn(name: &str, draw: impl Fn(PathBuf) -> plot::Result<()>) -> Drawing {
    let path = file(name);
    let read = || {
        draw(path.clone()).unwrap_or_else(|error| panic!("{error}"));
        std::fs::read_to_string(&path).expect("the file was written")
    };
    let svg = read();
    assert!(svg == read(), "two drawings of the same differ");
    std::fs::remove_file(&path).expect("the file can be removed");
    let (elements, size) = parsed(&svg);
    for text in elements.iter().filter(|element| element.tag == "text") {
        // Half of the size of the font for each character is what a narrow font needs.
        let width = text.text.chars().count() as f64 * 0.5 * text.number("font-size");
        let [x, y] = text.at();
        let before = match text.get("text-anchor") {
            "start" => 0.0,
            "middle" => width / 2.0,
            "end" => width,
            other => panic!("text-anchor {other:?}"),
        };
        let (from, to, room) = match text.get("transform").get(..10) {
            Some("rotate(-90") => (y - (width - before), y + before, size[1]),
            Some("rotate(-45") => (x - width * 0.7, x, size[0]),
            _ => (x - before, x + width - before, size[0]),
        };
        assert!(from >= 0.0 && to <= room, "{:?} spans {from}..{to} of {room}", text.text);
        assert!((0.0..=size[0]).contains(&x) && (0.0..=size[1]).contains(&y), "{:?}", text.text);
    }
    Drawing { elements }
}

pub fn linear(title: &str) -> Chart {
    Chart::new(title, Axis::linear("x"), Axis::linear("y"))
}
