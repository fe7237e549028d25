//! PyTorch's weights, both ways: what it saved loads here and gives the same, and what is saved here
//! has the same names, shapes, types, order and bytes. `tests/reference/weights.py` wrote
//! `tests/io/pytorch`, and loads what this writes.

use formwork::data::{Batch, Sample};
use formwork::io::Names;
use formwork::prelude::*;
use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

fn file(case: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/io/pytorch");
    fs::read(path.join(case).with_extension("safetensors")).unwrap()
}

/// The numbers that the script recorded under a name.
fn recorded(name: &str) -> Vec<f64> {
    let line = include_str!("pytorch/values.txt")
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))
        .unwrap_or_else(|| panic!("no {name} in the reference"));
    line.split(' ').map(|value| value.parse().unwrap()).collect()
}

/// What there is of a tensor in a file, in the order in which they lie.
fn tensors(bytes: &[u8]) -> Vec<(String, String, Vec<usize>, Vec<u8>)> {
    let file = SafeTensors::deserialize(bytes).unwrap();
    let mut tensors = file.tensors();
    // Nothing needs it, here or there.
    tensors.retain(|(name, _)| !name.ends_with("num_batches_tracked"));
    tensors.sort_by_key(|(_, tensor)| tensor.data().as_ptr());
    let all = tensors.iter().map(|(name, tensor)| {
        let (dtype, dims) = (tensor.dtype().to_string(), tensor.shape().to_vec());
        (name.clone(), dtype, dims, tensor.data().to_vec())
    });
    all.collect()
}

/// Writes a model for the script to load.
fn write_for_pytorch(case: &str, file: &[u8], y: &[f64]) {
    static VALUES: Mutex<String> = Mutex::new(String::new());
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("to-pytorch");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(case).with_extension("safetensors"), file).unwrap();
    let mut values = VALUES.lock().unwrap();
    write!(values, "{case}.y").unwrap();
    y.iter().for_each(|value| write!(values, " {value:?}").unwrap());
    values.push('\n');
    fs::write(folder.join("values.txt"), &*values).unwrap();
}

/// What a case has of its own.
struct Case<'a> {
    name: &'a str,
    /// The names in the file, and what they are when it is written, where that differs.
    names: [Names; 2],
    lanes: usize,
    /// Whether a file of single precision is written as it was.
    exact: bool,
}

fn case(name: &str) -> Case<'_> {
    Case { name, names: [Names::new(), Names::new()], lanes: 1, exact: true }
}

impl Case<'_> {
    fn names(self, names: fn() -> Names) -> Self {
        Self { names: [names(), names()], ..self }
    }

    fn agrees<N: Network>(self, batch: fn(Vec<f64>) -> Batch<N::Sample, f64>) {
        let Self { name, names: [read, written], lanes, exact } = self;
        let theirs = file(name);
        let x = batch(recorded(&format!("{name}.x")));
        let y = |model: &Model<N, f64>| {
            let mut inference = Inference::<N, f64>::with_lanes(x.columns(), lanes);
            inference.run(model, &x).as_slice().to_vec()
        };

        let mut double = Model::<N, f64>::zeroed();
        let left = double.load_bytes_with(&theirs, &read).unwrap();
        assert!(left.missing.is_empty() && left.surplus.is_empty(), "{name}: {left:?}");
        let expected = recorded(&format!("{name}.y"));
        let found = y(&double);
        assert_eq!(found.len(), expected.len(), "{name}");
        for (found, expected) in found.iter().zip(&expected) {
            assert!((found - expected).abs() < 1e-9, "{name}: {found} should be {expected}");
        }

        if exact {
            let mut model = Model::<N>::zeroed();
            model.load_bytes_with(&theirs, &read).unwrap();
            let ours = tensors(&model.to_bytes_with(&written).unwrap());
            assert_eq!(ours, tensors(&theirs), "{name}");
        }

        // Other weights, as if it had learned.
        for (i, value) in double.parameters_mut().iter_mut().enumerate() {
            *value = 0.9 * *value + 0.1 * (i as f64).sin();
        }
        write_for_pytorch(name, &double.to_bytes_with(&written).unwrap(), &y(&double));
    }
}

fn numbers<S: Sample<Element<f64> = f64>>(values: Vec<f64>) -> Batch<S, f64> {
    Batch::from_vec(values).unwrap()
}

fn ids<S: Sample<Element<f64> = u32>>(values: Vec<f64>) -> Batch<S, f64> {
    Batch::from_vec(values.into_iter().map(|id| id as u32).collect()).unwrap()
}

network! {
    struct Plain: Vector<3> => Vector<2> { fc1: Dense<4>, bn1: BatchNorm, Relu, fc2: Dense<2> }
}
network! {
    struct Sequence: Image<2, 1, 5> => Image<3, 1, 5> { conv: Conv1d<3, 3, pad = 1>, ln: LayerNorm }
}
network! {
    struct Images: Image<2, 4, 4> => Image<3, 4, 2> {
        conv: Conv2d<4, 3, stride = 2, pad = 1, groups = 2, bias = 0>,
        bn: BatchNorm,
        up: ConvTranspose2d<2, 2, stride = 2>,
        wide: Conv2d<3, 1, kernel_width = 3>,
        gn: GroupNorm<3>,
    }
}

#[test]
fn layers_of_vectors_and_images() {
    case("dense").agrees::<Plain>(numbers);
    case("conv1d").agrees::<Sequence>(numbers);
    case("conv2d").agrees::<Images>(numbers);
}

network! { struct Normal: Vector<3> => Vector<5> { fc: Dense<5>, ln: LayerNorm } }
network! { struct NormalImage: Image<2, 3, 3> => Image<2, 3, 3> { ln: LayerNorm } }

/// As a tensor, the weight of an image has its dimensions, and its order.
#[test]
fn layer_norm() {
    case("layer_norm").agrees::<Normal>(numbers);
    case("layer_norm_of_images").agrees::<NormalImage>(numbers);
    let model = Model::<NormalImage>::from_bytes(&file("layer_norm_of_images")).unwrap();
    assert_eq!(model.tensor("ln.weight").unwrap().dims, [2, 3, 3]);
}

network! { struct Words: Token<7> => Vector<2> { embed: Embedding<3>, fc: Dense<2> } }
network! { struct Mean: Bag<7, 3> => Vector<3> { embed: Embedding<3> } }

#[test]
fn embeddings() {
    case("embedding").agrees::<Words>(ids);
    case("embedding_bag").agrees::<Mean>(ids);
}

network! { struct OfRnn: Vector<2> => Vector<3> { rnn: Rnn<3> } }
network! { struct OfLstm: Vector<2> => Vector<3> { lstm: Lstm<3> } }
network! { struct OfGru: Vector<2> => Vector<3> { gru: Gru<3> } }
network! { struct RnnCell: Vector<2> => Vector<3> { cell: Rnn<3> } }
network! { struct LstmCell: Vector<2> => Vector<3> { cell: Lstm<3> } }
network! { struct GruCell: Vector<2> => Vector<3> { cell: Gru<3> } }

network! {
    struct OverTime: Vector<2> => Vector<2> {
        down: CausalConv1d<3, 4, stride = 2>,
        up: CausalConvTranspose1d<2, 5, stride = 2>,
    }
}

fn steps(name: &str) -> Case<'_> {
    Case { lanes: 2, ..case(name) }
}

#[test]
fn recurrent_layers() {
    steps("rnn").agrees::<OfRnn>(numbers);
    steps("lstm").agrees::<OfLstm>(numbers);
    steps("gru").agrees::<OfGru>(numbers);
}

#[test]
fn convolutions_over_time() {
    steps("over_time").agrees::<OverTime>(numbers);
}

/// They load as they are; to be written they want to be named.
#[test]
fn cells() {
    let cell = |name| {
        let names = || Names::new().map(|name| name.replace("_l0", ""));
        Case { names: [Names::new(), names()], ..steps(name) }
    };
    cell("rnn_cell").agrees::<RnnCell>(numbers);
    cell("lstm_cell").agrees::<LstmCell>(numbers);
    cell("gru_cell").agrees::<GruCell>(numbers);
}

network! { struct BothRnn: Vector<2> => Vector<6> { rnn: Bidirectional { Rnn<3> } } }
network! { struct BothLstm: Vector<2> => Vector<6> { lstm: Bidirectional { Lstm<3> } } }
network! { struct BothGru: Vector<2> => Vector<6> { gru: Bidirectional { inside: Gru<3> } } }

#[test]
fn both_directions() {
    steps("bidirectional_rnn").agrees::<BothRnn>(numbers);
    steps("bidirectional_lstm").agrees::<BothLstm>(numbers);
    steps("bidirectional_gru").agrees::<BothGru>(numbers);
}

network! { struct Two: Vector<2> => Vector<3> { below: Lstm<3>, above: Lstm<3> } }
network! {
    struct TwoBoth: Vector<2> => Vector<6> {
        gru1: Bidirectional { Gru<3> }, gru2: Bidirectional { Gru<3> },
    }
}

#[test]
fn several_layers_in_one() {
    let names = || Names::new().stacked("lstm", &["below", "above"]);
    steps("two_layers").names(names).agrees::<Two>(numbers);
    let error = Model::<Two>::from_bytes(&file("two_layers")).unwrap_err().to_string();
    assert!(error.ends_with(
        "It has recurrent layers that are several deep: `Names::new().stacked(..)` says to \
         `Model::load_with` which layers these are here"
    ));
    let names = || Names::new().stacked("gru", &["gru1", "gru2"]);
    steps("two_layers_bidirectional").names(names).agrees::<TwoBoth>(numbers);
}

network! {
    struct Tied: Token<7> => Vector<7> {
        embed: Embedding<4>, lstm: Lstm<4>, head: Dense<7> tied to embed,
    }
}

/// Under both names, as PyTorch has it, or under one.
#[test]
fn tied_weights() {
    steps("tied").agrees::<Tied>(ids);
    Case { exact: false, ..steps("tied_once") }.agrees::<Tied>(ids);
    let mut model = Model::<Tied>::from_bytes(&file("tied_once")).unwrap();
    let once = model.to_bytes_with(&Names::new().once()).unwrap();
    assert_eq!(tensors(&once), tensors(&file("tied_once")));

    let head = model.tensor_mut("head.weight").unwrap();
    assert_eq!((head.name.as_str(), head.dims), ("embed.weight", vec![7, 4]));
    head.values[5] = 0.5;
    assert_eq!(model.embed.weight[1][1], 0.5);

    // One of the two was changed.
    let mut changed = tensors(&file("tied"));
    let weight = changed.iter_mut().find(|tensor| tensor.0 == "head.weight").unwrap();
    weight.3[..4].copy_from_slice(&0.25_f32.to_le_bytes());
    let views = changed.iter().map(|(name, _, dims, bytes)| {
        (name, TensorView::new(Dtype::F32, dims.clone(), bytes).unwrap())
    });
    let changed = safetensors::serialize(views, None).unwrap();
    assert_eq!(
        Model::<Tied>::from_bytes(&changed).unwrap_err().to_string(),
        "tensors `embed.weight` and `head.weight` differ, expected the same twice: the layers share it"
    );
}

network! { struct Inner: Vector<3> => Vector<3> { fc: Dense<3>, norm: LayerNorm } }
network! {
    struct Nested: Vector<3> => Vector<3> {
        block: Residual { fc1: Dense<4>, Relu, fc2: Dense<3> },
        inner: Inner,
        branches: Concat { { a: Dense<2> }, { b: Dense<1> } },
    }
}
network! { struct Sequential: Vector<3> => Vector<2> { fc1: Dense<4>, Relu, fc2: Dense<2> } }
network! { struct Wrapped: Vector<3> => Vector<2> { fc1: Dense<2> } }

network! {
    struct Branches: Image<2, 4, 6> => Image<3, 2, 3> {
        block: Residual {
            conv1: Conv2d<4, 3, stride = 2, pad = 1>, Relu, conv2: Conv2d<4, 3, pad = 1>,
        } around {
            conv: Conv2d<4, 1, stride = 2>, bn: BatchNorm,
        },
        weigh: Product {
            { Identity },
            { GlobalAvgPool, squeeze: Dense<2>, Relu, excite: Dense<4>, Sigmoid },
        },
        mix: Sum { { a: Conv2d<3, 1> }, { b: Conv2d<3, 3, pad = 1> }, { GlobalAvgPool, c: Dense<3> } },
    }
}

#[test]
fn stacks_beside_each_other() {
    case("branches").agrees::<Branches>(numbers);
}

#[test]
fn names() {
    case("nested").agrees::<Nested>(numbers);
    case("sequential").names(|| Names::new().by_position()).agrees::<Sequential>(numbers);
    case("data_parallel").names(|| Names::new().prefix("module.")).agrees::<Wrapped>(numbers);
    case("compiled").names(|| Names::new().prefix("_orig_mod.")).agrees::<Wrapped>(numbers);
    let renamed = || Names::new().rename("fc1", "0").rename("fc2.weight", "2.weight");
    let renamed = renamed().rename("fc2.bias", "2.bias");
    let mut model = Model::<Sequential>::zeroed();
    model.load_bytes_with(&file("sequential"), &renamed).unwrap();
    assert_eq!(tensors(&model.to_bytes_with(&renamed).unwrap()), tensors(&file("sequential")));
}

#[test]
fn numbers_of_other_types() {
    for name in ["half", "bfloat", "double"] {
        let names = || Names::new().by_position();
        Case { exact: false, ..case(name).names(names) }.agrees::<Sequential>(numbers);
    }
}
