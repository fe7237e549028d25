//! What is told while training, and to whom.

use crate::{moons, net};
use formwork::optim::Sgd;
use formwork::prelude::*;
use formwork::train::Trainer;
use rand::SeedableRng;
use std::process::{Command, Stdio};

/// Says to this test, started as a program of its own, that it is to train.
const CHILD: &str = "FORMWORK_TEST_REPORTS";

/// Nobody reads the standard error stream, or the disk that it goes to is full.
#[test]
fn a_report_that_cannot_be_written_ends_no_training() {
    if std::env::var_os(CHILD).is_some() {
        let (train, _) = moons();
        let loss = SoftmaxCrossEntropy::default();
        let mut rng = Generator::seed_from_u64(1);
        Trainer::new(Sgd::new(0.1)).epochs(30).fit(&mut net(1), &loss, &train, &mut rng).unwrap();
        return println!("trained to the end");
    }
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut streams = vec![Stdio::from(writer)];
    if let Ok(full) = std::fs::File::options().write(true).open("/dev/full") {
        streams.push(full.into());
    }
    for stream in streams {
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "report::a_report_that_cannot_be_written_ends_no_training"])
            .arg("--nocapture")
            .env(CHILD, "1")
            .stderr(stream)
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && told.contains("trained to the end"), "{told}");
    }
}
