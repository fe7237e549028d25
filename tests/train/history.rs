//! The history, and as CSV.

use formwork::train::{History, Record};

fn history(losses: &[Option<f64>]) -> History {
    let record = |(epoch, &validation_loss)| Record {
        epoch,
        train_loss: 0.5,
        train_accuracy: Some(0.75),
        validation_loss,
        validation_accuracy: None,
        learning_rate: 1e-3,
        seconds: 2.0,
        samples_per_second: 50.0,
    };
    let epochs = losses.iter().enumerate().map(record).collect();
    History { epochs, step_losses: vec![] }
}

#[test]
fn csv_has_a_line_an_epoch_and_leaves_empty_what_is_not_there() {
    let csv = history(&[Some(0.25), None]).to_csv();
    assert_eq!(
        csv,
        "epoch,train_loss,train_accuracy,validation_loss,validation_accuracy,learning_rate,\
         seconds,samples_per_second\n\
         0,0.5,0.75,0.25,,0.001,2,50\n\
         1,0.5,0.75,,,0.001,2,50\n"
    );
}

#[test]
fn csv_is_written_to_a_file() {
    let path = std::env::temp_dir().join(format!("formwork-history-{}.csv", std::process::id()));
    let history = history(&[Some(0.25)]);
    history.save(&path).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), history.to_csv());
    std::fs::remove_file(path).unwrap();
    assert!(history.save("/no/such/folder/history.csv").is_err());
}

#[test]
fn numbers_that_are_none_are_not_written() {
    let path = std::env::temp_dir().join(format!("formwork-history-nan-{}", std::process::id()));
    let sound = history(&[Some(0.25), None]);
    sound.save(&path).unwrap();
    let error = |change: fn(&mut Record)| {
        let mut history = sound.clone();
        change(&mut history.epochs[1]);
        history.save(&path).unwrap_err().to_string()
    };
    let expected =
        |column, value| format!("epoch 1: {column} is {value}, expected a finite number");
    assert_eq!(error(|epoch| epoch.train_loss = f64::NAN), expected("train_loss", "NaN"));
    assert_eq!(
        error(|epoch| epoch.validation_loss = Some(f64::INFINITY)),
        expected("validation_loss", "inf")
    );
    assert_eq!(error(|epoch| epoch.learning_rate = f64::NAN), expected("learning_rate", "NaN"));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), sound.to_csv());
    std::fs::remove_file(path).unwrap();
}

#[test]
fn the_best_is_the_first_of_the_lowest() {
    let some = history(&[Some(3.0), Some(1.0), Some(2.0), Some(1.0)]);
    assert_eq!(some.best().unwrap().epoch, 1);
    assert_eq!(some.epochs_since_best(), 2);
    let none = history(&[None, None]);
    assert_eq!((none.best(), none.epochs_since_best()), (None, 0));
}
