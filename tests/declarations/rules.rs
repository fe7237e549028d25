//! What a declaration is: the shapes that its layers give, and the mistakes in it, found without the
//! library.

use crate::declaration::{Declaration, Dims, Layer, Network, Value};
use crate::window::Window;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Channels, height, width.
    Numbers([usize; 3]),
    Ids {
        vocabulary: usize,
        count: usize,
    },
}

use Shape::{Ids, Numbers};

/// What a layer or a stack gives.
#[derive(Clone, Copy, Debug)]
pub struct Given {
    pub shape: Shape,
    /// Whether one step of each sequence is left.
    pub one_step: bool,
}

/// Arguments of a kind of layer: how many positional ones, which keyed ones, what in parentheses
/// and whether it must be there, and how many stacks.
struct Signature(usize, &'static [&'static str], Takes, (usize, usize));

#[derive(Clone, Copy, PartialEq)]
enum Takes {
    Nothing,
    Init,
    Number,
    RequiredNumber,
    Interpolation,
}

const FILTER: [&str; 8] =
    ["stride", "pad", "dilation", "groups", "bias", "pad_left", "pad_right", "same"];
const CONV2D: [&str; 15] = [
    "stride",
    "pad",
    "dilation",
    "groups",
    "bias",
    "kernel_width",
    "pad_width",
    "stride_width",
    "dilation_width",
    "pad_top",
    "pad_bottom",
    "pad_left",
    "pad_right",
    "same",
    "direct",
];
const TRANSPOSED: [&str; 15] = [
    "stride",
    "pad",
    "dilation",
    "groups",
    "bias",
    "output_pad",
    "kernel_width",
    "stride_width",
    "pad_width",
    "dilation_width",
    "output_pad_width",
    "pad_top",
    "pad_bottom",
    "pad_left",
    "pad_right",
];
const POOL: [&str; 11] = [
    "stride",
    "pad",
    "kernel_width",
    "stride_width",
    "pad_width",
    "pad_top",
    "pad_bottom",
    "pad_left",
    "pad_right",
    "same",
    "ceil",
];

/// Layers of token ids: the mean of their vectors, the sum, the largest.
pub const EMBEDDINGS: [&str; 3] = ["Embedding", "EmbeddingSum", "EmbeddingMax"];

/// Layers around stacks.
const WRAPPERS: [&str; 5] = ["Residual", "Bidirectional", "Concat", "Sum", "Product"];

fn signature(what: &str) -> Option<Signature> {
    use Takes::{Init, Interpolation, Nothing, Number, RequiredNumber};
    let none = (0, 0);
    Some(match what {
        "Dense" => Signature(1, &["bias"], Init, none),
        "Rnn" | "Lstm" | "Gru" => Signature(1, &[], Init, none),
        what if EMBEDDINGS.contains(&what) => Signature(1, &["padding"], Init, none),
        "Conv1d" => Signature(2, &FILTER, Init, none),
        "Conv2d" => Signature(2, &CONV2D, Init, none),
        "ConvTranspose2d" => Signature(2, &TRANSPOSED, Init, none),
        "MaxPool" | "AvgPool" => Signature(1, &POOL, Nothing, none),
        "Upsample" => Signature(1, &[], Interpolation, none),
        "ZeroPad" => Signature(1, &[], Nothing, none),
        "GlobalAvgPool" | "Flatten" | "LastStep" | "MeanSteps" | "Relu" | "Sigmoid" | "Tanh"
        | "Gelu" | "Silu" | "Softplus" | "HardSigmoid" | "Softmax" | "Relu6" | "HardTanh"
        | "LeakyHardTanh" | "HardSwish" | "Softsign" | "GeluTanh" | "Glu" | "Gated" => {
            Signature(0, &[], Nothing, none)
        }
        "LeakyRelu" | "Elu" => Signature(0, &[], Number, none),
        "BatchNorm" | "RmsNorm" => Signature(0, &["affine"], Number, none),
        "LayerNorm" => Signature(0, &["affine", "bias"], Number, none),
        "GroupNorm" => Signature(1, &["affine"], Number, none),
        "PRelu" => Signature(0, &["per_channel"], Number, none),
        "Dropout" => Signature(0, &[], RequiredNumber, none),
        // Two stacks of a residual connection are one around the other.
        "Residual" => Signature(0, &[], Nothing, (1, 2)),
        "Bidirectional" => Signature(0, &[], Nothing, (1, 1)),
        "Concat" | "Sum" | "Product" => Signature(0, &[], Nothing, (2, usize::MAX)),
        _ => return None,
    })
}

/// The rules, and the mistakes that were found.
pub struct Rules<'a> {
    declaration: &'a Declaration,
    mistakes: Vec<String>,
}

/// The mistakes in a declaration, each once.
pub fn mistakes(declaration: &Declaration) -> Vec<String> {
    let mut rules = Rules { declaration, mistakes: Vec::new() };
    for network in &declaration.networks {
        // Those that are generic are looked at where they are used.
        if network.generics.is_empty() {
            rules.network(network, &Dims::new());
        } else {
            rules.generics(network);
        }
    }
    rules.mistakes
}

/// How mistakes begin that the macro sees.
const WORDS: &str = "words: ";

/// What a stack gives after a shape, if there is no mistake in it.
pub fn stack(declaration: &Declaration, layers: &[Layer], shape: Shape) -> Option<Given> {
    let mut rules = Rules { declaration, mistakes: Vec::new() };
    let given = rules.stack(layers, &Dims::new(), Some(shape));
    given.filter(|_| rules.mistakes.is_empty())
}

/// The shape that a network declares.
pub fn declared(kind: &str, dims: &[usize]) -> Shape {
    match (kind, dims) {
        ("Image", &[c, h, w]) => Numbers([c, h, w]),
        ("Vector", &[size]) => Numbers([size, 1, 1]),
        ("Token", &[vocabulary]) => Ids { vocabulary, count: 1 },
        ("Bag", &[vocabulary, count]) => Ids { vocabulary, count },
        _ => panic!("{kind} of {dims:?}"),
    }
}

/// The shapes that a network takes and gives.
pub fn ends(network: &Network, dims: &Dims) -> [Shape; 2] {
    [&network.input, &network.output].map(|shape| {
        let values: Vec<usize> = shape.dims.iter().map(|dim| dim.value(dims)).collect();
        declared(shape.kind, &values)
    })
}

/// What the generics of a network are where it is used.
pub fn applied(network: &Network, layer: &Layer, dims: &Dims) -> Dims {
    let values = layer.positional.iter().map(|dim| dim.value(dims));
    network.generics.iter().copied().zip(values).collect()
}

impl Rules<'_> {
    fn mistake(&mut self, what: impl Into<String>) {
        self.mistakes.push(what.into());
    }

    /// That a generic network has all its dimensions somewhere.
    fn generics(&mut self, network: &Network) {
        for name in &network.generics {
            if !network.has(name) {
                self.mistake(format!("{WORDS}nothing is {name}"));
            }
        }
    }

    /// What a network gives, whatever is wrong in it, and the steps that it leaves.
    fn network(&mut self, network: &Network, dims: &Dims) -> Given {
        let [input, output] = ends(network, dims);
        if network.layers.is_empty() {
            self.mistake(format!("{WORDS}no layers"));
        }
        let input = Some(input).filter(|&shape| self.exists(shape));
        let given = self.stack(&network.layers, dims, input);
        if self.exists(output) && given.is_some_and(|given| given.shape != output) {
            self.mistake(format!("output differs: {given:?}"));
        }
        Given { shape: output, one_step: given.is_some_and(|given| given.one_step) }
    }

    /// A dimension of zero that is declared is a mistake.
    fn exists(&mut self, shape: Shape) -> bool {
        let dims = match shape {
            Numbers(dims) => dims,
            Ids { vocabulary, count } => [vocabulary, count, 1],
        };
        if dims.contains(&0) {
            self.mistake(format!("{WORDS}a dimension is zero: {shape:?}"));
        }
        !dims.contains(&0)
    }

    /// What a stack gives. After a mistake that is unknown, until a layer gives the same whatever it
    /// is given.
    fn stack(&mut self, layers: &[Layer], dims: &Dims, input: Option<Shape>) -> Option<Given> {
        let (mut shape, mut one_step) = (input, false);
        let mut inputs = Vec::new();
        for (i, layer) in layers.iter().enumerate() {
            inputs.push(shape);
            if layer.name.is_some() && layers[..i].iter().any(|other| other.name == layer.name) {
                self.mistake(format!("{WORDS}two layers {:?}", layer.name));
            }
            if let Some(to) = &layer.tied_to {
                self.tie(layer, shape, to, (layers, &inputs), dims);
            }
            let given = match self.arguments(layer) {
                Ok(()) => self.layer(layer, dims, shape),
                Err(mistake) => {
                    // Of what is inside of braces only words are looked at.
                    let inside = self.mistakes.len();
                    for stack in &layer.stacks {
                        self.stack(stack, dims, None);
                    }
                    let words = self.mistakes.split_off(inside);
                    self.mistakes.extend(words.into_iter().filter(|text| text.starts_with(WORDS)));
                    // So is the shape, where no argument is missing.
                    if let Err(other) = self.shape_of(layer, dims, shape) {
                        self.mistake(other);
                    }
                    Err(mistake)
                }
            };
            match given {
                Ok(given) => {
                    shape = given.map(|given| given.shape);
                    one_step |= given.is_some_and(|given| given.one_step);
                }
                Err(mistake) => {
                    self.mistake(match mistake.starts_with(WORDS) {
                        true => mistake,
                        false => format!("{layer}: {mistake}"),
                    });
                    shape = None;
                }
            }
        }
        shape.map(|shape| Given { shape, one_step })
    }

    fn tie(
        &mut self,
        layer: &Layer,
        shape: Option<Shape>,
        to: &str,
        (layers, inputs): (&[Layer], &[Option<Shape>]),
        dims: &Dims,
    ) {
        let before = &layers[..inputs.len() - 1];
        let Some(at) = before.iter().position(|other| other.name.as_deref() == Some(to)) else {
            return self.mistake(format!("{WORDS}no layer {to}"));
        };
        let owner = &before[at];
        if !layer.is("Dense") {
            return self.mistake(format!("{layer} cannot be tied"));
        }
        let has = match inputs[at] {
            Some(Numbers(from)) if owner.is("Dense") && owner.tied_to.is_none() => {
                Some([owner.argument(0, dims), from.iter().product()])
            }
            Some(Ids { vocabulary, .. }) if EMBEDDINGS.contains(&&owner.what[..]) => {
                Some([vocabulary, owner.argument(0, dims)])
            }
            None => return,
            _ => None,
        };
        if let Some(Numbers(from)) = shape
            && has != Some([layer.argument(0, dims), from.iter().product()])
        {
            self.mistake(format!("{layer} after {shape:?}: another weight than {has:?}"));
        }
    }

    fn arguments(&mut self, layer: &Layer) -> Result<(), String> {
        let network = self.declaration.network(&layer.what);
        let signature = match network {
            Some(network) => Signature(network.generics.len(), &[], Takes::Nothing, (0, 0)),
            None => signature(&layer.what).ok_or("no such layer")?,
        };
        let Signature(positional, keys, takes, (fewest, most)) = signature;
        let found = layer.positional.len();
        let mut wrong = Vec::new();
        if found != positional {
            wrong.push(format!("{found} arguments, not {positional}"));
        }
        for (i, (key, _)) in layer.keyed.iter().enumerate() {
            if !keys.contains(key) || layer.keyed[..i].iter().any(|(other, _)| other == key) {
                wrong.push(format!("key {key}"));
            }
        }
        let sound = match (&layer.value, takes) {
            (None, takes) => takes != Takes::RequiredNumber,
            (Some(Value::Init(_)), takes) => takes == Takes::Init && layer.tied_to.is_none(),
            (Some(Value::Number(value)), Takes::Number | Takes::RequiredNumber) => {
                match &layer.what[..] {
                    "Dropout" => (0.0..1.0).contains(value),
                    what if what.ends_with("Norm") => *value > 0.0,
                    "PRelu" => true,
                    _ => *value >= 0.0,
                }
            }
            (Some(Value::Number(_)), _) => false,
        };
        if !sound {
            wrong.push(format!("value {:?}", layer.value));
        }
        let stacks = layer.stacks.len();
        if stacks < fewest || stacks > most {
            wrong.push(format!("{stacks} stacks"));
        }
        if layer.stacks.iter().any(Vec::is_empty) {
            wrong.push(format!("{WORDS}a stack without layers"));
        }
        let last = wrong.pop();
        self.mistakes.extend(wrong);
        last.map_or(Ok(()), Err)
    }

    /// What a layer whose arguments are wrong in some other way would give.
    fn shape_of(&mut self, layer: &Layer, dims: &Dims, shape: Option<Shape>) -> Result<(), String> {
        let positional = signature(&layer.what).map(|Signature(positional, ..)| positional);
        if positional.is_none_or(|positional| layer.positional.len() < positional) {
            return Ok(());
        }
        let bare = Layer { stacks: Vec::new(), ..layer.clone() };
        if WRAPPERS.contains(&&layer.what[..]) {
            Ok(())
        } else {
            self.layer(&bare, dims, shape).map(|_| ())
        }
    }

    /// What a layer gives, `None` if that is unknown.
    fn layer(
        &mut self,
        layer: &Layer,
        dims: &Dims,
        shape: Option<Shape>,
    ) -> Result<Option<Given>, String> {
        let a = |i| layer.argument(i, dims);
        let kept = |dims| Ok(Some(Given { shape: Numbers(dims), one_step: false }));
        let what = &layer.what[..];
        let embeds = EMBEDDINGS.contains(&what);
        if (embeds || matches!(what, "Dense" | "Rnn" | "Lstm" | "Gru")) && a(0) == 0 {
            return Err("no outputs".into());
        }
        let switches = ["bias", "affine", "per_channel", "direct"];
        if switches.iter().any(|key| layer.key(key, 1, dims) > 1) {
            return Err("neither 1 nor 0".into());
        }
        if let Some(network) = self.declaration.network(what) {
            let dims = applied(network, layer, dims);
            // A concrete network is looked at by itself.
            let before = self.mistakes.len();
            let given = self.network(network, &dims);
            let found = self.mistakes.len() - before;
            self.mistakes.truncate(before);
            let [input, _] = ends(network, &dims);
            if shape.is_some_and(|shape| shape != input) {
                return Err(format!("takes {input:?}, not {shape:?}"));
            }
            if found > 0 && !network.generics.is_empty() {
                // What is wrong with a layer's own arguments is said of each.
                (1..found).for_each(|_| self.mistake(format!("another mistake in {what}")));
                return Err("a mistake inside".into());
            }
            return Ok(Some(given).filter(|_| shape.is_some()));
        }
        // What is inside is looked at even where the shape is unknown.
        let before = self.mistakes.len();
        let inner: Vec<Option<Given>> =
            layer.stacks.iter().map(|stack| self.stack(stack, dims, shape)).collect();
        let is_sound = self.mistakes.len() == before;
        let [c, h, w] = match shape {
            None if embeds || matches!(what, "Dense" | "Rnn" | "Lstm" | "Gru") => {
                return kept([a(0), 1, 1]);
            }
            None => return Ok(None),
            Some(Ids { vocabulary, .. }) => {
                return match what {
                    _ if embeds && layer.key("padding", 0, dims) >= vocabulary => {
                        Err("no such id".into())
                    }
                    _ if embeds => kept([a(0), 1, 1]),
                    _ if WRAPPERS.contains(&what) && !is_sound => Ok(None),
                    "Concat" => concat(&inner),
                    _ if inner.len() > 1 => together(&inner),
                    _ => Err("it takes numbers".into()),
                };
            }
            Some(Numbers(dims)) => dims,
        };
        let image = if c == 1 || h * w > 1 { Ok(()) } else { Err("takes an image") };
        match what {
            _ if embeds => Err("it takes ids".into()),
            "Dense" | "Rnn" | "Lstm" | "Gru" => kept([a(0), 1, 1]),
            "Conv1d" | "Conv2d" | "ConvTranspose2d" => kept(filters(layer, dims, [c, h, w])?),
            "MaxPool" | "AvgPool" => {
                image?;
                let window = Window::of(layer, dims, [h, w])?;
                if what == "MaxPool" && window.kernel[0] * window.kernel[1] > 255 {
                    return Err("window too large".into());
                }
                let [rows, columns] = window.positions()?;
                kept([c, rows, columns])
            }
            "Upsample" if a(0) == 0 => Err("nothing left".into()),
            "GlobalAvgPool" => image.map_err(Into::into).and_then(|()| kept([c, 1, 1])),
            "Upsample" => image.map_err(Into::into).and_then(|()| kept([c, h * a(0), w * a(0)])),
            "ZeroPad" => {
                image.map_err(Into::into).and_then(|()| kept([c, h + 2 * a(0), w + 2 * a(0)]))
            }
            "Flatten" => kept([c * h * w, 1, 1]),
            "Glu" | "Gated" if !c.is_multiple_of(2) => Err("no halves".into()),
            "Glu" | "Gated" => kept([c / 2, h, w]),
            "GroupNorm" if !c.is_multiple_of(a(0)) => Err("uneven groups".into()),
            "LastStep" | "MeanSteps" => {
                Ok(Some(Given { shape: Numbers([c, h, w]), one_step: true }))
            }
            "Concat" => {
                if is_sound {
                    concat(&inner)
                } else {
                    Ok(None)
                }
            }
            _ if inner.len() > 1 => {
                if is_sound {
                    together(&inner)
                } else {
                    Ok(None)
                }
            }
            "Residual" | "Bidirectional" => {
                let Some(inner) = inner[0] else {
                    // A residual connection gives what it takes, whatever is wrong inside.
                    return if what == "Residual" { kept([c, h, w]) } else { Ok(None) };
                };
                let Numbers(out) = inner.shape else { return Err("ids".into()) };
                if inner.one_step {
                    return Err("one step is left".into());
                }
                match what {
                    "Bidirectional" => kept([2 * out.iter().product::<usize>(), 1, 1]),
                    _ if out == [c, h, w] => kept(out),
                    _ => Err(format!("{out:?} is added")),
                }
            }
            _ => kept([c, h, w]),
        }
    }
}

fn concat(inner: &[Option<Given>]) -> Result<Option<Given>, String> {
    let mut all: Option<([usize; 3], bool)> = None;
    for given in inner {
        let Some(given) = given else { return Ok(None) };
        let Numbers([c, h, w]) = given.shape else { return Err("ids".into()) };
        all = Some(match all {
            None => ([c, h, w], given.one_step),
            Some((sum, one_step)) if sum[1..] == [h, w] && one_step == given.one_step => {
                ([sum[0] + c, h, w], one_step)
            }
            Some(_) => return Err("branches disagree".into()),
        });
    }
    Ok(all.map(|(dims, one_step)| Given { shape: Numbers(dims), one_step }))
}

/// What stacks give whose outputs are added or multiplied: the shape of the first; others have the same,
/// or a number for each of its channels.
fn together(inner: &[Option<Given>]) -> Result<Option<Given>, String> {
    let known: Option<Vec<Given>> = inner.iter().copied().collect();
    let Some(known) = known else { return Ok(None) };
    let first = known[0];
    let Numbers([channels, ..]) = first.shape else { return Err("ids".into()) };
    let alike = |given: &Given| {
        let shapes = [first.shape, Numbers([channels, 1, 1])];
        shapes.contains(&given.shape) && given.one_step == first.one_step
    };
    if known.iter().all(alike) { Ok(Some(first)) } else { Err("branches disagree".into()) }
}

/// What a convolution gives.
fn filters(layer: &Layer, dims: &Dims, [c, h, w]: [usize; 3]) -> Result<[usize; 3], String> {
    let out = layer.argument(0, dims);
    let key = |name, otherwise| layer.key(name, otherwise, dims);
    let groups = key("groups", 1);
    if out == 0 {
        return Err("no filters".into());
    }
    if groups == 0 || !c.is_multiple_of(groups) || !out.is_multiple_of(groups) {
        return Err("groups".into());
    }
    let window = Window::of(layer, dims, [h, w])?;
    let is_vector = c > 1 && h * w == 1;
    let [rows, columns] = match &layer.what[..] {
        "Conv1d" if h != 1 || is_vector => return Err("takes a sequence".into()),
        "Conv2d" if is_vector && window.kernel != [1, 1] => return Err("takes an image".into()),
        "Conv1d" | "Conv2d" => window.positions()?,
        _ => {
            let extra = key("output_pad", 0);
            window.extent([extra, key("output_pad_width", extra)])?
        }
    };
    Ok([out, rows, columns])
}
