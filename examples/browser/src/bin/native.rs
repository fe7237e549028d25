//! What the page must give, as this machine gives it with the library's portable code, as JSON.
//!
//! ```text
//! native DIGITS WEIGHTS        # outputs for 50 digits in bits, and five epochs of training
//! native --time ROUNDS         # microseconds an inference and a training step
//! ```

use formwork::Model;
use formwork::data::digits;
use formwork::kernel::dispatch::Level;
use page::{measure, page::Page};
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
    println!("{{\"others\": [{}], \"epochs\": [{}]}}", others.join(", "), epochs.join(", "));
    Ok(())
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
