//! Who has the model of a stream.

use formwork::prelude::*;
use rand::SeedableRng;
use std::sync::Arc;

network! {
    /// An audio effect.
    struct Effect: Vector<1> => Vector<1> { lstm: Lstm<8>, fc: Dense<1> }
}

const INPUT: [f32; 4] = [0.5, -0.5, 0.25, 1.0];

/// What a host asks of a plug-in: it owns all that it needs, and goes from thread to thread.
trait PlugIn: Send + 'static {
    fn process(&mut self, input: &[f32; 4]) -> [f32; 4];
}

impl<M> PlugIn for Stream<Effect, f32, M>
where
    M: formwork::net::HasWeights<Network = Effect, Scalar = f32> + Send + 'static,
{
    fn process(&mut self, input: &[f32; 4]) -> [f32; 4] {
        input.map(|sample| self.step(&[sample])[0])
    }
}

#[test]
fn a_stream_borrows_shares_or_owns_its_model() {
    let model = Model::<Effect>::new(&mut Generator::seed_from_u64(1));
    let mut borrowing = Stream::new(&model, 1);
    let expected = INPUT.map(|sample| borrowing.step(&[sample])[0]);

    let shared = Arc::new(model.clone());
    let plug_ins: [Box<dyn PlugIn>; 4] = [
        Box::new(Stream::new(Arc::clone(&shared), 1)),
        Box::new(Stream::new(shared, 1)),
        Box::new(Stream::new(Box::new(model.clone()), 1)),
        Box::new(Stream::new(model, 1)),
    ];
    for mut plug_in in plug_ins {
        let output = std::thread::spawn(move || plug_in.process(&INPUT)).join().unwrap();
        assert_eq!(output.map(f32::to_bits), expected.map(f32::to_bits));
    }
}

/// The type that a struct names, and the model that a stream gives back to look at.
#[test]
fn a_stream_is_a_field() {
    struct Owner {
        stream: Stream<Effect>,
        inference: Inference<Effect>,
    }
    fn may_go_anywhere<A: Send + 'static>(a: A) -> A {
        a
    }
    let stream = Stream::new(Model::zeroed(), 2);
    let mut owner = may_go_anywhere(Owner { stream, inference: Inference::new(2) });
    assert_eq!(owner.stream.step(&[1.0, 2.0]).as_slice(), [0.0, 0.0]);
    let batch = formwork::data::Batch::from_vec(vec![1.0, 2.0]).unwrap();
    let model = Arc::new(owner.stream.model().clone());
    assert_eq!(owner.inference.run(&model, &batch).as_slice(), [0.0, 0.0]);
}
