//! Slices of many parameters: each value is computed by itself, whatever its place.

use formwork::kernel::dispatch::Level;
use formwork::optim::clip;

use crate::{all, bits, noise};

/// The place of a parameter among the others has no influence, not in a vector nor in the rest.
#[test]
fn each_parameter_for_itself() {
    const LEN: usize = 131;
    for (mut together, kind) in all::<f32>().into_iter().zip(0..) {
        let mut params = noise(LEN, 1);
        let mut apart = params.clone();
        let mut singles: Vec<_> = (0..LEN).map(|_| all::<f32>().swap_remove(kind)).collect();
        for step in 0..3 {
            let gradient = noise(LEN, 10 + step);
            together.step(&mut params, &gradient);
            for i in 0..LEN {
                singles[i].step(&mut apart[i..=i], &gradient[i..=i]);
            }
        }
        assert_eq!(bits(&params), bits(&apart), "optimiser {kind}");
    }
}

/// What every optimiser, and clipping, make of many values.
fn results() -> Vec<Vec<u32>> {
    const LEN: usize = 300_003;
    let gradient = noise(LEN, 2);
    let mut results = Vec::new();
    for mut optimizer in all::<f32>() {
        let mut params = noise(LEN, 1);
        optimizer.step(&mut params, &gradient);
        optimizer.step(&mut params, &gradient);
        results.push(bits(&params));
    }
    let mut clipped = gradient;
    let norm = clip::by_norm(&mut clipped, 1.0).unwrap();
    results.extend([bits(&clipped), bits(&[norm as f32])]);
    results
}

#[cfg(feature = "parallel")]
#[test]
fn the_number_of_threads_has_no_influence() {
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        pool.build().unwrap().install(results)
    };
    let alone = with(1);
    assert!(with(2) == alone && with(3) == alone);
}

#[test]
fn the_instruction_set_has_no_influence() {
    let mut all = Level::ALL.into_iter().filter(|level| level.force()).map(|_| results());
    let portable = all.next().unwrap();
    assert!(all.all(|results| results == portable));
}
