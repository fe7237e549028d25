//! Sound through networks: models of amplifiers from files, and twins that are learnt.
//!
//! ```text
//! cargo run --release --example audio                       # learns a distorted twin of a signal
//! cargo run --release --example audio -- --model FILE --input in.wav --output out.wav
//! ```
//!
//! A file is one of RTNeural (JSON) or of Neural Amp Modeler (`.nam`). Those whose network is declared
//! here are played; of any other, the declaration is printed, to be pasted into a program.

#[macro_use]
#[path = "../common/mod.rs"]
mod common;
mod description;
mod json;
mod keras;
mod nam;
mod networks;
mod play;
mod torch;
mod twin;

use clap::Parser;
use description::Description;
use formwork::plot::{self, Axis, Chart, Series};
use std::path::{Path, PathBuf};

/// Plays a sound through the model in a file; without one, learns the distorted twin of a signal.
#[derive(Parser)]
#[command(name = "audio")]
struct Args {
    /// Model of RTNeural or Neural Amp Modeler
    #[arg(long, requires = "input", requires = "output")]
    model: Option<PathBuf>,
    /// WAV file to be played through the model
    #[arg(long, requires = "model")]
    input: Option<PathBuf>,
    /// WAV file to be written
    #[arg(long, requires = "model")]
    output: Option<PathBuf>,
    /// Samples of a block
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..))]
    block: u16,
    /// Times to go through the signal that is learnt
    #[arg(long, default_value_t = 40, value_parser = clap::value_parser!(u32).range(1..))]
    epochs: u32,
    /// Seed of all random numbers
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Folder for pictures [default: target/audio]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

fn main() -> common::Result {
    let args = Args::parse();
    let out = common::folder(args.out.as_deref(), "audio")?;
    match (&args.model, &args.input, &args.output) {
        (Some(model), Some(input), Some(output)) => {
            let file = read(model).map_err(|error| format!("{}: {error}", model.display()))?;
            play::file(&file, (input, output), args.block.into(), &out)
        }
        _ => twin::learn(args.epochs, args.seed, &out),
    }
}

/// Reads a model, whichever kind of file it is.
fn read(path: &Path) -> Result<Description, String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let file: serde_json::Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    if file.get("architecture").is_some() {
        nam::read(&file)
    } else if file.get("layers").is_some() {
        keras::read(&file)
    } else {
        torch::read(&text)
    }
}

/// Draws signals one over the other, of which there are so many samples in a second.
fn draw(path: &Path, title: &str, rate: f64, signals: &[(&str, &[f32])]) -> plot::Result<()> {
    let milliseconds = 1000.0 / rate;
    let series: Vec<Series> =
        signals.iter().map(|(name, signal)| Series::every(*name, milliseconds, signal)).collect();
    Chart::new(title, Axis::linear("milliseconds"), Axis::linear("")).lines(&series).save(path)?;
    println!("{}", path.display());
    Ok(())
}
