//! One layer: its type from its arguments, and the shape that it gives.

use super::{Scope, call_spanned, fold, stack::Stack};
use crate::model::Layer;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, spanned::Spanned};

/// A layer in its place.
pub struct Step<'a> {
    pub layer: &'a Layer,
    /// Its field in the network's structs.
    pub field: &'a Ident,
    /// Its type, with all arguments.
    pub ty: TokenStream,
    /// The shape that it takes.
    pub input: TokenStream,
    /// The shape that it gives.
    pub output: TokenStream,
}

impl<'a> Step<'a> {
    /// Defines what the layer's type and shape need, and names them.
    pub fn new(
        scope: &Scope<'_>,
        within: &str,
        layer: &'a Layer,
        input: TokenStream,
        items: &mut TokenStream,
    ) -> Self {
        let name = layer.name.to_string();
        let path = if within.is_empty() { name.clone() } else { format!("{within}.{name}") };
        let hidden = |part: &str| scope.hidden(&[within, &name, part], layer.path.span());
        let vis = &scope.vis;

        // The user's path stands in the expansion once, so that a misspelt one is one error.
        let family = hidden("Family");
        let user_path = &layer.path;
        items.extend(quote! {
            #[doc(hidden)]
            #[allow(non_camel_case_types)]
            #vis type #family = #user_path;
        });
        let syntax = quote!(<#family as ::formwork::arguments::Arguments>::SYNTAX);
        let mut arguments = Vec::new();
        let given = layer.positional.len();
        for (index, dim) in layer.positional.iter().enumerate() {
            let (start, end) = (user_path.span(), layer.end);
            let place = call_spanned(
                start,
                end,
                &quote!(::formwork::arguments::position),
                &quote!(&#syntax, #path, #index, #given),
            );
            arguments.push((place, dim));
        }
        for (key, dim) in &layer.keyed {
            let text = key.to_string();
            let place = call_spanned(
                key.span(),
                key.span(),
                &quote!(::formwork::arguments::key),
                &quote!(&#syntax, #path, #text),
            );
            arguments.push((place, dim));
        }
        let mut ty = quote!(#family);
        for (index, (place, dim)) in arguments.into_iter().enumerate() {
            let slot = hidden(&format!("Slot{index}"));
            let argument = scope.dim(dim, &[within, &name, &format!("Argument{index}")], items);
            items.extend(quote! {
                #[doc(hidden)]
                #[allow(non_upper_case_globals)]
                const #slot: usize = #place;
            });
            ty = quote!(<#ty as ::formwork::arguments::Set<{ #slot }, #argument>>::Output);
        }
        if let Some(value) = &layer.value {
            let (constant, marker) = (hidden("VALUE"), hidden("Value"));
            let text = value.to_string().replace(" :: ", "::").replace(" (", "(");
            let commas = value.clone().into_iter().any(
                |token| matches!(&token, proc_macro2::TokenTree::Punct(p) if p.as_char() == ','),
            );
            let value = if commas { quote!((#value)) } else { quote!(#value) };
            items.extend(quote! {
                #[doc(hidden)]
                #[allow(non_upper_case_globals)]
                const #constant: <#family as ::formwork::arguments::Arguments>::Value = #value;
                #[doc(hidden)]
                #[allow(non_camel_case_types)]
                #[derive(Clone, Copy, Debug, Default)]
                #vis struct #marker;
                impl ::formwork::arguments::Value<<#family as ::formwork::arguments::Arguments>::Value> for #marker {
                    const VALUE: ::core::option::Option<<#family as ::formwork::arguments::Arguments>::Value> =
                        ::core::option::Option::Some(#constant);
                    const TEXT: &'static str = #text;
                }
            });
            ty = quote!(<#ty as ::formwork::arguments::Set<{ ::formwork::arguments::VALUE_SLOT }, #marker>>::Output);
        }
        if let Some(stacks) = &layer.stacks {
            let inner: Vec<_> = stacks
                .iter()
                .enumerate()
                .map(|(i, inner)| {
                    let branch =
                        if stacks.len() == 1 { path.clone() } else { format!("{path}.{i}") };
                    let ident = scope.hidden(&[&branch], layer.path.span());
                    let stack = Stack::new(scope, ident, &branch, input.clone(), inner, items);
                    items.extend(stack.items(&[], None));
                    stack.ty()
                })
                .collect();
            let inner = match inner.as_slice() {
                [one] => one.clone(),
                several => several.iter().rev().fold(quote!(()), |rest, one| quote!((#one, #rest))),
            };
            ty = quote!(<#ty as ::formwork::arguments::Wrap<#inner>>::Output);
        }
        if layer.tied_to.is_some() {
            ty = quote!(<#ty as ::formwork::arguments::Tie>::Output);
        }

        let mut step = Self { layer, field: &layer.name, ty, input, output: TokenStream::new() };
        if scope.is_concrete() {
            step.name_afresh(scope, &path, &family, &hidden, items);
        } else {
            let (ty, input) = (&step.ty, &step.input);
            step.output = quote!(<#ty as ::formwork::layer::Layer<#input>>::Out);
        }
        step
    }

    /// Gives the layer and its output short names, and has the layer checked.
    fn name_afresh(
        &mut self,
        scope: &Scope<'_>,
        path: &str,
        family: &Ident,
        hidden: &dyn Fn(&str) -> Ident,
        items: &mut TokenStream,
    ) {
        let (vis, ty, input) = (&scope.vis, &self.ty, &self.input);
        let (alias, dims, shape) = (hidden("Layer"), hidden("DIMS"), hidden("Shape"));
        let given = self.layer.positional.len();
        let verify = call_spanned(
            self.layer.path.span(),
            self.layer.end,
            &quote!(::formwork::network::verify::<#family, #alias, #input>),
            &quote!(#path, #given),
        );
        let [c, h, w] = [0usize, 1, 2].map(|i| fold(&quote!(#dims[#i])));
        items.extend(quote! {
            #[doc(hidden)]
            #[allow(non_camel_case_types)]
            #vis type #alias = #ty;
            const _: () = #verify;
            #[doc(hidden)]
            #[allow(non_upper_case_globals)]
            const #dims: [usize; 3] =
                <<#alias as ::formwork::layer::Layer<#input>>::Out as ::formwork::shape::Shape>::DIMS;
            #[doc(hidden)]
            #[allow(non_camel_case_types)]
            #vis type #shape = ::formwork::shape::Image<#c, #h, #w>;
        });
        self.ty = quote!(#alias);
        self.output = quote!(#shape);
    }

    /// Has the shapes of two layers that share a weight compared.
    pub fn check_tie(&self, owner: &Step<'_>) -> TokenStream {
        let (ty, input) = (&self.ty, &self.input);
        let (owner_ty, owner_input) = (&owner.ty, &owner.input);
        let (name, owner_name) = (self.field.to_string(), owner.field.to_string());
        let call = call_spanned(
            self.layer.path.span(),
            self.layer.end,
            &quote!(::formwork::network::tied::<#ty, #input, #owner_ty, #owner_input>),
            &quote!(#name, #owner_name),
        );
        quote!(const _: () = #call;)
    }

    /// The number in the name of the variable that holds the columns after layer `index`.
    pub fn count(index: usize) -> Ident {
        format_ident!("columns{index}")
    }

    /// `<Ty as Layer<In>>`
    pub fn as_layer(&self) -> TokenStream {
        let (ty, input) = (&self.ty, &self.input);
        quote!(<#ty as ::formwork::layer::Layer<#input>>)
    }
}
