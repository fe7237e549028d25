//! What is meant by a name that no layer has: a layer that is called so elsewhere, or one whose name
//! is nearly the same.
//!
//! Only messages know these names. A layer that is missing here works like any other, and whatever a
//! program declares or imports under one of them is what it gets.

/// What to say of a layer of this name, should there be none.
pub fn message(name: &str) -> Option<String> {
    if OURS.contains(&name) {
        return None;
    }
    if let Some((_, here)) = ELSEWHERE.iter().find(|(other, _)| *other == name) {
        return Some(format!("`{name}` has another name here: declare it as in `{here}`"));
    }
    let near = OURS.iter().map(|ours| (distance(name, ours), ours));
    let (distance, ours) = near.min_by_key(|(distance, _)| *distance)?;
    (distance <= name.len().max(3) / 3)
        .then(|| format!("there is no `{name}` here; did you mean `{ours}`?"))
}

/// How many letters have to be added, left out, replaced or swapped with the next to make one word of
/// another, capital or not.
fn distance(a: &str, b: &str) -> usize {
    let [a, b] = [a, b].map(|word| word.to_lowercase().into_bytes());
    let mut between = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            if i == 0 || j == 0 {
                between[i][j] = i + j;
                continue;
            }
            let replaced = between[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(between[i - 1][j] + 1).min(between[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(between[i - 2][j - 2] + 1);
            }
            between[i][j] = least;
        }
    }
    between[a.len()][b.len()]
}

/// The layers of the library.
const OURS: &[&str] = &[
    "AdaptiveAvgPool",
    "AvgPool",
    "AvgPool1d",
    "AvgPoolSteps",
    "BatchNorm",
    "Bidirectional",
    "CausalConv1d",
    "CausalConvTranspose1d",
    "Concat",
    "Conv2d",
    "Conv1d",
    "ConvTranspose2d",
    "Dense",
    "Dropout",
    "Elu",
    "Embedding",
    "EmbeddingMax",
    "EmbeddingSum",
    "Film",
    "FilmOutput",
    "Flatten",
    "Gated",
    "Gelu",
    "GeluTanh",
    "GlobalAvgPool",
    "GlobalMaxPool",
    "Glu",
    "GroupNorm",
    "Gru",
    "HardSigmoid",
    "HardSwish",
    "HardTanh",
    "Identity",
    "LastStep",
    "LayerNorm",
    "LeakyHardTanh",
    "LeakyRelu",
    "Lstm",
    "MaxPool",
    "MaxPool1d",
    "MaxPoolSteps",
    "MeanSteps",
    "PRelu",
    "Product",
    "Relu",
    "Relu6",
    "Residual",
    "RmsNorm",
    "Rnn",
    "Sigmoid",
    "Silu",
    "Softmax",
    "Softplus",
    "Softsign",
    "Sum",
    "Tanh",
    "Upsample",
    "WaveNetInput",
    "WaveNetLayer",
    "WaveNetRechannel",
    "WaveNetSkips",
    "ZeroPad",
];

/// What layers are called elsewhere, and how each is declared here.
const ELSEWHERE: &[(&str, &str)] = &[
    ("AdaptiveAvgPool2d", "AdaptiveAvgPool<7, 7>"),
    ("AdaptiveMaxPool2d", "GlobalMaxPool"),
    ("AvgPool2d", "AvgPool<2>"),
    ("AveragePooling1D", "AvgPool1d<2>"),
    ("AveragePooling2D", "AvgPool<2>"),
    ("BatchNorm1d", "BatchNorm"),
    ("BatchNorm2d", "BatchNorm"),
    ("BatchNormalization", "BatchNorm"),
    ("Conv1D", "Conv1d<16, 3>"),
    ("Conv2D", "Conv2d<16, 3>"),
    ("Conv2DTranspose", "ConvTranspose2d<16, 2>"),
    ("ELU", "Elu"),
    ("EmbeddingBag", "Embedding<100>"),
    ("GELU", "Gelu"),
    ("GLU", "Glu"),
    ("GRU", "Gru<100>"),
    ("GlobalAveragePooling2D", "GlobalAvgPool"),
    ("GlobalMaxPooling2D", "GlobalMaxPool"),
    ("Hardsigmoid", "HardSigmoid"),
    ("Hardswish", "HardSwish"),
    ("Hardtanh", "HardTanh(-1.0, 1.0)"),
    ("InstanceNorm1d", "GroupNorm<16, affine = 0>"),
    ("InstanceNorm2d", "GroupNorm<16, affine = 0>"),
    ("LSTM", "Lstm<100>"),
    ("LayerNormalization", "LayerNorm"),
    ("LeakyReLU", "LeakyRelu(0.01)"),
    ("Linear", "Dense<10>"),
    ("MaxPool2d", "MaxPool<2>"),
    ("MaxPooling1D", "MaxPool1d<2>"),
    ("MaxPooling2D", "MaxPool<2>"),
    ("PReLU", "PRelu(0.25)"),
    ("RMSNorm", "RmsNorm"),
    ("RMSNormalization", "RmsNorm"),
    ("RNN", "Rnn<100>"),
    ("ReLU", "Relu"),
    ("ReLU6", "Relu6"),
    ("SiLU", "Silu"),
    ("SimpleRNN", "Rnn<100>"),
    ("Swish", "Silu"),
    ("UpSampling2D", "Upsample<2>"),
    ("ZeroPad2d", "ZeroPad<1>"),
    ("ZeroPadding2D", "ZeroPad<1>"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn words_are_near_by_what_was_mistyped() {
        let distances = [
            ("Dens", "Dense", 1),
            ("Denes", "Dense", 1),
            ("dense", "Dense", 0),
            ("Ltsm", "Lstm", 1),
            ("Droupot", "Dropout", 2),
            ("", "Elu", 3),
        ];
        for (a, b, expected) in distances {
            assert_eq!((distance(a, b), distance(b, a)), (expected, expected), "{a}, {b}");
        }
    }

    #[test]
    fn only_what_is_near_is_taken_for_a_slip() {
        assert_eq!(message("Dense"), None);
        assert_eq!(message("Block"), None);
        let conv3d = "there is no `Conv3d` here; did you mean `Conv2d`?";
        assert_eq!(message("Conv3d").as_deref(), Some(conv3d));
        let relu = "`ReLU` has another name here: declare it as in `Relu`";
        assert_eq!(message("ReLU").as_deref(), Some(relu));
    }

    /// The names in a folder after `layer! {`, and of types that are layers without it.
    fn declared(folder: &Path, names: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).expect("the layers are beside the macro") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                declared(&path, names);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a source file");
            for declaration in text.split("\ncrate::layer! {").skip(1) {
                let (_, name) = declaration.split_once("pub struct ").expect("a struct");
                names.push(name.chars().take_while(|c| c.is_alphanumeric()).collect());
            }
        }
    }

    #[test]
    fn all_layers_are_listed() {
        let mut layers = Vec::new();
        declared(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../src/layers"), &mut layers);
        assert!(layers.len() > 50, "only {} layers were found", layers.len());
        for layer in layers {
            assert!(OURS.contains(&layer.as_str()), "{layer} is not listed");
        }
    }
}
