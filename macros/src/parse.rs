//! From tokens to syntax. Nothing is interpreted here; every part keeps the user's tokens.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{
    Attribute, Error, Ident, LitInt, Path, Result, Token, Visibility, braced, parenthesized,
};

/// `pub struct Name<C>: Image<C, 28, 28> => Vector<10> { .. }`
pub struct Declaration {
    /// The path of the library, which `network!` puts before the declaration, with a semicolon.
    pub krate: Path,
    pub attrs: Vec<Attribute>,
    pub vis: Visibility,
    pub name: Ident,
    pub generics: Vec<Ident>,
    pub input: Applied,
    pub output: Applied,
    pub stack: Vec<Layer>,
}

/// `conv1: Conv2d<16, 3, pad = 1>(Init::Zeros) { .. } around { .. } tied to embed`
pub struct Layer {
    pub attrs: Vec<Attribute>,
    pub name: Option<Ident>,
    pub what: Applied,
    /// What stands in parentheses.
    pub value: Option<TokenStream>,
    /// The stacks in braces: `{ a, b }` is one, `{ { a }, { b } }` are two.
    pub stacks: Option<Vec<Vec<Layer>>>,
    /// Whether the last of them stands behind `around`.
    pub goes_around: bool,
    pub tied_to: Option<Ident>,
    /// The last token of the layer's own text, for spans from `what` to here.
    pub end: Span,
}

/// A path with arguments: `Conv2d<16, 3, pad = 1>`.
pub struct Applied {
    pub path: Path,
    pub args: Vec<Arg>,
    pub end: Span,
}

/// `16` or `pad = 1`
pub struct Arg {
    pub key: Option<Ident>,
    pub dim: Dim,
}

/// The number that an argument gives.
pub enum Dim {
    Literal(LitInt),
    /// A constant, or a generic parameter of the network, or a type.
    Name(Path),
    /// `{ 2 * HIDDEN }`
    Braced(TokenStream, Span),
}

impl Parse for Declaration {
    fn parse(input: ParseStream) -> Result<Self> {
        let krate = input.call(Path::parse_mod_style)?;
        input.parse::<Token![;]>()?;
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        if !input.peek(Token![struct]) {
            return Err(input.error(
                "expected `struct`, as in `pub struct Net: Vector<4> => Vector<2> { .. }`",
            ));
        }
        input.parse::<Token![struct]>()?;
        let name = input.parse()?;
        let generics = if input.peek(Token![<]) { parse_generics(input)? } else { Vec::new() };
        if !input.peek(Token![:]) {
            return Err(input.error("expected `:` and the shape that the network takes"));
        }
        input.parse::<Token![:]>()?;
        let shape = input.parse()?;
        if !input.peek(Token![=>]) {
            return Err(input.error("expected `=>` and the shape that the network gives"));
        }
        input.parse::<Token![=>]>()?;
        let output = input.parse()?;
        let body;
        braced!(body in input);
        let stack = parse_stack(&body)?;
        if !input.is_empty() {
            return Err(input.error("expected nothing after the network's `}`"));
        }
        Ok(Self { krate, attrs, vis, name, generics, input: shape, output, stack })
    }
}

/// `<C, Hidden>`
fn parse_generics(input: ParseStream) -> Result<Vec<Ident>> {
    input.parse::<Token![<]>()?;
    let mut generics = Vec::new();
    while !input.peek(Token![>]) {
        generics.push(input.parse()?);
        if !input.peek(Token![,]) {
            break;
        }
        input.parse::<Token![,]>()?;
    }
    input.parse::<Token![>]>()?;
    Ok(generics)
}

/// Layers with commas between them. A mistake in one does not hide those in the next.
fn parse_stack(input: ParseStream) -> Result<Vec<Layer>> {
    let mut layers = Vec::new();
    let mut errors: Option<Error> = None;
    while !input.is_empty() {
        match input.parse().and_then(|layer: Layer| layer.parse_separator(input)) {
            Ok(layer) => layers.push(layer),
            Err(error) => {
                combine(&mut errors, error);
                skip_to_next_layer(input);
            }
        }
    }
    errors.map_or(Ok(layers), Err)
}

fn parse_separator(input: ParseStream, after: impl std::fmt::Display) -> Result<()> {
    if input.is_empty() {
        return Ok(());
    }
    if !input.peek(Token![,]) {
        return Err(input.error(format!("expected `,` after {after}")));
    }
    input.parse::<Token![,]>().map(|_| ())
}

/// Goes on after the next comma outside of angle brackets.
fn skip_to_next_layer(input: ParseStream) {
    let mut depth = 0;
    while let Ok(token) = input.parse::<TokenTree>() {
        if let TokenTree::Punct(punct) = token {
            match punct.as_char() {
                '<' => depth += 1,
                '>' => depth -= 1,
                ',' if depth <= 0 => return,
                _ => {}
            }
        }
    }
}

/// Adds an error to those before it.
pub fn combine(errors: &mut Option<Error>, error: Error) {
    match errors {
        Some(all) => all.combine(error),
        None => *errors = Some(error),
    }
}

impl Layer {
    /// The comma after the layer, unless it is the last one.
    fn parse_separator(self, input: ParseStream) -> Result<Self> {
        // Layers begin with a capital, names do not.
        let word = self.what.path.get_ident().filter(|_| self.name.is_none());
        let is_name = |word: &&Ident| word.to_string().starts_with(char::is_lowercase);
        if let (Some(name), true) = (word.filter(is_name), input.peek(Ident)) {
            return Err(input.error(format!("expected `:` after the name `{name}`")));
        }
        let name = self.name.as_ref().or(self.what.path.segments.last().map(|last| &last.ident));
        let after = name.map_or_else(String::new, |name| format!("the layer `{name}`"));
        parse_separator(input, after)?;
        Ok(self)
    }
}

impl Parse for Layer {
    fn parse(input: ParseStream) -> Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let name =
            if input.peek(Ident::peek_any) && input.peek2(Token![:]) && !input.peek2(Token![::]) {
                let name = input.call(Ident::parse_any)?;
                input.parse::<Token![:]>()?;
                if syn::parse_str::<Ident>(&name.to_string()).is_err() {
                    let message =
                        format!("`{name}` is a keyword of Rust: give the layer another name");
                    return Err(Error::new(name.span(), message));
                }
                Some(name)
            } else {
                None
            };
        let what: Applied = input.parse()?;
        let mut end = what.end;
        let mut value = None;
        if input.peek(syn::token::Paren) {
            let content;
            let span = parenthesized!(content in input).span;
            if content.is_empty() {
                let message = "nothing stands in the parentheses: leave them out, or give a value";
                return Err(Error::new(span.join(), message));
            }
            end = span.close();
            value = Some(content.parse()?);
        }
        let mut stacks = None;
        if input.peek(syn::token::Brace) {
            let content;
            braced!(content in input);
            stacks = Some(if content.peek(syn::token::Brace) {
                parse_branches(&content)?
            } else {
                vec![parse_stack(&content)?]
            });
        }
        let mut goes_around = false;
        if let Some(stacks) = &mut stacks
            && input.peek(Ident)
            && input.fork().parse::<Ident>()? == "around"
        {
            input.parse::<Ident>()?;
            if !input.peek(syn::token::Brace) {
                return Err(input.error("expected `{ .. }`, the layers of the way around"));
            }
            let content;
            braced!(content in input);
            stacks.push(parse_stack(&content)?);
            goes_around = true;
        }
        let mut tied_to = None;
        if input.peek(Ident) && input.fork().parse::<Ident>()? == "tied" {
            input.parse::<Ident>()?;
            let to: Ident = input.parse()?;
            if to != "to" {
                return Err(Error::new(to.span(), "expected `to`, as in `tied to embed`"));
            }
            let layer: Ident = input.parse()?;
            end = layer.span();
            tied_to = Some(layer);
        }
        Ok(Self { attrs, name, what, value, stacks, goes_around, tied_to, end })
    }
}

/// `{ a, b }, { c }`
fn parse_branches(input: ParseStream) -> Result<Vec<Vec<Layer>>> {
    let mut branches = Vec::new();
    while !input.is_empty() {
        let content;
        braced!(content in input);
        branches.push(parse_stack(&content)?);
        parse_separator(input, "a stack of layers")?;
    }
    Ok(branches)
}

impl Parse for Applied {
    fn parse(input: ParseStream) -> Result<Self> {
        let path = input.call(Path::parse_mod_style)?;
        let mut end =
            path.segments.last().map_or_else(Span::call_site, |segment| segment.ident.span());
        let mut args = Vec::new();
        if input.peek(Token![<]) {
            input.parse::<Token![<]>()?;
            while !input.peek(Token![>]) {
                args.push(input.parse()?);
                if input.peek(Token![,]) {
                    input.parse::<Token![,]>()?;
                } else if !input.peek(Token![>]) {
                    return Err(input.error(after_argument(input)));
                }
            }
            end = input.parse::<Token![>]>()?.spans[0];
        }
        Ok(Self { path, args, end })
    }
}

/// What to write in the place of what follows a shape argument.
fn after_argument(input: ParseStream) -> &'static str {
    if input.peek(Token![+])
        || input.peek(Token![-])
        || input.peek(Token![*])
        || input.peek(Token![/])
    {
        "a dimension that is calculated stands in braces: `{ 2 * HIDDEN }`"
    } else {
        "expected `,` or `>` after a shape argument"
    }
}

impl Parse for Arg {
    fn parse(input: ParseStream) -> Result<Self> {
        let key = if input.peek(Ident::peek_any) && input.peek2(Token![=]) {
            let key = input.call(Ident::parse_any)?;
            input.parse::<Token![=]>()?;
            if let Ok(word) = input.fork().call(Ident::parse_any)
                && let Some(number) = yes_or_no(&word)
            {
                let message = format!("yes and no are said by 1 and 0 here: `{key} = {number}`");
                return Err(input.error(message));
            }
            Some(key)
        } else {
            None
        };
        Ok(Self { key, dim: input.parse()? })
    }
}

/// The number for a word that says yes or no, which no dimension is called.
fn yes_or_no(word: &Ident) -> Option<u8> {
    match word.to_string().as_str() {
        "true" | "True" | "yes" => Some(1),
        "false" | "False" | "no" => Some(0),
        _ => None,
    }
}

impl Parse for Dim {
    fn parse(input: ParseStream) -> Result<Self> {
        if input.peek(syn::LitInt) {
            return input.parse().map(Self::Literal);
        }
        if input.peek(syn::token::Brace) {
            let content;
            let span = braced!(content in input).span.join();
            return Ok(Self::Braced(content.parse()?, span));
        }
        if input.peek(Ident) || input.peek(Token![::]) {
            return input.call(Path::parse_mod_style).map(Self::Name);
        }
        Err(input
            .error("expected a dimension: an integer, a constant, `{ an expression }` or a type"))
    }
}
