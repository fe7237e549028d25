//! The schedules, against PyTorch (`tests/reference/optim.py`, torch 2.15) and arithmetic by hand.

use formwork::optim::schedule::{
    Constant, Cosine, Exponential, OnPlateau, Progress, Schedule, Step,
};

/// The start of an epoch of ten steps.
fn epoch(epoch: u64) -> Progress {
    Progress { epoch, step: 0, steps_per_epoch: 10 }
}

#[track_caller]
fn assert_near(actual: f64, expected: f64) {
    assert!((actual - expected).abs() <= 1e-15, "{actual} is not {expected}");
}

#[test]
fn progress() {
    let progress = Progress { epoch: 2, step: 3, steps_per_epoch: 12 };
    assert_eq!(progress.epochs(), 2.25); // 2 + 3 / 12
    assert_eq!(progress.steps(), 27); // 2 * 12 + 3
    assert_eq!(Progress { epoch: 2, step: 0, steps_per_epoch: 0 }.epochs(), 2.0);
}

#[test]
fn constant() {
    assert_eq!(Constant.factor(epoch(0)), 1.0);
    assert_eq!(Constant.factor(epoch(1000)), 1.0);
}

#[test]
fn step() {
    let schedule = Step::new(3, 0.5);
    let at = [(0, 1.0), (2, 1.0), (3, 0.5), (5, 0.5), (6, 0.25), (11, 0.125), (12, 0.0625)];
    for (e, expected) in at {
        assert_eq!(schedule.factor(epoch(e)), expected, "epoch {e}");
        let last = Progress { step: 9, ..epoch(e) };
        assert_eq!(schedule.factor(last), expected, "the same throughout epoch {e}");
    }
}

#[test]
fn exponential() {
    let schedule = Exponential::new(0.9);
    for (e, expected) in [(0, 1.0), (1, 0.9), (2, 0.81), (10, 0.34867844010000015)] {
        assert_near(schedule.factor(epoch(e)), expected);
    }
    assert_eq!(schedule.factor(epoch(u64::MAX)), 0.0);
}

#[test]
fn cosine_after_a_warm_up() {
    // 5 epochs of 8 steps, the first of them to warm up
    let schedule = Cosine::new(5.0).warm_up(1.0).floor(0.1);
    let at = |step: u64| {
        schedule.factor(Progress { epoch: step / 8, step: step % 8, steps_per_epoch: 8 })
    };
    let expected = [
        (0, 0.125),
        (3, 0.5),
        (7, 1.0),
        (8, 1.0),
        (9, 0.9978331270024886),
        (16, 0.8681980515339464),
        (24, 0.55),
        (32, 0.2318019484660537),
        (39, 0.10216687299751144),
    ];
    for (step, expected) in expected {
        assert_near(at(step), expected);
    }
    assert_eq!((at(40), at(1000)), (0.1, 0.1), "the floor is not left again");
}

#[test]
fn cosine_without_a_warm_up() {
    let schedule = Cosine::new(4.0);
    // (1 + cos(pi e / 4)) / 2 at e = 0, 1, 2, 4
    let expected = [(0, 1.0), (1, (1.0 + 0.5_f64.sqrt()) / 2.0), (2, 0.5), (4, 0.0)];
    for (e, expected) in expected {
        assert_near(schedule.factor(epoch(e)), expected);
    }
    let warm_up_only = Cosine::new(1.0).warm_up(1.0);
    assert_eq!(warm_up_only.factor(Progress { step: 9, ..epoch(0) }), 1.0);
    // 0.25 epochs of 10 steps are 2.5 steps: 1 / 2.5, 2 / 2.5, and no more than 1
    let uneven = Cosine::new(1.0).warm_up(0.25);
    let at = [0, 1, 2].map(|step| uneven.factor(Progress { step, ..epoch(0) }));
    assert_eq!(at, [0.4, 0.8, 1.0]);
}

const LOSSES: [f64; 13] = [5.0, 4.0, 4.5, 4.2, 4.1, 3.9, 3.9, f64::NAN, 3.8, 3.9, 4.0, 4.1, 4.2];

/// The factor at the start of each epoch, when the losses are those of [`LOSSES`].
fn factors(schedule: &mut dyn Schedule) -> Vec<f64> {
    let step = |(e, loss): (u64, &f64)| {
        let factor = schedule.factor(epoch(e));
        schedule.observe(*loss);
        factor
    };
    (0..).zip(&LOSSES).map(step).collect()
}

#[test]
fn on_plateau() {
    // As powers of 1/4: 4.5, 4.2, 4.1, the second 3.9, NaN, and all after 3.8 are no improvement
    let divisions = [0, 0, 0, 1, 2, 3, 3, 4, 5, 5, 6, 7, 8];
    let expected = divisions.map(|n| 0.25_f64.powi(n));
    assert_eq!(factors(&mut OnPlateau::divide_by(4.0)), expected);

    let expected = [1.0, 1.0, 1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.25];
    assert_eq!(factors(&mut OnPlateau::divide_by(2.0).patience(2)), expected);
}

/// Losses that fall more and more slowly, but for one leap.
const SLOWING: [f64; 14] =
    [2.0, 1.9, 1.85, 1.84, 1.83, 1.6, 1.59, 1.58, 1.57, 1.56, 1.55, 1.54, 1.53, 1.52];

#[test]
fn on_plateau_with_thresholds_cooldown_and_a_least_rate() {
    let halves = || OnPlateau::divide_by(2.0);
    let cases = [
        (halves().relative_threshold(0.05), "0 0 1 1 2 3 3 4 5 6 7 8 9 10"),
        (halves().absolute_threshold(0.06).patience(1), "0 0 0 0 1 1 1 1 2 2 3 3 4 4"),
        (halves().absolute_threshold(0.06).cooldown(2), "0 0 0 1 1 1 1 2 2 2 3 3 3 3"),
        // The threshold set last is the one that counts.
        (halves().absolute_threshold(1.0).relative_threshold(0.05).floor(0.1), "0 0 1 1 2 3 3"),
    ];
    for (mut schedule, halvings) in cases {
        let mut halvings = halvings.split(' ').map(|n| 0.5_f64.powi(n.parse().unwrap()));
        for (e, loss) in (0..).zip(SLOWING) {
            let expected = halvings.next().unwrap_or(0.1);
            assert_eq!(schedule.factor(epoch(e)), expected, "epoch {e} of {schedule:?}");
            schedule.observe(loss);
            let memory = schedule.memory();
            assert!(schedule.restore(&memory) && schedule.memory() == memory);
        }
    }
}

#[test]
fn memory_goes_through_a_checkpoint() {
    let mut schedule = OnPlateau::divide_by(2.0).patience(2);
    for stop in 0..LOSSES.len() {
        let mut resumed = OnPlateau::divide_by(2.0).patience(2);
        assert!(resumed.restore(&schedule.memory()));
        for loss in &LOSSES[stop..] {
            resumed.observe(*loss);
        }
        // The rate was halved at 4.1 and again after 3.9, 4.0, 4.1
        assert_eq!(resumed.factor(epoch(13)), 0.25, "stopped before loss {stop}");
        schedule.observe(LOSSES[stop]);
    }
    let before = schedule.memory();
    let wrong: [&[f64]; 7] = [
        &[],
        &[1.0, 2.0],
        &[1.0, 0.0, 1.0],
        &[f64::NAN, 0.0, 1.0, 0.0],
        &[1.0, -1.0, 1.0, 0.0],
        &[1.0, 0.0, 2.0, 0.0],
        &[1.0, 0.0, 1.0, -1.0],
    ];
    for wrong in wrong {
        assert!(!schedule.restore(wrong), "{wrong:?}");
        assert_eq!(schedule.memory(), before);
    }
    assert!(Constant.memory().is_empty() && Constant.restore(&[]) && !Constant.restore(&[1.0]));
}

#[test]
fn a_closure_is_a_schedule() {
    let schedule: Box<dyn Schedule> =
        Box::new(|progress: Progress| 1.0 / (1.0 + progress.epochs()));
    assert_eq!(schedule.factor(epoch(3)), 0.25);
}

#[test]
fn wrong_settings_panic() {
    let wrong: [fn() -> Box<dyn Schedule>; 10] = [
        || Box::new(Step::new(0, 0.5)),
        || Box::new(Step::new(1, -0.5)),
        || Box::new(Exponential::new(f64::NAN)),
        || Box::new(Cosine::new(0.0)),
        || Box::new(Cosine::new(3.0).warm_up(3.5)),
        || Box::new(Cosine::new(3.0).floor(1.5)),
        || Box::new(OnPlateau::divide_by(0.5)),
        || Box::new(OnPlateau::divide_by(2.0).relative_threshold(1.0)),
        || Box::new(OnPlateau::divide_by(2.0).absolute_threshold(f64::INFINITY)),
        || Box::new(OnPlateau::divide_by(2.0).floor(-0.1)),
    ];
    for (i, make) in wrong.into_iter().enumerate() {
        assert!(std::panic::catch_unwind(make).is_err(), "setting {i}");
    }
}
