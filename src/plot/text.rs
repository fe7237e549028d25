//! The size of text, and numbers as text.
//!
//! An SVG names its fonts without knowing them, so widths are estimated: each character by its
//! advance in a wide sans-serif font, so that the text of a narrower one always fits.

use std::format;
use std::string::{String, ToString};
use std::vec::Vec;

/// How much wider bold text is.
pub(super) const BOLD: f64 = 1.14;

/// The width of `text` in pixels, at a font size of `size` pixels.
pub(super) fn width(text: &str, size: f64) -> f64 {
    let em = |c| match c {
        'i' | 'j' | 'l' | '\'' | '|' => 0.29,
        'f' | 'r' | 't' | 'I' | ' ' | '.' | ',' | ':' | ';' | '(' | ')' | '-' | '/' | '!' => 0.38,
        '⁰'..='⁹' | '⁻' | '¹' | '²' | '³' => 0.42,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.97,
        'A'..='Z' | '+' | '=' | '<' | '>' | '×' | '−' => 0.76,
        c if (c as u32) < 0x1100 => 0.62,
        _ => 1.0,
    };
    text.chars().map(em).sum::<f64>() * size
}

/// The width of the widest of `texts`, zero for none.
pub(super) fn widest<S: AsRef<str>>(texts: &[S], size: f64) -> f64 {
    texts.iter().map(|text| width(text.as_ref(), size)).fold(0.0, f64::max)
}

/// `text`, cut and ended by an ellipsis if it is wider than `room`.
pub(super) fn shorten(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_string();
    }
    let mut short = text.to_string();
    while short.pop().is_some() && width(&short, size) + width("…", size) > room {}
    short.truncate(short.trim_end().len());
    short + "…"
}

/// `text` in lines no wider than `room`, and at most `most` of them: broken at white space, inside
/// of a word only where the word alone is too wide. No lines for blank text.
pub(super) fn wrap(text: &str, size: f64, room: f64, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for mut word in text.split_whitespace() {
        if let Some(line) = lines.last_mut() {
            let longer = format!("{line} {word}");
            if width(&longer, size) <= room {
                *line = longer;
                continue;
            }
        }
        while !word.is_empty() {
            let ends = word.char_indices().map(|(start, c)| start + c.len_utf8());
            let fitting = ends.clone().take_while(|&end| width(&word[..end], size) <= room).last();
            let (line, rest) = word.split_at(fitting.or(ends.min()).unwrap_or(word.len()));
            lines.push(line.to_string());
            word = rest;
        }
    }
    if lines.len() > most {
        let rest = lines.split_off(most - 1).join(" ");
        lines.push(shorten(&rest, size, room));
    }
    lines
}

/// `value` with as many digits as tell multiples of `step` apart, as a multiple of a power of ten
/// if `greatest`, the greatest magnitude beside which it stands, is very large or very small.
pub(super) fn number(value: f64, step: f64, greatest: f64) -> String {
    if value == 0.0 {
        return "0".to_string();
    }
    let sign = if value < 0.0 { "−" } else { "" };
    // A little more than the step, lest the logarithm of 0.001 fall below -3.
    let digits = |step: f64| (-(step * 1.001).log10().floor()).clamp(0.0, 12.0) as usize;
    if (1e-4..1e6).contains(&greatest) {
        return format!("{sign}{}", grouped(&format!("{:.*}", digits(step), value.abs())));
    }
    let exponent = (greatest * 1.000_001).log10().floor();
    let unit = 10_f64.powf(exponent);
    let power = power_of_ten(exponent as i32);
    match format!("{:.*}", digits(step / unit), value.abs() / unit).as_str() {
        "1" => format!("{sign}{power}"),
        multiple => format!("{sign}{multiple}×{power}"),
    }
}

/// `10⁻³` for -3.
pub(super) fn power_of_ten(exponent: i32) -> String {
    let superscript = |c| match c {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        digit => char::from_u32('⁰' as u32 + (digit as u32 - '0' as u32)).unwrap_or(digit),
    };
    format!("10{}", exponent.to_string().chars().map(superscript).collect::<String>())
}

/// `digits`, the whole part grouped by commas.
pub(super) fn grouped(digits: &str) -> String {
    let whole = digits.find('.').unwrap_or(digits.len());
    let mut out = String::new();
    for (i, c) in digits.char_indices() {
        if i > 0 && i < whole && (whole - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}
