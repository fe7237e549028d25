// The frame of the programs that the test writes: it runs a network, and prints what comes out.

use crate::noise::{self, RUNS};
use formwork::data::{Batch, Sample};
use formwork::kernel::Real;
use formwork::prelude::*;

pub const ONE: usize = 1;
pub const TWO: usize = 2;
pub const THREE: usize = 3;

fn number<T: Real>(number: f64) -> T {
    T::of(number)
}

/// A batch of numbers.
pub fn numbers<N: Network, T: Real>(columns: usize) -> Batch<N::Sample, T>
where
    N::Sample: Sample<Element<T> = T>,
{
    let numbers = (0..columns * <N::Sample as Sample>::SIZE).map(|i| number(noise::input(i)));
    Batch::from_vec(numbers.collect()).unwrap()
}

/// A batch of ids.
pub fn ids<N: Network, T: Real>(columns: usize) -> Batch<N::Sample, T>
where
    N::Sample: Sample<Element<T> = u32>,
{
    let vocabulary = <N::Sample as Sample>::LIMIT.unwrap() as usize;
    let ids = (0..columns * <N::Sample as Sample>::SIZE).map(|i| noise::id(i, vocabulary) as u32);
    Batch::from_vec(ids.collect()).unwrap()
}

/// Prints the outputs of inference and of training, and the slope of a loss along a direction.
pub fn run<N: Network, T: Real>(
    name: usize,
    trains: bool,
    batch: fn(usize) -> Batch<N::Sample, T>,
) {
    let mut model = Model::<N, T>::zeroed();
    let parameters = model.parameters_mut().iter_mut().enumerate();
    parameters.for_each(|(i, p)| *p = number(noise::parameter(i)));
    let statistics = model.statistics_mut().iter_mut().enumerate();
    statistics.for_each(|(i, s)| *s = number(noise::statistic(i)));
    println!("{name} parameters 0 {}", N::PARAMETERS);
    for (run, (lanes, steps)) in RUNS.into_iter().enumerate() {
        let batch = batch(lanes * steps);
        let mut inference = Inference::<N, T>::with_lanes(batch.columns(), lanes);
        print(name, "inference", run, inference.run(&model, &batch).iter());
        if !trains {
            continue;
        }
        let mut model = model.clone();
        let mut workspace = Workspace::<N, T>::with_lanes(batch.columns(), lanes, 0);
        let mut step = workspace.forward(&mut model, &batch);
        print(name, "training", run, step.outputs().iter());
        let mut dy = step.output_gradient_mut();
        dy.iter_mut().enumerate().for_each(|(i, dy)| *dy = number(noise::output_gradient(i)));
        let gradient = step.backward().iter().enumerate();
        let slope: f64 = gradient.map(|(i, g)| g.to_f64() * noise::direction(i)).sum();
        println!("{name} slope {run} {slope:e}");
    }
}

fn print<'a, T: Real>(name: usize, what: &str, run: usize, values: impl Iterator<Item = &'a T>) {
    print!("{name} {what} {run}");
    values.for_each(|value| print!(" {:e}", value.to_f64()));
    println!();
}
