//! Initial weights: distributions, and which one a dense layer chooses.

use formwork::Model;
use formwork::prelude::*;
use rand::SeedableRng;

network! { struct BeforeRelu: Vector<300> => Vector<200> { fc: Dense<200>, Relu } }
network! { struct BeforeLeaky: Vector<300> => Vector<200> { fc: Dense<200>, LeakyRelu(0.5) } }
network! { struct BeforeTanh: Vector<300> => Vector<200> { fc: Dense<200>, Tanh } }
network! { struct BeforeNothing: Vector<300> => Vector<200> { fc: Dense<200> } }
network! { struct BeforeDropout: Vector<300> => Vector<200> { fc: Dense<200>, Dropout(0.5), Relu } }
network! { struct He: Vector<300> => Vector<200> { fc: Dense<200>(Init::He) } }
network! { struct Xavier: Vector<300> => Vector<200> { fc: Dense<200>(Init::Xavier), Relu } }
network! { struct LeCun: Vector<300> => Vector<200> { fc: Dense<200>(Init::LeCun) } }
network! { struct Normal: Vector<300> => Vector<200> { fc: Dense<200>(Init::Normal(0.01)) } }
network! { struct Uniform: Vector<300> => Vector<200> { fc: Dense<200>(Init::Uniform(0.05)) } }
network! { struct Wide: Vector<30> => Vector<20> { fc: Dense<20>(Init::Orthogonal) } }
network! { struct Tall: Vector<20> => Vector<30> { fc: Dense<30>(Init::Orthogonal) } }
network! { struct Zeros: Vector<30> => Vector<20> { fc: Dense<20>(Init::Zeros) } }

/// The weights, once the biases have been seen to be zero.
fn weights<N: Network>(outputs: usize) -> Vec<f64> {
    let model = Model::<N>::new(&mut formwork::Generator::seed_from_u64(1));
    let (weights, biases) = model.parameters().split_at(N::PARAMETERS - outputs);
    assert!(biases.iter().all(|&b| b == 0.0));
    weights.iter().map(|&w| f64::from(w)).collect()
}

/// That the variance of 60,000 weights is the expected one, up to 3 percent: the deviation of
/// such an estimate for normal numbers is `sqrt(2 / 60,000)`, 0.6 percent.
#[track_caller]
fn assert_variance(weights: &[f64], expected: f64) {
    assert_eq!(weights.len(), 60_000);
    let n = weights.len() as f64;
    let mean = weights.iter().sum::<f64>() / n;
    assert!(mean.abs() < 4.0 * (expected / n).sqrt(), "a mean of {mean}");
    let variance = weights.iter().map(|w| (w - mean).powi(2)).sum::<f64>() / n;
    assert!((variance / expected - 1.0).abs() < 0.03, "{variance}, expected {expected}");
}

#[test]
fn what_follows_decides() {
    assert_variance(&weights::<BeforeRelu>(200), 2.0 / 300.0);
    assert_variance(&weights::<BeforeLeaky>(200), 2.0 / (1.0 + 0.25) / 300.0);
    assert_variance(&weights::<BeforeTanh>(200), 2.0 / 500.0);
    assert_variance(&weights::<BeforeNothing>(200), 2.0 / 500.0);
    assert_variance(&weights::<BeforeDropout>(200), 2.0 / 300.0);
}

#[test]
fn what_is_asked_for_decides_first() {
    assert_variance(&weights::<He>(200), 2.0 / 300.0);
    assert_variance(&weights::<Xavier>(200), 2.0 / 500.0);
    assert_variance(&weights::<LeCun>(200), 1.0 / 300.0);
    assert_variance(&weights::<Normal>(200), 1e-4);
    assert_eq!(weights::<Zeros>(20), [0.0; 600]);
}

#[test]
fn normal_weights_are_normal_and_uniform_ones_uniform() {
    // Beyond one deviation: 31.73 percent; the deviation of the count is sqrt(0.22 / 60,000).
    let weights_of_normal = weights::<Normal>(200);
    let beyond = weights_of_normal.iter().filter(|w| w.abs() > 0.01).count() as f64 / 60_000.0;
    assert!((beyond - 0.3173).abs() < 0.008, "{beyond}");

    let uniform = weights::<Uniform>(200);
    assert_variance(&uniform, 0.05 * 0.05 / 3.0);
    let largest = uniform.iter().fold(0.0, |a: f64, w| a.max(w.abs()));
    // f32 may round the bound up.
    assert!((0.0499..0.050_000_01).contains(&largest), "{largest}");
}

#[test]
fn orthogonal_rows_or_columns_are_orthonormal() {
    /// That rows `i` and `j` of a matrix have the product `i == j`.
    fn orthonormal(rows: usize, at: impl Fn(usize, usize) -> f64, length: usize) {
        for i in 0..rows {
            for j in 0..rows {
                let product: f64 = (0..length).map(|k| at(i, k) * at(j, k)).sum();
                let expected = f64::from(u8::from(i == j));
                assert!((product - expected).abs() < 1e-6, "rows {i} and {j}: {product}");
            }
        }
    }
    let (wide, tall) = (weights::<Wide>(20), weights::<Tall>(30));
    // W W^T = 1 where rows are fewer, W^T W = 1 where columns are.
    orthonormal(20, |row, k| wide[30 * row + k], 30);
    orthonormal(20, |column, k| tall[20 * k + column], 30);
}
