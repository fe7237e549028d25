//! Declarations at random.

use crate::declaration::{Declaration, Declared, Dim, Dims, Layer, Network, Value};
use crate::noise::mix;
use crate::rules::{self, Given, Shape};

/// Draws, from a seed.
pub struct Draws(u64);

impl Draws {
    pub fn new(seed: u64) -> Self {
        Self(mix(seed))
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = mix(self.0);
        (self.0 >> 16) as usize % n
    }

    /// Whether it happens, `n` times out of ten.
    pub fn tenths(&mut self, n: usize) -> bool {
        self.below(10) < n
    }

    pub fn one_of<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

/// More features than this make the reference slow.
const MOST: usize = 72;
/// How deep stacks are inside each other.
const DEPTH: usize = 3;

/// A declaration without mistakes.
pub fn valid(draws: &mut Draws) -> Declaration {
    loop {
        let mut generator = Generator { draws, declaration: Declaration::default() };
        let shape = generator.input();
        if generator.network(shape, 0).is_some() {
            generator.write();
            return generator.declaration;
        }
    }
}

struct Generator<'a> {
    draws: &'a mut Draws,
    declaration: Declaration,
}

impl Generator<'_> {
    fn input(&mut self) -> Shape {
        let size = |draws: &mut Draws, most| 1 + draws.below(most);
        match self.draws.below(8) {
            0 => Shape::Ids { vocabulary: size(self.draws, 7), count: 1 },
            1 => Shape::Ids { vocabulary: size(self.draws, 7), count: size(self.draws, 3) },
            2 | 3 => Shape::Numbers([size(self.draws, 7), 1, 1]),
            4 => Shape::Numbers([size(self.draws, 4), 1, size(self.draws, 8)]),
            _ => Shape::Numbers([size(self.draws, 4), size(self.draws, 5), size(self.draws, 5)]),
        }
    }

    /// Adds a network that takes a shape, and gives the layer that it is in another.
    fn network(&mut self, shape: Shape, depth: usize) -> Option<Layer> {
        let (layers, given) = self.stack(shape, depth, if depth == 0 { 7 } else { 4 });
        if layers.is_empty() {
            return None;
        }
        let word = self.draws.one_of(&["Head", "Block", "Part"]);
        let name = if depth == 0 {
            "Net".into()
        } else {
            format!("{word}{}", self.declaration.networks.len())
        };
        let mut network = Network {
            name: name.clone(),
            generics: Vec::new(),
            input: self.declared(shape),
            output: self.declared(given.shape),
            layers,
        };
        let is_generic = depth > 0 && self.draws.tenths(6);
        let values = if is_generic { self.make_generic(&mut network) } else { Vec::new() };
        self.declaration.networks.push(network);
        Some(Layer::new(&name, &values))
    }

    /// Puts names in the place of numbers, and gives the numbers.
    fn make_generic(&mut self, network: &mut Network) -> Vec<usize> {
        let mut values = Vec::new();
        for name in ["C", "Hidden", "Out"].into_iter().take(1 + self.draws.below(3)) {
            let mut numbers = Vec::new();
            each_dim(network, &mut |dim| {
                if let Dim::Number(number) = dim {
                    numbers.push(*number);
                }
            });
            if numbers.is_empty() {
                break;
            }
            let chosen = self.draws.below(numbers.len());
            let (value, mut at) = (numbers[chosen], 0);
            let replace = |dim: &mut Dim, always: bool, draws: &mut Draws| {
                if *dim == Dim::Number(value) && (always || draws.tenths(7)) {
                    *dim = Dim::Generic(name);
                }
            };
            each_dim(network, &mut |dim| {
                let is_number = matches!(dim, Dim::Number(_));
                replace(dim, is_number && at == chosen, self.draws);
                at += usize::from(is_number);
            });
            for dim in &mut network.output.dims {
                replace(dim, false, self.draws);
            }
            network.generics.push(name);
            values.push(value);
        }
        values
    }

    /// A network once more, with other dimensions where it is generic in them.
    fn again(&mut self, shape: Shape) -> Option<Layer> {
        let networks = &self.declaration.networks;
        let network = networks.get(self.draws.below(networks.len().max(1)))?;
        let input = match shape {
            Shape::Numbers(dims) => dims.to_vec(),
            Shape::Ids { vocabulary, count } => vec![vocabulary, count],
        };
        let mut values: Dims =
            network.generics.iter().map(|name| (*name, 1 + self.draws.below(6))).collect();
        for (dim, number) in network.input.dims.iter().zip(input) {
            if let Dim::Generic(name) = dim {
                values.iter_mut().filter(|(other, _)| other == name).for_each(|v| v.1 = number);
            }
        }
        let values: Vec<usize> = values.into_iter().map(|(_, value)| value).collect();
        Some(Layer::new(&network.name, &values))
    }

    fn declared(&mut self, shape: Shape) -> Declared {
        let (kind, dims) = match shape {
            Shape::Numbers([size, 1, 1]) if self.draws.tenths(8) => ("Vector", vec![size]),
            Shape::Numbers(dims) => ("Image", dims.to_vec()),
            Shape::Ids { vocabulary, count: 1 } if self.draws.tenths(8) => {
                ("Token", vec![vocabulary])
            }
            Shape::Ids { vocabulary, count } => ("Bag", vec![vocabulary, count]),
        };
        Declared { kind, dims: dims.into_iter().map(Dim::Number).collect() }
    }

    /// Layers that may follow a shape, one after the other.
    fn stack(&mut self, shape: Shape, depth: usize, most: usize) -> (Vec<Layer>, Given) {
        let wanted = 1 + self.draws.below(most);
        let mut layers: Vec<Layer> = Vec::new();
        let mut given = Given { shape, one_step: false };
        let mut shapes = vec![shape];
        for _ in 0..8 * wanted {
            if layers.len() == wanted {
                break;
            }
            let networks = self.declaration.networks.len();
            if let Some(layer) = self.layer(given.shape, depth, &layers, &shapes) {
                layers.push(layer);
                match rules::stack(&self.declaration, &layers, shape) {
                    Some(next) if size(next.shape) <= MOST => {
                        given = next;
                        shapes.push(next.shape);
                        continue;
                    }
                    _ => layers.pop(),
                };
            }
            self.declaration.networks.truncate(networks);
        }
        (layers, given)
    }

    /// A layer that may or may not fit.
    fn layer(
        &mut self,
        shape: Shape,
        depth: usize,
        before: &[Layer],
        shapes: &[Shape],
    ) -> Option<Layer> {
        let Shape::Numbers(dims) = shape else {
            return match self.draws.below(4) {
                0 if depth < DEPTH => self.wrapper(shape, depth, before),
                _ => {
                    let size = 1 + self.draws.below(6);
                    let what = self.draws.one_of(&rules::EMBEDDINGS);
                    Some(self.dressed(Layer::new(what, &[size]), before))
                }
            };
        };
        let is_image = dims[1] * dims[2] > 1;
        let small = 1 + self.draws.below(6);
        let kernel = 1 + self.draws.below(3);
        let layer = match self.draws.below(22) {
            0..6 if depth < DEPTH => return self.wrapper(shape, depth, before),
            6..8 => {
                let what = [
                    "Relu",
                    "Sigmoid",
                    "Tanh",
                    "Gelu",
                    "Silu",
                    "Softplus",
                    "HardSigmoid",
                    "Softmax",
                    "LeakyRelu",
                    "Elu",
                    "Dropout",
                    "Relu6",
                    "HardTanh",
                    "LeakyHardTanh",
                    "HardSwish",
                    "Softsign",
                    "GeluTanh",
                    "PRelu",
                ];
                Layer::new(self.draws.one_of(&what), &[])
            }
            8 => Layer::new(
                self.draws.one_of(&["BatchNorm", "LayerNorm", "RmsNorm", "Flatten"]),
                &[],
            ),
            9 => Layer::new("GroupNorm", &[small]),
            10 => Layer::new(self.draws.one_of(&["LastStep", "MeanSteps"]), &[]),
            11..14 if is_image => {
                let what = self.draws.one_of(&["Conv2d", "Conv2d", "ConvTranspose2d", "Conv1d"]);
                Layer::new(what, &[small, kernel])
            }
            14..17 if is_image || dims[0] == 1 => {
                match self.draws.one_of(&[
                    "MaxPool",
                    "AvgPool",
                    "Upsample",
                    "ZeroPad",
                    "GlobalAvgPool",
                ]) {
                    "GlobalAvgPool" => Layer::new("GlobalAvgPool", &[]),
                    what => Layer::new(what, &[kernel]),
                }
            }
            11 => Layer::new(self.draws.one_of(&["Conv2d", "ConvTranspose2d"]), &[small, kernel]),
            12..17 if self.draws.tenths(6) => {
                Layer::new(self.draws.one_of(&["Rnn", "Lstm", "Gru"]), &[small])
            }
            17 if dims[0].is_multiple_of(2) => {
                Layer::new(self.draws.one_of(&["Glu", "Gated"]), &[])
            }
            20 | 21 => return self.tied(shape, before, shapes),
            _ => Layer::new("Dense", &[small]),
        };
        Some(self.dressed(layer, before))
    }

    /// A layer with the weight of one before.
    fn tied(&mut self, shape: Shape, before: &[Layer], shapes: &[Shape]) -> Option<Layer> {
        let owner = self.draws.below(before.len().max(1));
        let (owner, from) = (before.get(owner)?, shapes[owner]);
        let to = owner.name.clone()?;
        let out = match from {
            Shape::Ids { vocabulary, .. } => vocabulary,
            Shape::Numbers(_) => owner.positional.first()?.value(&Dims::new()),
        };
        (size(shape) > 0).then(|| Layer { tied_to: Some(to), ..Layer::new("Dense", &[out]) })
    }

    /// A layer around others, or a network.
    fn wrapper(&mut self, shape: Shape, depth: usize, before: &[Layer]) -> Option<Layer> {
        let what =
            ["Residual", "Residual", "Concat", "Sum", "Product", "Bidirectional", "", "", ""];
        let what = self.draws.one_of(&what);
        let layer = if what.is_empty() {
            let again = if self.draws.tenths(4) { self.again(shape) } else { None };
            again.or_else(|| self.network(shape, depth + 1))?
        } else {
            let count = match what {
                "Concat" | "Sum" | "Product" => 2 + self.draws.below(2),
                "Residual" => 1 + usize::from(self.draws.tenths(4)),
                _ => 1,
            };
            let mut stacks = Vec::new();
            // What a stack must give, if that is known.
            let mut wanted = (what == "Residual" && count == 1).then_some(shape);
            for _ in 0..count {
                let most = if count > 1 { 2 } else { 3 };
                let (mut layers, given) = self.stack(shape, depth + 1, most);
                if let Some(wanted) = wanted
                    && given.shape != wanted
                {
                    layers.push(self.back_to(wanted)?);
                }
                if !matches!(what, "Concat" | "Bidirectional") {
                    wanted = wanted.or(Some(given.shape));
                }
                stacks.push(layers);
            }
            Layer { stacks, ..Layer::new(what, &[]) }
        };
        Some(self.dressed(layer, before))
    }

    /// A layer that may lead to a shape, or to a number for each of its channels.
    fn back_to(&mut self, shape: Shape) -> Option<Layer> {
        match shape {
            Shape::Numbers([channels, ..]) if self.draws.tenths(3) => {
                Some(Layer::new("Dense", &[channels]))
            }
            Shape::Numbers([size, 1, 1]) => Some(Layer::new("Dense", &[size])),
            Shape::Numbers([channels, ..]) => Some(Layer::new("Conv2d", &[channels, 1])),
            Shape::Ids { .. } => None,
        }
    }

    /// The layer with a name, with keyed arguments, with a value, or without.
    fn dressed(&mut self, mut layer: Layer, before: &[Layer]) -> Layer {
        let name = self.draws.one_of(&NAMES);
        let is_taken = before.iter().any(|layer| layer.name.as_deref() == Some(name));
        if !is_taken && self.draws.tenths(7) {
            layer.name = Some(name.into());
        }
        let key = |draws: &mut Draws, keys: &[(&'static str, usize)], layer: &mut Layer| {
            for &(key, most) in keys {
                if draws.tenths(3) {
                    layer.keyed.push((key, Dim::Number(draws.below(most + 1))));
                }
            }
        };
        let window = [("stride", 3), ("pad", 2)];
        let filter = [("dilation", 2), ("groups", 3), ("bias", 1)];
        match &layer.what[..] {
            "MaxPool" | "AvgPool" => {
                key(self.draws, &window, &mut layer);
                self.uneven(&[("ceil", 1), ("same", 1)], &mut layer);
            }
            "Conv1d" | "Conv2d" | "ConvTranspose2d" => {
                key(self.draws, &window, &mut layer);
                key(self.draws, &filter, &mut layer);
                if layer.is("Conv2d") {
                    self.uneven(&[("dilation_width", 2), ("same", 1), ("direct", 1)], &mut layer);
                } else if layer.is("ConvTranspose2d") {
                    key(self.draws, &[("output_pad", 1)], &mut layer);
                    self.uneven(&[("dilation_width", 2), ("output_pad_width", 1)], &mut layer);
                } else {
                    key(self.draws, &[("pad_left", 2), ("same", 1)], &mut layer);
                }
            }
            "Dropout" => {
                layer.value = Some(Value::Number(self.draws.one_of(&[0.0, 0.25, 0.5])));
            }
            "Dense" => key(self.draws, &[("bias", 1)], &mut layer),
            // The row of a padding id in an `Embedding` counts, but has no gradient.
            "EmbeddingSum" | "EmbeddingMax" => key(self.draws, &[("padding", 3)], &mut layer),
            "LayerNorm" => key(self.draws, &[("affine", 1), ("bias", 1)], &mut layer),
            "BatchNorm" | "RmsNorm" | "GroupNorm" => key(self.draws, &[("affine", 1)], &mut layer),
            "PRelu" => key(self.draws, &[("per_channel", 1)], &mut layer),
            _ => {}
        }
        match &layer.what[..] {
            "LeakyRelu" | "Elu" | "BatchNorm" | "LayerNorm" | "RmsNorm" | "GroupNorm" | "PRelu"
                if self.draws.tenths(5) =>
            {
                layer.value = Some(Value::Number(self.draws.one_of(&[0.001, 0.3, 1.5, 2.0])));
            }
            "Dense" | "Embedding" | "EmbeddingSum" | "EmbeddingMax" | "Rnn" | "Lstm" | "Gru"
                if self.draws.tenths(2) =>
            {
                let inits = ["Init::Zeros", "Init::Normal(0.1)", "Init::Orthogonal", "Init::He"];
                layer.value = Some(Value::Init(self.draws.one_of(&inits)));
            }
            _ => {}
        }
        layer
    }

    /// Perhaps makes a window differ down and across, and from side to side, with more keys.
    fn uneven(&mut self, more: &[(&'static str, usize)], layer: &mut Layer) {
        let keys = [
            ("kernel_width", 3),
            ("stride_width", 3),
            ("pad_width", 2),
            ("pad_top", 2),
            ("pad_bottom", 1),
            ("pad_left", 1),
            ("pad_right", 2),
        ];
        for &(key, most) in keys.iter().chain(more) {
            if self.draws.tenths(1) {
                layer.keyed.push((key, Dim::Number(self.draws.below(most + 1))));
            }
        }
    }

    /// Writes some numbers in another way.
    fn write(&mut self) {
        for network in &mut self.declaration.networks {
            each_dim(network, &mut |dim| {
                if let Dim::Number(value) = *dim
                    && self.draws.tenths(1)
                {
                    *dim = Dim::Written(
                        match value {
                            1..4 if self.draws.tenths(5) => {
                                ["ONE", "TWO", "THREE"][value - 1].into()
                            }
                            0 => "{ ONE - 1 }".into(),
                            _ => format!("{{ {} + ONE }}", value - 1),
                        },
                        value,
                    );
                }
            });
        }
    }
}

const NAMES: [&str; 12] =
    ["a", "b", "c", "fc", "conv", "x", "y", "state", "relu1", "dense1", "r#type", "first"];

/// The dimensions that a network takes, and the arguments of its layers.
fn each_dim(network: &mut Network, each: &mut dyn FnMut(&mut Dim)) {
    fn inside(layers: &mut [Layer], each: &mut dyn FnMut(&mut Dim)) {
        for layer in layers {
            layer.positional.iter_mut().for_each(&mut *each);
            layer.keyed.iter_mut().for_each(|(_, dim)| each(dim));
            layer.stacks.iter_mut().for_each(|stack| inside(stack, each));
        }
    }
    network.input.dims.iter_mut().for_each(&mut *each);
    inside(&mut network.layers, each);
}

fn size(shape: Shape) -> usize {
    match shape {
        Shape::Numbers(dims) => dims.iter().product(),
        Shape::Ids { .. } => 1,
    }
}
