//! From syntax to a network: every layer has a name of its own and a shape argument its meaning.

use crate::parse::{self, Applied, Declaration, combine};
use proc_macro2::{Span, TokenStream, TokenTree};
use std::collections::HashMap;
use syn::ext::IdentExt;
use syn::{Attribute, Error, Ident, Path, Result, Visibility, spanned::Spanned};

/// A network, ready to be written out.
pub struct Network {
    /// The path of the library.
    pub krate: Path,
    pub attrs: Vec<Attribute>,
    pub vis: Visibility,
    pub name: Ident,
    pub generics: Vec<Ident>,
    /// Whether a dimension is in the output alone, so that no layer's type has it.
    pub only_output: bool,
    pub input: Shape,
    pub output: Shape,
    pub stack: Vec<Layer>,
}

/// A shape that the user declares.
pub struct Shape {
    /// `Image`, `Vector`, `Token` or `Bag`.
    pub kind: Ident,
    pub dims: Vec<Dim>,
    pub start: Span,
    pub end: Span,
}

/// A layer with its name.
pub struct Layer {
    pub attrs: Vec<Attribute>,
    pub name: Ident,
    pub path: Path,
    pub positional: Vec<Dim>,
    pub keyed: Vec<(Ident, Dim)>,
    pub value: Option<TokenStream>,
    /// The stacks in braces.
    pub stacks: Option<Vec<Vec<Layer>>>,
    /// Whether the last of them stands behind `around`.
    pub goes_around: bool,
    /// The index, in the same stack, of the layer whose weight this one shares.
    pub tied_to: Option<usize>,
    /// The declaration as the user wrote it, for summaries.
    pub text: String,
    pub end: Span,
}

impl Layer {
    /// The name without the `r#` of a raw identifier.
    pub fn title(&self) -> String {
        self.name.unraw().to_string()
    }
}

/// A dimension.
pub enum Dim {
    Literal(usize),
    /// A constant expression, to be folded into a type.
    Constant(TokenStream, Span),
    /// A type: a generic parameter of the network, or any other.
    Type(Path),
}

/// The largest dimension: more could not be told from a slip, and 32 bits are what types hold.
const LARGEST: usize = u32::MAX as usize;

/// The most layers in a row in a generic network. For each the compiler looks at all before it, one
/// within the other, which it does 128 times.
const MOST_GENERIC: usize = 100;

impl Network {
    pub fn new(declaration: Declaration) -> Result<Self> {
        let Declaration { krate, attrs, vis, name, generics, input, output, stack } = declaration;
        let mut errors = None;
        let mut scope = Scope { network: &name, generics: &generics, errors: &mut errors };
        let [input_names, output_names] =
            [&input, &output].map(|shape| names(shape).cloned().collect::<Vec<Ident>>());
        let input = scope.shape(input);
        let output = scope.shape(output);
        if stack.is_empty() {
            scope.error(name.span(), format!("network `{name}` has no layers"));
        }
        let mut only_output = false;
        for generic in scope.generics {
            if input_names.contains(generic) || used(&stack, generic) {
                continue;
            }
            if output_names.contains(generic) {
                only_output = true;
                continue;
            }
            scope.error(
                generic.span(),
                format!("neither a shape nor a layer has the dimension `{generic}`"),
            );
        }
        scope.attributes(&attrs, &format!("network `{name}`"), &["derive"]);
        let in_a_row = in_a_row(&stack);
        if !generics.is_empty() && in_a_row > MOST_GENERIC {
            scope.error(
                name.span(),
                format!("network `{name}` has {in_a_row} layers in a row, but of one that is generic in its dimensions the compiler can check {MOST_GENERIC}: make networks of parts of them, as `struct Block<C>`"),
            );
        }
        let stack = scope.stack(stack);
        match (errors, input, output) {
            (None, Some(input), Some(output)) => {
                Ok(Self { krate, attrs, vis, name, generics, only_output, input, output, stack })
            }
            (Some(errors), ..) => Err(errors),
            (None, ..) => unreachable!("a shape is missing only with an error"),
        }
    }
}

/// What names mean, and what was wrong so far.
struct Scope<'a> {
    network: &'a Ident,
    generics: &'a [Ident],
    errors: &'a mut Option<Error>,
}

impl Scope<'_> {
    fn error(&mut self, span: Span, message: impl std::fmt::Display) {
        combine(self.errors, Error::new(span, message));
    }

    /// An error under all words from `start` to `end`.
    fn error_from(&mut self, (start, end): (Span, Span), message: impl std::fmt::Display) {
        let words = [start, end].map(|span| quote::quote_spanned!(span=> _));
        let words: TokenStream = words.into_iter().collect();
        combine(self.errors, Error::new_spanned(words, message));
    }

    /// Refuses attributes that could change what is declared. Of the parameters there must be those
    /// that are counted, laid out as they are written.
    fn attributes(&mut self, attrs: &[Attribute], what: &str, also: &[&str]) {
        const HARMLESS: [&str; 7] =
            ["doc", "allow", "expect", "warn", "deny", "forbid", "deprecated"];
        for attr in attrs {
            let path = attr.path();
            let is = |name: &&str| path.is_ident(name);
            if HARMLESS.iter().any(is) || also.iter().any(is) {
                continue;
            }
            let name = quote::quote!(#path).to_string().replace(' ', "");
            let instead = match name.as_str() {
                "cfg" => {
                    ": declare a network for each case, and put `#[cfg(..)]` before `network!`"
                }
                _ => ": it can have documentation and lint levels",
            };
            self.error_from(
                (path.span(), path.span()),
                format!("{what} cannot have the attribute `{name}`{instead}"),
            );
        }
    }

    fn shape(&mut self, shape: Applied) -> Option<Shape> {
        let (start, end) = (shape.path.span(), shape.end);
        let kind = shape.path.segments.last()?.ident.clone();
        let expected = match kind.to_string().as_str() {
            "Image" => 3,
            "Bag" => 2,
            "Vector" | "Token" => 1,
            other => {
                self.error_from(
                    (start, end),
                    format!("`{other}` is not a shape: expected `Image<channels, height, width>`, `Vector<size>`, `Token<vocabulary>` or `Bag<vocabulary, count>`"),
                );
                return None;
            }
        };
        if shape.args.len() != expected {
            let s = if expected == 1 { "" } else { "s" };
            let found = match shape.args.len() {
                1 => "1 is".to_string(),
                found => format!("{found} are"),
            };
            self.error_from(
                (start, end),
                format!("`{kind}` has {expected} dimension{s}, but {found} given"),
            );
            return None;
        }
        let mut dims = Vec::new();
        for arg in shape.args {
            if let Some(key) = &arg.key {
                self.error(key.span(), format!("the dimensions of `{kind}` have no names"));
            }
            if let parse::Dim::Literal(literal) = &arg.dim
                && literal.base10_digits() == "0"
            {
                self.error(literal.span(), format!("a dimension of `{kind}` is zero"));
            }
            dims.extend(self.dim(arg.dim));
        }
        Some(Shape { kind, dims, start, end })
    }

    fn dim(&mut self, dim: parse::Dim) -> Option<Dim> {
        match dim {
            parse::Dim::Literal(literal) => match literal.base10_parse::<usize>() {
                Ok(value) if value <= LARGEST => Some(Dim::Literal(value)),
                _ if literal.base10_digits().starts_with('-') => {
                    self.error(literal.span(), "a dimension cannot be negative");
                    None
                }
                _ => {
                    let digits = literal.base10_digits();
                    self.error(
                        literal.span(),
                        format!(
                            "a dimension of {digits} is too large: it must be at most {LARGEST}"
                        ),
                    );
                    None
                }
            },
            parse::Dim::Braced(tokens, span) => {
                if let Some(generic) = generic_in(&tokens, self.generics) {
                    self.error(
                        span,
                        format!("nothing can be calculated from `{generic}`, which the network is generic in: give it one more dimension, as in `struct Net<{generic}, D>`"),
                    );
                    return None;
                }
                Some(Dim::Constant(tokens, span))
            }
            parse::Dim::Name(path) => {
                let last = &path.segments.last()?.ident;
                if path.get_ident().is_some_and(|ident| self.generics.contains(ident))
                    || !is_constant(last)
                {
                    Some(Dim::Type(path))
                } else {
                    let span = path.span();
                    Some(Dim::Constant(quote::quote!(#path), span))
                }
            }
        }
    }

    fn stack(&mut self, layers: Vec<parse::Layer>) -> Vec<Layer> {
        let names = self.names(&layers);
        let mut stack: Vec<Layer> = Vec::new();
        for (layer, name) in layers.into_iter().zip(names) {
            let text = text(&layer);
            self.attributes(&layer.attrs, &format!("layer `{name}`"), &[]);
            if layer.what.path.is_ident(self.network) {
                let network = self.network;
                self.error_from(
                    (layer.what.path.span(), layer.what.path.span()),
                    format!("layer `{name}`: `{network}` is the network itself, which it cannot be in: give one of the two another name"),
                );
            }
            let tied_to = layer.tied_to.as_ref().and_then(|to| {
                let found = stack.iter().position(|before| before.name == *to);
                if found.is_none() {
                    self.error(
                        to.span(),
                        format!(
                            "layer `{name}` is tied to `{to}`, but no layer before it has that name"
                        ),
                    );
                }
                found
            });
            let (mut positional, mut keyed) = (Vec::new(), Vec::<(Ident, Dim)>::new());
            for arg in layer.what.args {
                match (arg.key, self.dim(arg.dim)) {
                    (None, Some(dim)) if keyed.is_empty() => positional.push(dim),
                    (None, Some(_)) => {
                        self.error(layer.what.path.span(), format!("layer `{name}`: shape arguments without a name come before those with one"));
                    }
                    (Some(key), Some(dim)) => {
                        if keyed.iter().any(|(other, _)| *other == key) {
                            self.error(
                                key.span(),
                                format!("layer `{name}`: `{key}` is given twice"),
                            );
                        }
                        keyed.push((key, dim));
                    }
                    (_, None) => {}
                }
            }
            let stacks = layer.stacks.map(|stacks| {
                stacks
                    .into_iter()
                    .map(|inner| {
                        if inner.is_empty() {
                            self.error(
                                layer.what.path.span(),
                                format!("layer `{name}` has a stack without layers"),
                            );
                        }
                        self.stack(inner)
                    })
                    .collect()
            });
            stack.push(Layer {
                attrs: layer.attrs,
                name,
                path: layer.what.path,
                positional,
                keyed,
                value: layer.value,
                stacks,
                goes_around: layer.goes_around,
                tied_to,
                text,
                end: layer.end,
            });
        }
        stack
    }

    /// The layers' names; a layer without one is called after its kind: `relu1`, `relu2`.
    fn names(&mut self, layers: &[parse::Layer]) -> Vec<Ident> {
        let mut taken: HashMap<String, ()> = HashMap::new();
        for layer in layers {
            if let Some(name) = &layer.name
                && taken.insert(name.to_string(), ()).is_some()
            {
                self.error(name.span(), format!("two layers have the name `{name}`"));
            }
        }
        let mut counts: HashMap<String, usize> = HashMap::new();
        let mut names = Vec::new();
        for layer in layers {
            names.push(layer.name.clone().unwrap_or_else(|| {
                let segment = layer.what.path.segments.last();
                let kind = segment
                    .map_or_else(String::new, |segment| snake_case(&segment.ident.to_string()));
                let count = counts.entry(kind.clone()).or_default();
                loop {
                    *count += 1;
                    let name = format!("{kind}{count}");
                    if !taken.contains_key(&name) {
                        break Ident::new(&name, layer.what.path.span());
                    }
                }
            }));
        }
        names
    }
}

/// The first of the network's generic dimensions that is in an expression.
fn generic_in<'a>(tokens: &TokenStream, generics: &'a [Ident]) -> Option<&'a Ident> {
    tokens.clone().into_iter().find_map(|token| match token {
        TokenTree::Ident(name) => generics.iter().find(|generic| **generic == name),
        TokenTree::Group(group) => generic_in(&group.stream(), generics),
        _ => None,
    })
}

/// The longest way from the input to a layer, through braces too.
fn in_a_row(stack: &[parse::Layer]) -> usize {
    let inside = |layer: &parse::Layer| {
        layer.stacks.iter().flatten().map(|inner| in_a_row(inner)).max().unwrap_or(0)
    };
    stack.iter().enumerate().map(|(i, layer)| i + 1 + inside(layer)).max().unwrap_or(0)
}

/// The names that stand alone as arguments.
fn names(what: &Applied) -> impl Iterator<Item = &Ident> {
    what.args.iter().filter_map(|arg| match &arg.dim {
        parse::Dim::Name(path) => path.get_ident(),
        _ => None,
    })
}

/// Whether a dimension is an argument of a layer.
fn used(stack: &[parse::Layer], dim: &Ident) -> bool {
    stack.iter().any(|layer| {
        names(&layer.what).any(|name| name == dim)
            || layer.stacks.iter().flatten().any(|stack| used(stack, dim))
    })
}

/// `HIDDEN`, but not `Hidden` nor typenum's `U100`.
fn is_constant(name: &Ident) -> bool {
    let name = name.to_string();
    let upper = !name.chars().any(char::is_lowercase);
    let typenum = name
        .strip_prefix('U')
        .is_some_and(|n| !n.is_empty() && n.chars().all(|c| c.is_ascii_digit()));
    upper && !typenum
}

/// `MaxPool` as `max_pool`.
fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    let mut before = '_';
    for c in name.chars() {
        if c.is_uppercase() && (before.is_lowercase() || before.is_ascii_digit()) {
            snake.push('_');
        }
        snake.extend(c.to_lowercase());
        before = c;
    }
    snake
}

/// The layer as the user wrote it, without its stacks.
fn text(layer: &parse::Layer) -> String {
    let what = &layer.what;
    let mut text = what.path.segments.last().map_or_else(String::new, |s| s.ident.to_string());
    if !what.args.is_empty() {
        let args: Vec<String> = what
            .args
            .iter()
            .map(|arg| {
                let dim = match &arg.dim {
                    parse::Dim::Literal(literal) => literal.base10_digits().to_string(),
                    parse::Dim::Name(path) => quote::quote!(#path).to_string().replace(' ', ""),
                    parse::Dim::Braced(tokens, _) => format!("{{ {tokens} }}"),
                };
                arg.key.as_ref().map_or(dim.clone(), |key| format!("{key} = {dim}"))
            })
            .collect();
        text += &format!("<{}>", args.join(", "));
    }
    if let Some(value) = &layer.value {
        text += &format!("({})", value_text(value));
    }
    if layer.stacks.is_some() {
        text += " { .. }";
    }
    if layer.goes_around {
        text += " around { .. }";
    }
    if let Some(to) = &layer.tied_to {
        text += &format!(" tied to {to}");
    }
    text
}

/// A value as the user wrote it, but for blanks.
pub fn value_text(value: &TokenStream) -> String {
    let text = value.to_string().replace(" :: ", "::").replace(" (", "(").replace("(- ", "(-");
    text.strip_prefix("- ")
        .map_or(text.clone(), |number| format!("-{number}"))
        .replace(", - ", ", -")
}
