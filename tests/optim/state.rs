//! What is kept from step to step, and what is refused.

use formwork::kernel::Real;
use formwork::optim::{Adam, Momentum, Optimizer, Sgd, StateError};

use crate::{all, bits, noise, panic_of};

/// A checkpoint as a program would keep it.
fn save<T: Real>(optimizer: &dyn Optimizer<T>) -> (u64, Vec<(String, Vec<T>)>) {
    let state = optimizer.state();
    let slices = state.slices().map(|(name, values)| (name.to_owned(), values.to_vec()));
    (state.steps(), slices.collect())
}

fn restore<T: Real>(
    optimizer: &mut dyn Optimizer<T>,
    (steps, slices): &(u64, Vec<(String, Vec<T>)>),
) -> Result<(), StateError> {
    let slices: Vec<(&str, &[T])> = slices.iter().map(|(n, v)| (&n[..], &v[..])).collect();
    optimizer.state_mut().restore(*steps, &slices)
}

#[test]
fn a_restored_optimiser_goes_on_with_the_same_bits() {
    for (mut optimizer, mut resumed) in all::<f32>().into_iter().zip(all::<f32>()) {
        let mut params = noise(131, 1);
        for step in 0..5 {
            optimizer.step(&mut params, &noise(131, 10 + step));
        }
        let (mut saved, mut same) = (save(&*optimizer), params.clone());
        saved.1.reverse(); // the order is free
        restore(&mut *resumed, &saved).unwrap();
        for step in 5..10 {
            optimizer.step(&mut params, &noise(131, 10 + step));
            resumed.step(&mut same, &noise(131, 10 + step));
        }
        assert_eq!(bits(&params), bits(&same));
        assert_eq!(save(&*optimizer), save(&*resumed));
        assert_eq!(resumed.state().steps(), 10);
    }
}

#[test]
fn a_checkpoint_that_does_not_fit_is_refused() {
    let mut momentum = Momentum::new(0.1);
    momentum.step(&mut [0.0_f32; 3], &[1.0; 3]);
    let before = save(&momentum);
    let mut adam = Adam::new(0.1);
    adam.step(&mut [0.0_f32; 3], &[1.0; 3]);

    let error = restore(&mut momentum, &save(&adam)).unwrap_err();
    assert_eq!(
        error.to_string(),
        r#"optimiser state: expected the values ["velocity"], found ["first_moment", "second_moment"]"#
    );
    let error = momentum.state_mut().restore(9, &[("velocity", &[0.0; 4])]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "optimiser state: expected 3 values of `velocity`, one for each parameter, found 4"
    );
    assert_eq!(save(&momentum), before, "a refused checkpoint changes nothing");

    let uneven: [(&str, &[f32]); 2] = [("first_moment", &[0.0; 2]), ("second_moment", &[0.0; 3])];
    let error = Adam::new(0.1).state_mut().restore(1, &uneven).unwrap_err();
    assert_eq!(error, StateError::Length { name: "second_moment", expected: 2, found: 3 });
    let twice: [(&str, &[f32]); 2] = [("velocity", &[0.0; 3]), ("velocity", &[1.0; 3])];
    assert!(momentum.state_mut().restore(1, &twice).is_err());
}

#[test]
fn state_is_allocated_once() {
    for mut optimizer in all::<f32>() {
        let places = |o: &dyn Optimizer<f32>| -> Vec<_> {
            o.state().slices().map(|(_, values)| (values.as_ptr(), values.len())).collect()
        };
        assert!(places(&*optimizer).iter().all(|place| place.1 == 0));
        optimizer.prepare(50);
        let prepared = places(&*optimizer);
        assert!(prepared.iter().all(|place| place.1 == 50));
        for _ in 0..3 {
            optimizer.step(&mut [0.5; 50], &[1.0; 50]);
        }
        assert_eq!(places(&*optimizer), prepared);
    }
}

#[test]
fn broken_promises_panic() {
    let mut sgd = Sgd::<f32>::new(0.1);
    assert_eq!(
        panic_of(|| sgd.step(&mut [0.0; 3], &[0.0; 2])),
        "3 parameters were given a gradient of 2 values"
    );
    sgd.step(&mut [0.0; 3], &[0.0; 3]);
    assert_eq!(
        panic_of(|| sgd.step(&mut [0.0; 2], &[0.0; 2])).lines().next().unwrap(),
        "an optimiser of 3 parameters was given 2: each set of parameters needs its own"
    );
}
