//! The palette.

use plotters::style::RGBColor;

/// Text.
pub(super) const INK: RGBColor = RGBColor(0x22, 0x22, 0x22);
/// Axes and ticks.
pub(super) const AXIS: RGBColor = RGBColor(0x77, 0x77, 0x77);
/// Frames around images.
pub(super) const FRAME: RGBColor = RGBColor(0xAA, 0xAA, 0xAA);
/// Grid lines.
pub(super) const GRID: RGBColor = RGBColor(0xE4, 0xE4, 0xE4);
/// Grid lines between those that carry a number.
pub(super) const FAINT: RGBColor = RGBColor(0xF1, 0xF1, 0xF1);
/// The ground of every picture.
pub(super) const PAPER: RGBColor = RGBColor(0xFF, 0xFF, 0xFF);
/// A cell or a pixel whose value is not finite.
pub(super) const MISSING: RGBColor = RGBColor(0xF5, 0xC3, 0x9B);

/// Blue, vermilion, green, purple, orange, sky blue of Okabe and Ito, and a dark gray. Their yellow
/// is left out: on white nobody can see it.
const CLASSES: [RGBColor; 7] = [
    RGBColor(0x00, 0x72, 0xB2),
    RGBColor(0xD5, 0x5E, 0x00),
    RGBColor(0x00, 0x9E, 0x73),
    RGBColor(0xCC, 0x79, 0xA7),
    RGBColor(0xE6, 0x9F, 0x00),
    RGBColor(0x56, 0xB4, 0xE9),
    RGBColor(0x55, 0x55, 0x55),
];

/// The colour of the series or class `index`.
pub(super) fn class(index: usize) -> RGBColor {
    CLASSES[index % CLASSES.len()]
}

/// How often the colours have been used up before the series or class `index`.
pub(super) fn round(index: usize) -> usize {
    index / CLASSES.len()
}

/// White for 0 to dark blue for 1, ever darker on the way.
pub(super) fn blues(share: f64) -> RGBColor {
    const STOPS: [RGBColor; 5] = [
        PAPER,
        RGBColor(0xC9, 0xDD, 0xF0),
        RGBColor(0x75, 0xB1, 0xDB),
        RGBColor(0x26, 0x75, 0xB8),
        RGBColor(0x08, 0x2F, 0x6B),
    ];
    let at = share.clamp(0.0, 1.0) * (STOPS.len() - 1) as f64;
    let below = (at as usize).min(STOPS.len() - 2);
    mix(STOPS[below], STOPS[below + 1], at - below as f64)
}

/// Black for 0 to white for 1.
pub(super) fn gray(share: f64) -> RGBColor {
    let level = (share.clamp(0.0, 1.0) * 255.0).round() as u8;
    RGBColor(level, level, level)
}

/// `from` for a share of 0, `to` for 1.
pub(super) fn mix(from: RGBColor, to: RGBColor, share: f64) -> RGBColor {
    let channel =
        |a: u8, b: u8| (f64::from(a) + share * (f64::from(b) - f64::from(a))).round() as u8;
    RGBColor(channel(from.0, to.0), channel(from.1, to.1), channel(from.2, to.2))
}

/// The colour of text that can be read on `ground`.
pub(super) fn ink_on(ground: RGBColor) -> RGBColor {
    // The luma of ITU-R BT.601.
    let luma =
        0.299 * f64::from(ground.0) + 0.587 * f64::from(ground.1) + 0.114 * f64::from(ground.2);
    if luma < 140.0 { PAPER } else { INK }
}
