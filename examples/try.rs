//! Scratch.
use formwork::data::{Batch, Classes, mnist};
use formwork::prelude::*;
use rand::SeedableRng;
network! {
    /// A net.
    pub struct Net: Image<1, 28, 28> => Vector<10> { fc1: Dense<50>, Relu, res: Residual { fc: Dense<50>, Relu }, fc2: Dense<10> }
}
fn main() {
    println!("{}", Net::summary());
    let data = mnist::load(std::path::Path::new("/work/shared/data")).unwrap();
    let mut rng = Generator::seed_from_u64(1);
    let mut model = Model::<Net>::new(&mut rng);
    let mut ws = Workspace::<Net>::new(100, 1);
    let mut x = Batch::new();
    let mut t: Batch<Classes<10>> = Batch::new();
    let start = std::time::Instant::now();
    for step in 0..3000usize {
        let idx: Vec<usize> = (0..100).map(|i| (step * 100 + i) % 60000).collect();
        x.gather(data.train.inputs(), &idx);
        t.gather(data.train.targets(), &idx);
        ws.forward(&model, &x);
        let loss = ws.loss(&SoftmaxCrossEntropy::new(), &t);
        let g = ws.backward(&model, &x);
        for (p, g) in model.parameters_mut().iter_mut().zip(g) {
            *p -= 0.1 * g;
        }
        if step % 500 == 0 {
            println!("{loss}");
        }
    }
    println!("{:?} a step", start.elapsed() / 3000);
    let mut inf = Inference::<Net>::new(10000);
    let y = inf.run(&model, data.test.inputs());
    let right = y
        .chunks(10)
        .zip(data.test.targets().data())
        .filter(|(y, t)| (0..10).max_by(|&a, &b| y[a].total_cmp(&y[b])) == Some(**t as usize))
        .count();
    println!("{right}");
}
