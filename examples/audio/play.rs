//! A sound through the model of a file.

use crate::common;
use crate::description::Description;
use crate::networks::{A1, A2, Gru8, Lstm8, NamLstm, Shaper, SmallWaveNet};
use formwork::data::Grid;
use formwork::prelude::*;
use std::path::Path;
use std::time::Instant;

/// A sound: samples side by side, one for each channel.
struct Sound {
    samples: Vec<f32>,
    channels: u16,
    rate: u32,
}

impl Sound {
    fn read(path: &Path) -> Result<Self, hound::Error> {
        let reader = hound::WavReader::open(path)?;
        let hound::WavSpec { channels, sample_rate, bits_per_sample, sample_format } =
            reader.spec();
        let samples: Result<Vec<f32>, _> = match sample_format {
            hound::SampleFormat::Float => reader.into_samples::<f32>().collect(),
            hound::SampleFormat::Int => {
                let full = f64::from(1_u32 << (bits_per_sample - 1));
                let samples = reader.into_samples::<i32>();
                samples.map(|sample| Ok((f64::from(sample?) / full) as f32)).collect()
            }
        };
        Ok(Self { samples: samples?, channels, rate: sample_rate })
    }

    fn write(&self, path: &Path) -> Result<(), hound::Error> {
        let mut writer = hound::WavWriter::create(
            path,
            hound::WavSpec {
                channels: self.channels,
                sample_rate: self.rate,
                bits_per_sample: 32,
                sample_format: hound::SampleFormat::Float,
            },
        )?;
        self.samples.iter().try_for_each(|&sample| writer.write_sample(sample))?;
        writer.finalize()
    }
}

/// Plays the sound of a file through the network that is declared for the model.
pub fn file(
    model: &Description,
    (input, output): (&Path, &Path),
    block: usize,
    out: &Path,
) -> common::Result {
    macro_rules! first_of {
        ($($network:ty),*) => {
            $(if model.is_of::<$network>() {
                return sound::<$network>(model, (input, output), block, out);
            })*
        };
    }
    first_of!(A1, A2, SmallWaveNet, NamLstm, Lstm8, Gru8, Shaper);
    Err(format!(
        "no network of this example is that of the file, which is:\n\n{}",
        model.declaration()
    )
    .into())
}

fn sound<N>(
    file: &Description,
    (input, output): (&Path, &Path),
    block: usize,
    out: &Path,
) -> common::Result
where
    N: Network<Sample = Grid<1>>,
    N::Input: Shape<Element<f32> = f32>,
{
    let named = |path: &Path, error: hound::Error| format!("{}: {error}", path.display());
    let mut sound = Sound::read(input).map_err(|error| named(input, error))?;
    let lanes = usize::from(sound.channels);
    let mut player = Player::new(file.model::<N, f32>()?, block, lanes);
    file.start(player.state_mut());
    player.warm_up();
    println!("{}\n{} channel(s) of {} Hz, in blocks of {block}", N::summary(), lanes, sound.rate);
    let before: Vec<f32> = sound.samples.iter().step_by(lanes.max(1)).copied().collect();
    let start = Instant::now();
    for samples in sound.samples.chunks_mut(block * lanes) {
        player.process_in_place(samples);
    }
    let (taken, steps) = (start.elapsed().as_secs_f64(), before.len());
    let lasts = steps as f64 / f64::from(sound.rate);
    println!(
        "{lasts:.2} s of sound in {:.1} ms, {:.0} ns a sample: {:.2} % of one core in real time",
        1e3 * taken,
        1e9 * taken / steps.max(1) as f64,
        100.0 * taken / lasts,
    );
    sound.write(output).map_err(|error| named(output, error))?;
    println!("{}", output.display());
    // The loudest fiftieth of a second.
    let length = (sound.rate / 50) as usize;
    let after: Vec<f32> = sound.samples.iter().step_by(lanes.max(1)).copied().collect();
    let loudness = |start: &usize| after[*start..].iter().take(length).map(|x| x * x).sum::<f32>();
    let starts = (0..steps.saturating_sub(length)).step_by(length.max(1));
    let first = starts.max_by(|a, b| loudness(a).total_cmp(&loudness(b))).unwrap_or(0);
    let part = first..steps.min(first + length);
    let waves: [(&str, &[f32]); 2] = [("in", &before[part.clone()]), ("out", &after[part])];
    crate::draw(&out.join("waveforms.svg"), N::NAME, sound.rate.into(), &waves)?;
    Ok(())
}
