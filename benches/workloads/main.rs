//! The speed of whole training steps and of single inferences, one workload a run:
//!
//! ```text
//! cargo bench --bench workloads -- w1 [--threads 1] [--seconds 3] [--level avx2] [--parts]
//! ```
//!
//! prints one line of JSON: the median time of a step (or of a call), and what follows from it.
//! All in `f32`, on random data of the exact shapes; a step is forward, backward and optimiser, on
//! one of eight batches in turn. `all` runs every workload. `--parts` says which parts of a step the
//! threads share, and what follows from that for more of them.

mod audio;
mod conv;
mod dense;
mod parts;
mod recurrent;
mod words;
mod workload;

use formwork::kernel::dispatch::Level;
use std::time::{Duration, Instant};
use workload::{Make, Workload};

/// Everything that can be measured: name, and what makes it.
const WORKLOADS: &[(&str, Make)] = &[
    ("w1", dense::w1),
    ("w2", dense::w2),
    ("w3", conv::w3),
    ("w4", conv::w4),
    ("w5", recurrent::w5),
    ("w5b", recurrent::w5b),
    ("w6", words::w6),
    ("w6s", words::w6s),
    ("w7a", dense::w7a),
    ("w7b", conv::w7b),
    ("w7c", recurrent::w7c),
    ("w7d", recurrent::w7d),
    ("w8a", audio::w8a),
    ("w8b", audio::w8b),
    ("w8c", audio::w8c),
    ("w8d", audio::w8d),
    ("w8e", audio::w8e),
    ("w8f", audio::w8f),
];

fn main() {
    let mut name = None;
    let (mut threads, mut seconds, mut by_parts) = (1, 3.0, false);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut number = |what: &str| -> f64 {
            let given = args.next().and_then(|n| n.parse().ok());
            given.unwrap_or_else(|| fail(&format!("{what} takes a number")))
        };
        match arg.as_str() {
            // Cargo says so to every benchmark.
            "--bench" => {}
            "--threads" => threads = number("--threads") as usize,
            "--parts" => by_parts = true,
            "--level" => {
                let name = args.next().unwrap_or_default();
                let named = |level: &Level| format!("{level:?}").eq_ignore_ascii_case(&name);
                let level = Level::ALL.into_iter().find(named);
                if !level.is_some_and(Level::force) {
                    fail(&format!("this CPU has no `{name}`"));
                }
            }
            "--seconds" => seconds = number("--seconds"),
            _ => name = Some(arg),
        }
    }
    let name = name.unwrap_or_else(|| "all".to_string());
    let chosen: Vec<_> = WORKLOADS.iter().filter(|(n, _)| name == "all" || *n == name).collect();
    if chosen.is_empty() || threads == 0 {
        let names: Vec<_> = WORKLOADS.iter().map(|(name, _)| *name).collect();
        fail(&format!("no workload `{name}`: there are all, {}", names.join(", ")));
    }
    let time = Duration::from_secs_f64(seconds);
    let pool = pool(threads);
    for (name, make) in chosen {
        if by_parts {
            parts::report(name, *make, threads, time);
            continue;
        }
        pool.install(|| {
            let mut workload = make();
            let median = measure(&mut || (workload.step)(&mut ()), time);
            report(name, threads, &workload, &median);
        });
    }
}

fn pool(threads: usize) -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a thread pool")
}

/// Times of a step.
struct Times {
    steps: usize,
    median: f64,
    fastest: f64,
}

/// Runs blocks of about a tenth of a second, after a warm-up, and takes the median over them.
fn measure(step: &mut dyn FnMut(), time: Duration) -> Times {
    let warm_up = Instant::now();
    let mut steps = 0;
    while steps < 5 || warm_up.elapsed() < Duration::from_millis(700) {
        step();
        steps += 1;
    }
    let each = warm_up.elapsed() / steps;
    let block = (Duration::from_millis(100).as_secs_f64() / each.as_secs_f64()).max(1.0) as usize;
    let mut times = Vec::new();
    let start = Instant::now();
    while start.elapsed() < time || times.len() < 5 {
        let start = Instant::now();
        (0..block).for_each(|_| step());
        times.push(start.elapsed().as_secs_f64() / block as f64);
    }
    times.sort_by(f64::total_cmp);
    Times { steps: times.len() * block, median: times[times.len() / 2], fastest: times[0] }
}

fn report(name: &str, threads: usize, workload: &Workload, times: &Times) {
    println!(
        "{{\"workload\": \"{name}\", \"threads\": {threads}, \"steps\": {}, \"median_s\": {:.9}, \
         \"fastest_s\": {:.9}, \"samples_per_s\": {:.1}, \"flop\": {}, \"gflops\": {:.2}}}",
        times.steps,
        times.median,
        times.fastest,
        workload.samples as f64 / times.median,
        workload.flop,
        workload.flop as f64 / times.median * 1e-9,
    );
}

fn fail(message: &str) -> ! {
    eprintln!(
        "{message}\nusage: workloads [NAME] [--threads N] [--seconds S] [--level L] [--parts]"
    );
    std::process::exit(2);
}
