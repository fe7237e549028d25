//! A network as a table.

use super::Network;
use crate::layer::LayerInfo;
use crate::shape::Shape;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

pub(super) fn summary<N: Network>() -> String {
    let mut rows = Vec::from([[
        "layer".to_string(),
        "declared as".to_string(),
        "output".to_string(),
        "parameters".to_string(),
        "operations".to_string(),
    ]]);
    push_rows(&mut rows, N::LAYERS, 0, 1);
    rows.push([
        "total".to_string(),
        String::new(),
        String::new(),
        grouped(N::PARAMETERS),
        grouped(N::OPERATIONS),
    ]);
    let widths: [usize; 5] = core::array::from_fn(|column| {
        rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0)
    });
    let mut text = format!("{}: {} => {}\n", N::NAME, dims(N::Input::DIMS), dims(N::Output::DIMS));
    let line = |rule: &str| widths.map(|width| rule.repeat(width)).join("  ");
    for (i, row) in rows.iter().enumerate() {
        if i == 1 || i + 1 == rows.len() {
            text += &line("-");
            text.push('\n');
        }
        let cells: [String; 5] = core::array::from_fn(|column| {
            let (cell, width) = (&row[column], widths[column]);
            if column < 2 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        });
        text += cells.join("  ").trim_end();
        text.push('\n');
    }
    text
}

/// A row for each layer and those inside; `branch` is the number of the first stack of several.
fn push_rows(rows: &mut Vec<[String; 5]>, layers: &[LayerInfo], depth: usize, branch: usize) {
    for layer in layers {
        if layer.declared.is_empty() {
            push_rows(rows, layer.layers, depth, branch + 1);
            continue;
        }
        let indent = "  ".repeat(depth);
        let name = match layer.name {
            "" => format!("{indent}branch {branch}"),
            name => format!("{indent}{name}"),
        };
        rows.push([
            name,
            layer.declared.to_string(),
            dims(layer.output),
            grouped(layer.parameters),
            grouped(layer.operations),
        ]);
        push_rows(rows, layer.layers, depth + 1, 1);
    }
}

/// `16x28x28`, or `100` for a vector.
fn dims([c, h, w]: [usize; 3]) -> String {
    if h == 1 && w == 1 { c.to_string() } else { format!("{c}x{h}x{w}") }
}

/// `12,345`
fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
