//! What the page must give, as this machine gives it with the library's portable code, as JSON.
//!
//! ```text
//! native DIGITS WEIGHTS    # outputs for 50 digits in bits, drawn ones, five epochs of training
//! native --time ROUNDS     # microseconds an inference and a training step
//! ```

use formwork::Model;
use formwork::data::digits;
use formwork::kernel::dispatch::Level;
use page::measure;
use page::page::{Page, Pixels};
use std::time::{Duration, Instant};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Result {
    Level::Portable.force();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--time", rounds] => time(rounds.parse()?),
        [digits, weights] => expected(digits, weights)?,
        _ => return Err("expected DIGITS WEIGHTS, or --time ROUNDS".into()),
    }
    Ok(())
}

fn expected(digits: &str, weights: &str) -> Result {
    let mut page = Page::new(digits::load(digits)?, || Duration::ZERO);
    page.start(Model::load(weights)?);
    let others: Vec<String> = (0..50)
        .map(|other| {
            let (pixels, label) = page.other(other).expect("one of the digits");
            let bits = page.see(&pixels).outputs.map(f32::to_bits);
            format!("{{\"label\": {label}, \"bits\": {bits:?}}}")
        })
        .collect();
    let drawn = (0..page.others()).filter(|&other| {
        let (pixels, label) = page.other(other).expect("one of the digits");
        let seen = page.see_drawing(&enlarged(&pixels), SIDE);
        let best = (0..10).max_by(|&a, &b| seen.outputs[a].total_cmp(&seen.outputs[b]));
        best == Some(label as usize)
    });
    let drawn = drawn.count() as f64 / page.others() as f64;
    page.forget();
    let mut epoch =
        || page.train().map(|epoch| [Some(epoch.train_loss), epoch.validation_accuracy]);
    let epochs: Vec<_> = (0..5).map(|_| epoch()).collect::<std::result::Result<_, _>>()?;
    let epochs: Vec<String> = epochs
        .iter()
        .map(|[loss, accuracy]| {
            let number = |number: Option<f64>| number.unwrap_or(f64::NAN);
            format!("[{}, {}]", number(*loss), number(*accuracy))
        })
        .collect();
    let (others, epochs) = (others.join(", "), epochs.join(", "));
    println!("{{\"others\": [{others}], \"drawn\": {drawn}, \"epochs\": [{epochs}]}}");
    Ok(())
}

/// The points across and down of a drawing.
const SIDE: usize = 128;

/// A drawing that looks like an image: ink where its pixels and what lies between them are dark.
fn enlarged(pixels: &Pixels) -> Vec<u8> {
    let at = |row: usize, column: usize| *pixels.get(row * 8 + column).unwrap_or(&0.0);
    let point = |point: usize| {
        // In the middle of the first point of 16 it is half a pixel before the first pixel.
        let place = |point: usize| (point as f32 + 0.5) * 8.0 / SIDE as f32 - 0.5;
        let (x, y) = (place(point % SIDE).clamp(0.0, 6.99), place(point / SIDE).clamp(0.0, 6.99));
        let (row, column) = (y as usize, x as usize);
        let (down, across) = (y.fract(), x.fract());
        let mix = |row| at(row, column) * (1.0 - across) + at(row, column + 1) * across;
        let dark = mix(row) * (1.0 - down) + mix(row + 1) * down;
        if dark > 0.5 { 255 } else { 0 }
    };
    (0..SIDE * SIDE).map(point).collect()
}

fn time(rounds: usize) {
    // The least of several: other programs only ever add.
    let least = |times: usize, work: fn(usize) -> f32| {
        let micros = |_| {
            let start = Instant::now();
            std::hint::black_box(work(times));
            start.elapsed().as_secs_f64() * 1e6 / times as f64
        };
        (0..rounds).map(micros).fold(f64::INFINITY, f64::min)
    };
    let (inference, step) = (least(1000, measure::inferences), least(20, measure::steps));
    println!("{{\"inference\": {inference}, \"step\": {step}}}");
}
