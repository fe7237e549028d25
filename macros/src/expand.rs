//! From a network to code that reads as if it were written by hand: for each stack of layers a
//! struct of parameters (and of statistics, state and tape), and an implementation of `Layer`
//! with one statement a layer, forwards and then backwards.
//!
//! In a network with concrete dimensions every shape is named afresh from a constant, so that
//! types stay short however many layers there are. In one that is generic in its dimensions a
//! shape is the projection of the layer before.

mod layer;
mod stack;

use crate::model::{Dim, Network, Shape};
use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use stack::Stack;
use syn::Ident;

/// Writes a network.
pub fn network(network: &Network) -> TokenStream {
    let Network { vis, name, generics, .. } = network;
    let scope = Scope { vis: quote!(#vis), prefix: format!("__{name}"), generics };
    let mut items = TokenStream::new();
    let input = scope.shape(&network.input, "Input", &mut items);
    let declared = scope.shape(&network.output, "Output", &mut items);
    let stack = Stack::new(&scope, name.clone(), "", input.clone(), &network.stack, &mut items);
    items.extend(stack.items(&network.attrs, Some(name)));
    items.extend(arguments(name, generics));

    let (start, end) = (network.output.start, network.output.end);
    let output = stack.output();
    let title = name.to_string();
    let last = network.stack.last().map_or_else(String::new, |layer| layer.name.to_string());
    if generics.is_empty() {
        let call = call_spanned(
            start,
            end,
            &quote!(::formwork::network::declared::<#declared, #output>),
            &quote!(#title, #last),
        );
        let sample = sample(&network.input, &input);
        let out_grid = grid_of(&output, &format_ident!("Outputs"));
        items.extend(quote! {
            const _: () = #call;

            impl ::formwork::network::Network for #name {
                type Input = #input;
                type Output = #output;
                type Sample = #sample;
                type Outputs = #out_grid;
                const NAME: &'static str = #title;
            }
        });
    }
    items
}

/// What all parts of an expansion share.
struct Scope<'a> {
    vis: TokenStream,
    /// What the names of hidden items begin with.
    prefix: String,
    /// The dimensions that the network is generic in.
    generics: &'a [Ident],
}

impl Scope<'_> {
    fn is_concrete(&self) -> bool {
        self.generics.is_empty()
    }

    /// The name of a hidden item.
    fn hidden(&self, parts: &[&str], span: Span) -> Ident {
        let name = parts
            .iter()
            .filter(|part| !part.is_empty())
            .fold(self.prefix.clone(), |name, part| name + "_" + &part.replace('.', "_"));
        Ident::new(&name, span.resolved_at(Span::call_site()))
    }

    /// The type of a shape that the user declares.
    fn shape(&self, shape: &Shape, role: &str, items: &mut TokenStream) -> TokenStream {
        let dims = shape
            .dims
            .iter()
            .enumerate()
            .map(|(i, dim)| self.dim(dim, &[role, &i.to_string()], items));
        let dims: Vec<_> = dims.collect();
        let kind = &shape.kind;
        let ty = quote!(::formwork::shape::#kind<#(#dims),*>);
        if !self.is_concrete() {
            return ty;
        }
        let (alias, vis) = (self.hidden(&[role], Span::call_site()), &self.vis);
        items.extend(quote! {
            #[doc(hidden)]
            #[allow(non_camel_case_types)]
            #vis type #alias = #ty;
        });
        quote!(#alias)
    }

    /// The type of a dimension; a constant expression becomes a constant of its own first.
    fn dim(&self, dim: &Dim, parts: &[&str], items: &mut TokenStream) -> TokenStream {
        match dim {
            Dim::Literal(value) => integer(*value),
            Dim::Type(path) => quote!(#path),
            Dim::Constant(tokens, span) => {
                let constant = self.hidden(parts, *span);
                items.extend(quote! {
                    #[doc(hidden)]
                    #[allow(non_upper_case_globals)]
                    const #constant: usize = #tokens;
                });
                fold(&quote!(#constant))
            }
        }
    }
}

/// The typenum integer of a number.
fn integer(value: usize) -> TokenStream {
    if value <= 1024 {
        let name = format_ident!("U{value}");
        return quote!(::formwork::typenum::consts::#name);
    }
    let digits = (0..8).rev().map(|place| {
        let digit = proc_macro2::Literal::usize_unsuffixed((value >> (4 * place)) & 15);
        quote!(#digit)
    });
    quote!(::formwork::shape::Integer<#(#digits),*>)
}

/// The typenum integer of a constant of type `usize`.
fn fold(constant: &TokenStream) -> TokenStream {
    let digits =
        (0..8u32).rev().map(|place| quote!({ ::formwork::shape::digit(#constant, #place) }));
    quote!(::formwork::shape::Integer<#(#digits),*>)
}

/// What one sample of shape `ty`, declared as `shape`, is to the user, in plain numbers.
fn sample(shape: &Shape, ty: &TokenStream) -> TokenStream {
    let dim = |i: usize| quote!({ <#ty as ::formwork::shape::Shape>::DIMS[#i] });
    let [c, h, w] = [0, 1, 2].map(dim);
    if shape.kind == "Token" {
        return quote!(::formwork::data::Tokens<#c>);
    }
    quote!(::formwork::data::Grid<#c, #h, #w>)
}

fn grid_of(shape: &TokenStream, kind: &Ident) -> TokenStream {
    quote!(::formwork::network::#kind<{ <#shape as ::formwork::shape::Shape>::SIZE }>)
}

/// A call whose span goes from `start` to `end`, so that what it reports lies under these words.
fn call_spanned(
    start: Span,
    end: Span,
    function: &TokenStream,
    arguments: &TokenStream,
) -> TokenStream {
    let function: TokenStream = function
        .clone()
        .into_iter()
        .map(|mut token| {
            token.set_span(start.resolved_at(Span::call_site()));
            token
        })
        .collect();
    let arguments = quote_spanned!(end.resolved_at(Span::call_site())=> (#arguments));
    quote!(#function #arguments)
}

/// How a network takes its generic dimensions, as a layer of another network.
fn arguments(name: &Ident, generics: &[Ident]) -> TokenStream {
    let title = name.to_string();
    let positional = generics.iter().map(ToString::to_string);
    let dims = quote!(#(#generics: ::formwork::shape::Dimension,)*);
    let setters = (0..generics.len()).map(|slot| {
        let argument = format_ident!("Argument");
        let mut set = generics.to_vec();
        set[slot] = argument.clone();
        quote! {
            impl<#dims #argument: ::formwork::shape::Dimension>
                ::formwork::arguments::Set<#slot, #argument> for #name<#(#generics),*>
            {
                type Output = #name<#(#set),*>;
            }
        }
    });
    quote! {
        impl<#dims> ::formwork::arguments::Arguments for #name<#(#generics),*> {
            const SYNTAX: ::formwork::arguments::Syntax = ::formwork::arguments::Syntax {
                layer: #title,
                positional: &[#(#positional),*],
                keyed: &[],
            };
            type Value = ::formwork::arguments::NoValue;
        }
        #(#setters)*
    }
}
