//! A declaration as data, and as text.

use std::fmt::{self, Display, Formatter};

/// Networks of which the last uses the others, directly or through one another.
#[derive(Clone, Debug, Default)]
pub struct Declaration {
    pub networks: Vec<Network>,
}

#[derive(Clone, Debug)]
pub struct Network {
    pub name: String,
    pub generics: Vec<&'static str>,
    pub input: Declared,
    pub output: Declared,
    pub layers: Vec<Layer>,
}

/// A shape as it is declared: `Image<1, 8, 8>`.
#[derive(Clone, Debug)]
pub struct Declared {
    pub kind: &'static str,
    pub dims: Vec<Dim>,
}

#[derive(Clone, Debug, Default)]
pub struct Layer {
    pub name: Option<String>,
    pub what: String,
    pub positional: Vec<Dim>,
    pub keyed: Vec<(&'static str, Dim)>,
    pub value: Option<Value>,
    /// The stacks in braces, if there are braces.
    pub stacks: Vec<Vec<Layer>>,
    pub tied_to: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Dim {
    Number(usize),
    Generic(&'static str),
    /// An expression and what it comes to.
    Written(String, usize),
}

/// What stands in parentheses.
#[derive(Clone, Debug)]
pub enum Value {
    Number(f64),
    Init(&'static str),
}

/// What the generic dimensions of a network are.
pub type Dims = Vec<(&'static str, usize)>;

impl Dim {
    pub fn value(&self, dims: &Dims) -> usize {
        match self {
            Self::Number(value) | Self::Written(_, value) => *value,
            Self::Generic(name) => {
                dims.iter().find(|(other, _)| other == name).expect("a generic has a value").1
            }
        }
    }
}

impl Network {
    /// Whether a shape or a layer has a generic dimension.
    pub fn has(&self, generic: &str) -> bool {
        fn inside(layers: &[Layer], is: &dyn Fn(&Dim) -> bool) -> bool {
            layers.iter().any(|layer| {
                layer.positional.iter().any(is)
                    || layer.keyed.iter().any(|(_, dim)| is(dim))
                    || layer.stacks.iter().any(|stack| inside(stack, is))
            })
        }
        let is = |dim: &Dim| matches!(dim, Dim::Generic(name) if *name == generic);
        self.input.dims.iter().chain(&self.output.dims).any(is) || inside(&self.layers, &is)
    }
}

impl Layer {
    /// A layer with positional arguments.
    pub fn new(what: &str, positional: &[usize]) -> Self {
        let positional = positional.iter().copied().map(Dim::Number).collect();
        Self { what: what.into(), positional, ..Self::default() }
    }

    pub fn is(&self, what: &str) -> bool {
        self.what == what
    }

    /// A positional argument, or 0.
    pub fn argument(&self, i: usize, dims: &Dims) -> usize {
        self.positional.get(i).map_or(0, |dim| dim.value(dims))
    }

    /// A keyed argument, or what it is where it is not given.
    pub fn key(&self, key: &str, otherwise: usize, dims: &Dims) -> usize {
        let given = self.keyed.iter().find(|(other, _)| *other == key);
        given.map_or(otherwise, |(_, dim)| dim.value(dims))
    }

    /// The number in parentheses, or what it is where there is none.
    pub fn number(&self, otherwise: f64) -> f64 {
        match self.value {
            Some(Value::Number(number)) => number,
            _ => otherwise,
        }
    }
}

impl Declaration {
    pub fn main(&self) -> &Network {
        self.networks.last().expect("there is a network")
    }

    pub fn network(&self, name: &str) -> Option<&Network> {
        self.networks.iter().find(|network| network.name == name)
    }

    /// Runs `each` on every stack, the outer before the inner.
    pub fn each_stack(&mut self, each: &mut dyn FnMut(&mut Vec<Layer>)) {
        fn inside(stack: &mut Vec<Layer>, each: &mut dyn FnMut(&mut Vec<Layer>)) {
            each(stack);
            for layer in stack {
                layer.stacks.iter_mut().for_each(|stack| inside(stack, each));
            }
        }
        self.networks.iter_mut().for_each(|network| inside(&mut network.layers, each));
    }

    /// Whether a layer is one that `holds`, anywhere.
    pub fn any(&self, holds: &dyn Fn(&Layer) -> bool) -> bool {
        fn any(layers: &[Layer], holds: &dyn Fn(&Layer) -> bool) -> bool {
            layers.iter().any(|layer| holds(layer) || layer.stacks.iter().any(|s| any(s, holds)))
        }
        self.networks.iter().any(|network| any(&network.layers, holds))
    }
}

impl Display for Dim {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(value) => write!(f, "{value}"),
            Self::Generic(name) => write!(f, "{name}"),
            Self::Written(text, _) => write!(f, "{text}"),
        }
    }
}

impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(value) => write!(f, "{value:?}"),
            Self::Init(text) => write!(f, "{text}"),
        }
    }
}

impl Display for Declared {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}<{}>", self.kind, list(&self.dims))
    }
}

impl Display for Layer {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(name) = &self.name {
            write!(f, "{name}: ")?;
        }
        write!(f, "{}", self.what)?;
        let keyed = self.keyed.iter().map(|(key, dim)| format!("{key} = {dim}"));
        let arguments: Vec<String> =
            self.positional.iter().map(Dim::to_string).chain(keyed).collect();
        if !arguments.is_empty() {
            write!(f, "<{}>", arguments.join(", "))?;
        }
        if let Some(value) = &self.value {
            write!(f, "({value})")?;
        }
        match &self.stacks[..] {
            [] => {}
            [stack] => write!(f, " {{ {} }}", list(stack))?,
            [stack, around] if self.is("Residual") => {
                write!(f, " {{ {} }} around {{ {} }}", list(stack), list(around))?;
            }
            stacks => {
                let stacks: Vec<String> =
                    stacks.iter().map(|stack| format!("{{ {} }}", list(stack))).collect();
                write!(f, " {{ {} }}", stacks.join(", "))?;
            }
        }
        if let Some(to) = &self.tied_to {
            write!(f, " tied to {to}")?;
        }
        Ok(())
    }
}

impl Display for Network {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { name, generics, input, output, layers } = self;
        let generics = match &generics[..] {
            [] => String::new(),
            generics => format!("<{}>", generics.join(", ")),
        };
        writeln!(f, "network! {{\n    pub struct {name}{generics}: {input} => {output} {{")?;
        for layer in layers {
            writeln!(f, "        {layer},")?;
        }
        writeln!(f, "    }}\n}}")
    }
}

impl Display for Declaration {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.networks.iter().try_for_each(|network| write!(f, "{network}"))
    }
}

fn list(items: &[impl Display]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
