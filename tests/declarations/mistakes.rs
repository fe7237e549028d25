//! Declarations with one mistake.

use crate::declaration::{Declaration, Dim, Layer, Value};
use crate::generate::{self, Draws};
use crate::rules;

/// A declaration with one mistake, and what was done to it.
pub fn invalid(draws: &mut Draws) -> (Declaration, &'static str) {
    loop {
        let valid = generate::valid(draws);
        let (what, put_in) = draws.one_of(&MISTAKES);
        for _ in 0..8 {
            let mut declaration = valid.clone();
            put_in(draws, &mut declaration);
            if rules::mistakes(&declaration).len() == 1 {
                return (declaration, what);
            }
        }
    }
}

type PutIn = fn(&mut Draws, &mut Declaration);

/// Kinds of mistakes. What is put in may be none, or several: that the rules tell.
const MISTAKES: [(&str, PutIn); 19] = [
    ("another number", |draws, d| {
        let number = draws.below(9);
        change_dim(draws, d, number);
    }),
    ("zero", |draws, d| change_dim(draws, d, 0)),
    ("a large number", |draws, d| change_dim(draws, d, 40)),
    ("another input", |draws, d| {
        let network = draws.below(d.networks.len());
        let dims = &mut d.networks[network].input.dims;
        let (at, number) = (draws.below(dims.len()), draws.below(9));
        dims[at] = Dim::Number(number);
    }),
    ("another output", |draws, d| {
        let network = draws.below(d.networks.len());
        let dims = &mut d.networks[network].output.dims;
        let (at, number) = (draws.below(dims.len()), draws.below(9));
        dims[at] = Dim::Number(number);
    }),
    ("an argument too few", |draws, d| {
        at_layer(draws, d, &mut |_, stack, at| drop(stack[at].positional.pop()));
    }),
    ("an argument too many", |draws, d| {
        at_layer(draws, d, &mut |_, stack, at| stack[at].positional.push(Dim::Number(2)));
    }),
    ("an unknown key", |draws, d| {
        at_layer(draws, d, &mut |draws, stack, at| {
            let key = draws.one_of(&["size", "padding", "stride", "pad", "output_pad"]);
            stack[at].keyed.push((key, Dim::Number(1)));
        });
    }),
    ("braces", |draws, d| {
        at_layer(draws, d, &mut |_, stack, at| {
            // A third stack of a residual connection is none that could be written.
            if !stack[at].is("Residual") {
                stack[at].stacks.push(vec![Layer::new("Relu", &[])]);
            }
        });
    }),
    ("braces too few", |draws, d| {
        at_layer(draws, d, &mut |draws, stack, at| {
            let keep = draws.below(2);
            stack[at].stacks.truncate(keep);
        });
    }),
    ("one step inside", |draws, d| {
        at_layer(draws, d, &mut |draws, stack, at| {
            let what = draws.one_of(&["LastStep", "MeanSteps"]);
            stack.insert(at, Layer::new(what, &[]));
        });
    }),
    ("ids or numbers", |draws, d| {
        at_layer(draws, d, &mut |draws, stack, at| {
            stack[at] = Layer::new(draws.one_of(&["Embedding", "EmbeddingMax", "Dense"]), &[3]);
        });
    }),
    ("a value", |draws, d| {
        at_layer(draws, d, &mut |draws, stack, at| {
            let values = [None, Some(Value::Number(1.5)), Some(Value::Number(-0.5))];
            stack[at].value = values[draws.below(3)].clone();
        });
    }),
    ("an initialisation", |draws, d| {
        at_layer(draws, d, &mut |_, stack, at| {
            stack[at].value = Some(Value::Init("Init::He"));
        });
    }),
    ("a tie", |draws, d| {
        at_layer(draws, d, &mut |draws, stack, at| {
            let to = stack[draws.below(at + 1)].name.clone();
            stack[at].tied_to = Some(to.unwrap_or_else(|| "nothing".into()));
        });
    }),
    ("another layer", |draws, d| {
        at_layer(draws, d, &mut |draws, stack, at| {
            let what = [
                "MaxPool",
                "Conv2d",
                "Conv1d",
                "GroupNorm",
                "GlobalAvgPool",
                "Residual",
                "Concat",
                "Sum",
            ];
            stack[at].what = draws.one_of(&what).into();
        });
    }),
    ("no layer", |draws, d| {
        at_layer(draws, d, &mut |draws, stack, at| {
            let what = [
                "Linear",
                "ReLU",
                "Conv2D",
                "SoftmaxCrossEntropy",
                "Init",
                "Vector",
                "String",
                "MaxPool2d",
                "Dens",
            ];
            stack[at].what = draws.one_of(&what).into();
        });
    }),
    ("a name twice", |draws, d| {
        at_layer(draws, d, &mut |draws, stack, at| {
            stack[at].name = stack[draws.below(stack.len())].name.clone();
        });
    }),
    ("a layer too few", |draws, d| {
        at_layer(draws, d, &mut |_, stack, at| drop(stack.remove(at)));
    }),
];

/// Does something at a layer, in its stack.
fn at_layer(
    draws: &mut Draws,
    declaration: &mut Declaration,
    change: &mut dyn FnMut(&mut Draws, &mut Vec<Layer>, usize),
) {
    let mut layers = 0;
    declaration.each_stack(&mut |stack| layers += stack.len());
    let mut left = Some(draws.below(layers));
    // Inner stacks come after the change, so that they may go with it.
    declaration.each_stack(&mut |stack| {
        if let Some(at) = left {
            left = at.checked_sub(stack.len());
            if left.is_none() {
                change(draws, stack, at);
            }
        }
    });
}

/// Changes an argument of a layer.
fn change_dim(draws: &mut Draws, declaration: &mut Declaration, number: usize) {
    at_layer(draws, declaration, &mut |draws, stack, at| {
        let layer = &mut stack[at];
        let keyed = layer.keyed.iter_mut().map(|(_, dim)| dim);
        let mut dims: Vec<&mut Dim> = layer.positional.iter_mut().chain(keyed).collect();
        if !dims.is_empty() {
            let at = draws.below(dims.len());
            *dims[at] = Dim::Number(number);
        }
    });
}
