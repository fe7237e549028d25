//! Weights that come to firmware as the bytes of a file, without an operating system to read it.

use firmware::{EFFECT, networks::Effect};
use formwork::prelude::*;
use formwork::{Stream, io::WeightsError};

static FILE: &[u8] = include_bytes!("../weights/effect.safetensors");

#[test]
fn are_those_that_were_embedded() -> Result<(), WeightsError> {
    let model = Model::<Effect>::from_bytes(FILE)?;
    let (mut one, mut other) = (Stream::new(&model, 1), Stream::new(EFFECT, 1));
    for sample in [0.5, -0.25, 1.0] {
        assert_eq!(one.step(&[sample]), other.step(&[sample]));
    }
    let error = Model::<Effect>::from_bytes(&FILE[..FILE.len() - 1]).err().map(|e| e.to_string());
    let expected = "expected the last tensor to end where the file ends";
    assert!(error.is_some_and(|error| error.ends_with(expected)));
    Ok(())
}
