//! A drawing as an image of the data set.
//!
//! The digits of the UCI set were scanned, scaled to 20 points in width and 32 in height, put in the
//! middle of 32 by 32, and made of one weight: strokes were thickened or thinned until about as much
//! was dark in each. Each of the 8 by 8 pixels counts the dark points of its 4 by 4, so a drawing goes
//! the same way. Narrow drawings keep their proportions here, as a one in that set does.

use crate::page::Pixels;

/// Points across and down.
const SIDE: usize = 32;
/// The most points that a drawing is wide and high.
const LARGEST: [f32; 2] = [20.0, 32.0];
/// How many points are dark in a digit of the set, on average.
const DARK: usize = 312;
/// What counts as ink, of 0 to 255.
const INK: u8 = 128;

/// The image for a drawing of `side x side` points, row by row, from 0 (paper) to 255 (ink). Without
/// ink, it is blank.
///
/// # Panics
/// If there are not as many points.
pub fn pixels(ink: &[u8], side: usize) -> Pixels {
    assert_eq!(ink.len(), side * side, "a drawing of {side} x {side} points");
    let Some(bounds) = Bounds::of(ink, side) else { return [0.0; 64] };
    // Thickened strokes reach further, so the second time there is less room.
    let (_, thicker) = weighted(&bounds.points(ink, side, 0.0));
    let (dark, _) = weighted(&bounds.points(ink, side, thicker));
    let mut pixels = [0.0; 64];
    for (at, _) in dark.iter().enumerate().filter(|(_, dark)| **dark) {
        pixels[at / SIDE / 4 * 8 + at % SIDE / 4] += 1.0 / 16.0;
    }
    pixels
}

/// The least rectangle around the ink of a drawing: its middle and its size, in points.
struct Bounds {
    middle: [f32; 2],
    size: [f32; 2],
}

impl Bounds {
    fn of(ink: &[u8], side: usize) -> Option<Self> {
        let dark = || (0..ink.len()).filter(|&at| ink[at] >= INK);
        let (left, right) = (dark().map(|at| at % side).min()?, dark().map(|at| at % side).max()?);
        let (top, bottom) = (dark().next()? / side, dark().next_back()? / side);
        let span = |from: usize, to: usize| ((from + to + 1) as f32 / 2.0, (to + 1 - from) as f32);
        let ((x, width), (y, height)) = (span(left, right), span(top, bottom));
        Some(Self { middle: [x, y], size: [width, height] })
    }

    /// The drawing in 32 by 32, as large as there is room for with a border of so many points.
    fn points(&self, ink: &[u8], side: usize, border: f32) -> Vec<bool> {
        let scale = |axis: usize| self.size[axis] / (LARGEST[axis] - 2.0 * border).max(1.0);
        // Of a drawing, for a point here.
        let scale = scale(0).max(scale(1));
        let from = |axis: usize, at: usize| {
            self.middle[axis] + (at as f32 + 0.5 - SIDE as f32 / 2.0) * scale
        };
        let is_ink = |at: usize| {
            let (x, y) = (from(0, at % SIDE), from(1, at / SIDE));
            let inside = x >= 0.0 && y >= 0.0 && x < side as f32 && y < side as f32;
            inside && ink[y as usize * side + x as usize] >= INK
        };
        (0..SIDE * SIDE).map(is_ink).collect()
    }
}

/// The points with strokes thickened, or thinned, until [`DARK`] of them are dark; and by how much.
fn weighted(points: &[bool]) -> (Vec<bool>, f32) {
    let distances: Vec<f32> = (0..points.len()).map(|at| distance(points, at)).collect();
    let (_, &mut reach, _) = distances.clone().select_nth_unstable_by(DARK, f32::total_cmp);
    (distances.iter().map(|&distance| distance < reach).collect(), reach.max(0.0))
}

/// How far a point of paper is from ink; or, below zero, a point of ink from paper.
fn distance(points: &[bool], at: usize) -> f32 {
    let (x, y) = (at % SIDE, at / SIDE);
    let others = (0..points.len()).filter(|&other| points[other] != points[at]);
    let squares = others.map(|other| {
        let (across, down) = ((other % SIDE).abs_diff(x), (other / SIDE).abs_diff(y));
        across * across + down * down
    });
    let distance = squares.min().map_or(f32::MAX, |square| (square as f32).sqrt());
    if points[at] { -distance } else { distance }
}
