//! Reads pictures back from their files.

use std::collections::BTreeMap;
use std::path::PathBuf;

use formwork::plot::{self, Axis, Frame};

/// One element of an SVG without children of its own.
pub struct Element {
    pub tag: String,
    pub attributes: BTreeMap<String, String>,
    pub text: String,
}

impl Element {
    pub fn get(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }

    pub fn number(&self, name: &str) -> f64 {
        let value = self.get(name);
        value.parse().unwrap_or_else(|_| panic!("<{}> has {name}={value:?}", self.tag))
    }

    pub fn points(&self) -> Vec<[f64; 2]> {
        let pair = |pair: &str| {
            let (x, y) = pair.split_once(',').expect("a point is two numbers");
            [x.parse().expect("x"), y.parse().expect("y")]
        };
        self.get("points").split_whitespace().map(pair).collect()
    }
}

fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        let (name, after) = after.split_once(';').expect("an entity ends in a semicolon");
        out += before;
        out += match name {
            "lt" => "<",
            "gt" => ">",
            "amp" => "&",
            "quot" => "\"",
            "apos" => "'",
            other => panic!("unknown entity {other}"),
        };
        rest = after;
    }
    out + rest
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
            element.text += unescaped(text).trim_end_matches('\n').trim_start_matches('\n');
        }
        let (tag, after) = after.split_once('>').expect("a tag ends");
        rest = after;
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
        let element = Element { tag: name.into(), attributes, text: String::new() };
        if closed { done.push(element) } else { open.push(element) }
    }
    assert_eq!(rest.trim(), "");
    assert!(open.is_empty());
    let root = done.pop().expect("a root");
    assert_eq!(root.tag, "svg");
    let view: Vec<f64> = root.get("viewBox").split(' ').map(|n| n.parse().unwrap()).collect();
    assert_eq!(view[..2], [0.0, 0.0]);
    (done, [view[2], view[3]])
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

    /// How many elements of a kind have this fill or stroke.
    pub fn coloured(&self, tag: &str, colour: &str) -> usize {
        let has = |e: &&Element| e.get("fill") == colour || e.get("stroke") == colour;
        self.all(tag).filter(has).count()
    }

    pub fn text(&self, text: &str) -> &Element {
        let found = self.all("text").find(|element| element.text == text);
        found.unwrap_or_else(|| panic!("no text {text:?} in {:?}", self.texts()))
    }
}

pub const BLUE: &str = "#0072B2";
pub const VERMILION: &str = "#D55E00";
pub const GREEN: &str = "#009E73";

pub fn file(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("formwork-plot-{}-{name}.svg", std::process::id()))
}

/// Has `draw` write a picture, reads it, and checks what holds for all of them.
#[track_caller]
pub fn drawn(name: &str, draw: impl FnOnce(PathBuf) -> plot::Result<()>) -> Drawing {
    let path = file(name);
    draw(path.clone()).unwrap_or_else(|error| panic!("{error}"));
    let svg = std::fs::read_to_string(&path).expect("the file was written");
    std::fs::remove_file(&path).expect("the file can be removed");
    let (elements, size) = parsed(&svg);
    for text in elements.iter().filter(|element| element.tag == "text") {
        // Half of the size of the font for each character is what a narrow font needs.
        let width = text.text.chars().count() as f64 * 0.5 * text.number("font-size");
        let (x, y) = (text.number("x"), text.number("y"));
        let before = match text.get("text-anchor") {
            "start" => 0.0,
            "middle" => width / 2.0,
            "end" => width,
            other => panic!("text-anchor {other:?}"),
        };
        let turned = text.get("transform").starts_with("rotate(270");
        let (from, to, room) = match turned {
            true => (y - (width - before), y + before, size[1]),
            false => (x - before, x + width - before, size[0]),
        };
        assert!(from >= 0.0 && to <= room, "{:?} spans {from}..{to} of {room}", text.text);
        assert!((0.0..=size[0]).contains(&x) && (0.0..=size[1]).contains(&y), "{:?}", text.text);
    }
    Drawing { elements }
}

/// Where a place lies between two numbers along an axis: 0 at the first of them, 1 at the second.
pub fn between(drawing: &Drawing, numbers: [&str; 2], coordinate: &str, at: f64) -> f64 {
    // Numbers are centred below the horizontal axis, and end left of the vertical one.
    let anchor = if coordinate == "x" { "middle" } else { "end" };
    let [low, high] = numbers.map(|number| {
        let tick = |e: &&Element| e.text == number && e.get("text-anchor") == anchor;
        let found = drawing.all("text").find(tick);
        found
            .unwrap_or_else(|| panic!("no {number} along {coordinate} in {:?}", drawing.texts()))
            .number(coordinate)
    });
    (at - low) / (high - low)
}

pub fn linear(title: &str) -> Frame {
    Frame::new(title, Axis::linear("x"), Axis::linear("y"))
}
