//! What the network for sines has learnt.

use firmware::{ANGLES, SINE, angle};
use formwork::Stream;

#[test]
fn the_network_computes_sines() {
    let mut stream = Stream::new(SINE, 1);
    for x in (0..ANGLES).map(angle) {
        let y = stream.step(&[x])[0];
        assert!((y - x.sin()).abs() < 0.02, "sin({x}) is {}, not {y}", x.sin());
    }
}
