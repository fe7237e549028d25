//! One layer: its type from its arguments, and the shape that it gives.

use super::{Parts, Scope, call_spanned, number, stack::Stack};
use crate::model::Layer;
use crate::names;
use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{Ident, ext::IdentExt, spanned::Spanned};

/// A layer in its place.
pub struct Step<'a> {
    fw: Ident,
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

/// Where a stack stands.
#[derive(Clone, Copy)]
pub struct Within<'a> {
    /// The path of the layer around it; empty for a whole network.
    pub path: &'a str,
    /// The check of what follows the name of that layer.
    pub follow: Option<&'a Ident>,
}

impl Within<'_> {
    /// Nothing is around a whole network.
    pub const NOTHING: Self = Self { path: "", follow: None };

    fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }
}

impl<'a> Step<'a> {
    /// Defines what the layer's type and shape need, and names them.
    pub fn new(
        scope: &Scope<'_>,
        within: Within<'_>,
        layer: &'a Layer,
        input: TokenStream,
        parts: &mut Parts<'_>,
    ) -> Self {
        let (fw, name) = (&scope.fw, layer.title());
        let path = within.path_of(&name);
        let hidden = |part: &str| scope.hidden(part, &path, layer.path.span());
        let span = (layer.path.span(), layer.end);

        // The user's path stands in the expansion once, so that a misspelt one is one error.
        let user_path = &layer.path;
        let mut family = hidden("Family");
        // With the user's own span, so that nothing is said of a macro.
        family.set_span(layer.path.span());
        let (stand_in, meant) = user_path
            .get_ident()
            .and_then(|word| Some((word, names::message(&word.unraw().to_string())?)))
            .map_or_else(
                || (quote!(), quote!("")),
                |(word, message)| {
                    let stand_in = stand_in(fw, word, (&hidden("Unknown"), &family), &message);
                    (stand_in, quote!(#fw::slot!(MEANT of #family)))
                },
            );
        // As an import, since what the compiler says of an unknown type runs to fifteen lines.
        parts.items.extend(quote_spanned! {span.0=>
            #stand_in
            #[allow(unused_imports)]
            use #user_path as #family;
        });

        let syntax = hidden("SYNTAX");
        parts.items.extend(quote! {
            #[doc(hidden)]
            #[allow(non_upper_case_globals)]
            const #syntax: #fw::Syntax = #fw::slot!(SYNTAX of #family);
        });
        let dims = layer.positional.iter().chain(layer.keyed.iter().map(|(_, dim)| dim));
        let types = dims.filter_map(|dim| scope.named(dim)).map(|path| {
            let text = quote!(#path).to_string().replace(' ', "");
            quote!((#text, #fw::slot!(IS_DIMENSION of #path)))
        });
        let given = number(layer.positional.len());
        let around = usize::from(layer.goes_around);
        let in_braces = layer.stacks.as_ref().map_or(0, Vec::len) - around;
        let stacks = number(in_braces);
        let goes_around = layer.goes_around.then(
            || quote!(.and(#fw::goes_around(&#syntax, #stacks, #fw::slot!(AROUND of #family)))),
        );
        let tie = if layer.tied_to.is_some() {
            quote!(::core::option::Option::Some(#fw::slot!(TIE of #family)))
        } else {
            quote!(::core::option::Option::None)
        };
        let follow = hidden("FOLLOW");
        let inside = within.follow.map_or_else(|| quote!(true), |outer| quote!(#outer.is_ok()));
        // Where braces should not be, nothing is said of what is in them.
        let unless_outside = |call| match within.follow {
            Some(_) => quote!(const _: () = if #inside { #call };),
            None => quote!(const _: () = #call;),
        };
        parts.items.extend(quote! {
            #[doc(hidden)]
            #[allow(non_upper_case_globals)]
            const #follow: #fw::Check = #fw::Follow {
                inside: #inside,
                meant: #meant,
                positional: #given,
                types: &[#(#types),*],
                stacks: #stacks,
                braces: [#fw::slot!(STACK of #family), #fw::slot!(STACKS of #family)],
                tie: #tie,
            }
            .check(&#syntax) #goes_around;
        });

        // With concrete dimensions a mistake is found out where the layer stands in its place. Here its
        // name is replaced at once, so that there is nothing to look through in what is generic.
        let (chosen, slots) = if scope.is_concrete() {
            (family.clone(), syntax.clone())
        } else {
            let (sound, chosen, slots) = (hidden("SOUND"), hidden("Sound"), hidden("SLOTS"));
            let report = call_spanned(span, &quote!(#sound.report), &quote!(#path));
            parts.items.extend(quote! {
                #[doc(hidden)]
                #[allow(non_upper_case_globals)]
                const #sound: #fw::Check =
                    #follow.and(#fw::is_layer(#fw::slot!(IS_LAYER of #family)));
                const _: () = #report;
                #[doc(hidden)]
                #[allow(non_upper_case_globals)]
                const #slots: #fw::Syntax = #fw::slot!(SYNTAX of #chosen);
            });
            let ty = quote!(<#fw::Choice<{ #sound.is_ok() }> as #fw::Choose<#family>>::Sound);
            parts.items.extend(scope.alias(&chosen, &ty));
            parts.sound.push(sound);
            (chosen, slots)
        };
        let mut ty = quote!(#chosen);
        let set = |ty: &mut TokenStream, slot: TokenStream, argument: TokenStream| {
            *ty = quote!(<#ty as #fw::Set<{ #slot }, #argument>>::Output);
        };
        for (index, dim) in layer.positional.iter().enumerate() {
            let argument = scope.dim(dim, (&format!("Dim{index}"), &path), parts.items);
            let index = number(index);
            set(&mut ty, quote!(#fw::position(&#slots, #index)), argument);
        }
        for (key, dim) in &layer.keyed {
            let text = key.to_string();
            let known = call_spanned(
                (key.span(), key.span()),
                &quote!(#fw::known),
                &quote!(&#syntax, #given, #path, #text),
            );
            parts.items.extend(unless_outside(known));
            let argument = scope.dim(dim, ("Key", &format!("{path}.{text}")), parts.items);
            set(&mut ty, quote!(#fw::key(&#slots, #text)), argument);
        }
        if let Some(value) = &layer.value {
            let (constant, marker) = (hidden("VALUE"), hidden("Value"));
            let mut slot = quote!(#fw::value(&#slots, #given, #fw::slot!(VALUE of #chosen)));
            if is_list(value) {
                let both = quote!([#fw::slot!(LIST of #chosen), #fw::slot!(VALUE of #chosen)]);
                slot = quote!(#fw::list(&#slots, #given, #both));
            }
            parts.items.extend(value_type(scope, (&chosen, &slot), (&constant, &marker), value));
            let text = crate::model::value_text(value);
            let own = quote!(#fw::value(&#syntax, #given, #fw::slot!(VALUE of #family)));
            let takes = call_spanned(
                span,
                &quote!(#fw::takes_value),
                &quote!(#path, &#syntax, (#given, #own), #text),
            );
            parts.items.extend(unless_outside(takes));
            set(&mut ty, slot, quote!(#marker));
        }
        let [one, several] =
            [quote!(STACK), quote!(STACKS)].map(|slot| quote!(#fw::slot!(#slot of #chosen)));
        if let Some(stacks) = &layer.stacks {
            // Most layers give their stacks what they are given.
            let inside = quote! {
                <#fw::Choice<{ #fw::slot!(INSIDE of #chosen) }> as #fw::Within<#ty, #input>>::Shape
            };
            let inside = if scope.is_concrete() {
                let alias = hidden("Inside");
                parts.items.extend(scope.alias(&alias, &inside));
                quote!(#alias)
            } else {
                scope.place(&hidden("Within"), (&input, &ty, &inside), parts.items);
                let (place, generics) = (hidden("Within"), scope.generics);
                quote!(<#place<#(#generics),*> as #fw::Place>::Out)
            };
            let mut inner: Vec<_> = stacks
                .iter()
                .enumerate()
                .map(|(i, inner)| {
                    let branch =
                        if stacks.len() == 1 { path.clone() } else { format!("{path}.{i}") };
                    let ident = scope.hidden("Stack", &branch, layer.path.span());
                    let within = Within { path: &branch, follow: Some(&follow) };
                    let stack = Stack::new(scope, ident, within, inside.clone(), inner, parts);
                    stack.write(&[], None, parts);
                    stack.ty()
                })
                .collect();
            let past = inner.split_off(in_braces);
            let inner = match inner.as_slice() {
                [one] => one.clone(),
                several => several.iter().rev().fold(quote!(()), |rest, one| quote!((#one, #rest))),
            };
            set(&mut ty, if in_braces == 1 { one.clone() } else { several.clone() }, inner);
            for past in past {
                set(&mut ty, quote!(#fw::slot!(AROUND of #chosen)), past);
            }
        }
        if layer.tied_to.is_some() {
            set(&mut ty, quote!(#fw::slot!(TIE of #chosen)), quote!(()));
        }

        let mut step = Self {
            fw: fw.clone(),
            layer,
            field: &layer.name,
            ty,
            input,
            output: TokenStream::new(),
        };
        if scope.is_concrete() {
            let alias = hidden("Layer");
            let (dims, shape, input) = (hidden("DIMS"), hidden("Out"), &step.input);
            let ty = &step.ty;
            let ty = quote!(#fw::layer!(#ty, after #input));
            parts.items.extend(scope.alias(&alias, &ty));
            step.ty = quote!(#alias);
            let verify =
                call_spanned(span, &quote!(#fw::verify::<#alias, #input>), &quote!(#path, #follow));
            parts.items.extend(quote! {
                const _: () = #verify;
                #[doc(hidden)]
                #[allow(non_upper_case_globals)]
                const #dims: [usize; 3] = #fw::output::<#alias, #input>(#follow);
            });
            let image = quote!(#fw::image!(#dims));
            parts.items.extend(scope.alias(&shape, &image));
            step.output = quote!(#shape);
        } else {
            // A place has a name of its own, so that types stay short however many layers there are.
            let (place, generics) = (hidden("At"), scope.generics);
            let (ty, input) = (&step.ty, &step.input);
            let output = quote!(<#ty as #fw::Layer<#input>>::Out);
            scope.place(&place, (input, ty, &output), parts.items);
            let place = quote!(<#place<#(#generics),*> as #fw::Place>);
            step.ty = quote!(#place::Layer);
            step.input = quote!(#place::In);
            step.output = quote!(#place::Out);
        }
        step
    }

    /// What is wrong with the weight that the layer shares with `owner`.
    pub fn tie(&self, owner: &Step<'_>) -> TokenStream {
        let fw = &self.fw;
        let [needs, has] = [(self, quote!(NEEDS)), (owner, quote!(HAS))].map(|(step, what)| {
            let (ty, input) = (&step.ty, &step.input);
            quote!(#fw::weight!(#what of #ty, #input))
        });
        let (input, owner_input, owner) = (&self.input, &owner.input, owner.layer.title());
        quote!(#fw::tie::<#input, #owner_input>(#needs, (#owner, #has)))
    }

    /// Has the shapes of two layers that share a weight compared.
    pub fn check_tie(&self, owner: &Step<'_>) -> TokenStream {
        let (tie, name) = (self.tie(owner), self.layer.title());
        let span = (self.layer.path.span(), self.layer.end);
        let call = call_spanned(span, &quote!(#tie.report), &quote!(#name));
        quote!(const _: () = #call;)
    }

    /// The name of the variable that holds how many columns come out of the layer before `index`.
    pub fn count(index: usize) -> Ident {
        format_ident!("n{index}")
    }

    /// `<Ty as Layer<In>>`
    pub fn as_layer(&self) -> TokenStream {
        let (fw, ty, input) = (&self.fw, &self.ty, &self.input);
        quote!(<#ty as #fw::Layer<#input>>)
    }
}

/// What the name of a layer means if there is nothing of this name: a type that says what is meant.
///
/// A macro has the name, so that it can be imported in any case. The import then takes a type of this
/// name along if there is one, and precedes the type here, of which all of a module are imported.
fn stand_in(
    fw: &Ident,
    word: &Ident,
    (module, family): (&Ident, &Ident),
    message: &str,
) -> TokenStream {
    quote! {
        #[allow(unused_macros)]
        macro_rules! #word { () => {}; }
        #[allow(dead_code, non_camel_case_types, non_snake_case, unreachable_pub)]
        mod #module { pub struct #family; }
        impl #fw::Unknown for #module::#family {
            const MEANT: &'static str = #message;
        }
        #[allow(unused_imports)]
        use #module::*;
    }
}

/// Whether several values stand in parentheses.
fn is_list(value: &TokenStream) -> bool {
    value.clone().into_iter().any(
        |token| matches!(&token, proc_macro2::TokenTree::Punct(punct) if punct.as_char() == ','),
    )
}

/// What stands in parentheses, as a type.
fn value_type(
    scope: &Scope<'_>,
    (family, slot): (&Ident, &TokenStream),
    (constant, marker): (&Ident, &Ident),
    value: &TokenStream,
) -> TokenStream {
    let (fw, vis) = (&scope.fw, &scope.vis);
    let text = crate::model::value_text(value);
    // A list is a tuple, with the place of what the user wrote.
    let at = value.clone().into_iter().next().map_or_else(Span::call_site, |token| token.span());
    let layer = quote!(#fw::family!(#family));
    let given = quote! {
        #fw::Given::<#layer, { #slot }>
    };
    let (value, ty) = if is_list(value) {
        (quote_spanned!(at=> (#value)), quote!(<#given as #fw::Keeps>::Type))
    } else {
        (quote!(#value), quote!(<#layer as #fw::Arguments>::Value))
    };
    quote! {
        #[doc(hidden)]
        #[allow(non_upper_case_globals)]
        const #constant: ::core::option::Option<#ty> = #given::keep(
            #fw::InParentheses::<
                <#given as #fw::Expects<_>>::Type,
            > { value: #value },
        );
        #[doc(hidden)]
        #[allow(non_camel_case_types)]
        #[derive(Clone, Copy, Debug, Default)]
        #vis struct #marker;
        impl #fw::Value<#ty> for #marker {
            const VALUE: ::core::option::Option<#ty> = #constant;
            const TEXT: &'static str = #text;
        }
    }
}
