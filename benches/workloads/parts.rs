//! The parts of a step: their times, which of them ran on one thread only, and what follows from that
//! for more threads.

use crate::pool;
use crate::workload::{Make, Watch};
use formwork::kernel::parallel;
use std::time::{Duration, Instant};

/// Numbers of threads to predict the time for.
const MORE: [usize; 3] = [4, 8, 16];

/// Prints a table of the parts of a step of a workload: the medians over all steps in so much time.
pub fn report(name: &str, make: Make, threads: usize, time: Duration) {
    let one = parts(make, 1, time);
    let shared = parts(make, threads, time);
    if one.is_empty() {
        println!("{name} is one part");
        return;
    }
    println!(
        "{name}, ms a step            1 thread  {threads} threads  {threads}: on one only   {}",
        MORE.map(|threads| format!("{threads:>8}")).concat()
    );
    let mut sums = [0.0; 3 + MORE.len()];
    for (part, &(name, whole, _)) in one.iter().enumerate() {
        let (_, several, alone) = shared[part];
        // What several threads have taken part in is work that more of them may share as well.
        let more = MORE.map(|threads| alone + (whole - alone).max(0.0) / threads as f64);
        let numbers = [&[whole, several, alone], &more[..]].concat();
        sums.iter_mut().zip(&numbers).for_each(|(sum, number)| *sum += number);
        line(name, &numbers);
    }
    line("a step", &sums);
}

fn line(name: &str, numbers: &[f64]) {
    let [whole, several, alone, more @ ..] = numbers else { return };
    let more = more.iter().map(|ms| format!("{:>8.3}", 1e3 * ms)).collect::<String>();
    println!(
        "  {name:<20} {:>14.3} {:>10.3} {:>8.3} = {:>3.0} %    {more}",
        1e3 * whole,
        1e3 * several,
        1e3 * alone,
        100.0 * alone / several,
    );
}

/// Of each part its name, its time, and for how long of it one thread was alone, in seconds.
fn parts(make: Make, threads: usize, time: Duration) -> Vec<(&'static str, f64, f64)> {
    pool(threads).install(|| {
        let mut workload = make();
        let (mut parts, start) = (Parts::default(), Instant::now());
        while start.elapsed() < time || parts.steps < 10 {
            parallel::measure(|| {
                parts.start();
                (workload.step)(&mut parts);
            });
        }
        parts.medians()
    })
}

/// The times of each part in each step.
#[derive(Default)]
struct Parts {
    names: Vec<&'static str>,
    times: Vec<Vec<[f64; 2]>>,
    steps: usize,
    /// When the part began, what had been shared by then, and which one it is.
    begun: Option<(Instant, Duration, usize)>,
}

impl Parts {
    fn start(&mut self) {
        self.steps += 1;
        self.begun = Some((Instant::now(), parallel::shared_so_far(), 0));
    }

    fn medians(&self) -> Vec<(&'static str, f64, f64)> {
        let median = |times: &[[f64; 2]], which: usize| {
            // Not of the first steps, in which memory is new.
            let mut times: Vec<f64> = times.iter().skip(3).map(|times| times[which]).collect();
            times.sort_by(f64::total_cmp);
            times[times.len() / 2]
        };
        let parts = self.names.iter().zip(&self.times);
        parts.map(|(name, times)| (*name, median(times, 0), median(times, 1))).collect()
    }
}

impl Watch for Parts {
    fn ends(&mut self, name: &'static str) {
        let (begun, shared, part) = self.begun.expect("a step has begun");
        let (now, shared_now) = (Instant::now(), parallel::shared_so_far());
        let time = (now - begun).as_secs_f64();
        if self.names.len() == part {
            self.names.push(name);
            self.times.push(Vec::new());
        }
        self.times[part].push([time, time - (shared_now - shared).as_secs_f64()]);
        self.begun = Some((Instant::now(), shared_now, part + 1));
    }
}
