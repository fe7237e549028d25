//! From a network to code that reads as if it were written by hand: for each stack of layers a
//! struct of parameters (and of statistics, state and tape), and an implementation of `Layer`
//! with one statement a layer, forwards and then backwards.
//!
//! In a network with concrete dimensions every shape is named afresh from a constant, so that
//! types stay short however many layers there are. In one that is generic in its dimensions a
//! shape is the projection of the layer before.
//!
//! What the user must be able to name stands beside the network's struct; everything else in an
//! anonymous constant, where `fw` is what `formwork` keeps for this. Outside of it, that has a name
//! of the network's own, by which alone the crate is known, however the user has renamed it.

mod layer;
mod stack;

use crate::model::{Dim, Network, Shape};
use layer::Within;
use proc_macro2::{Literal, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use stack::Stack;
use syn::{Ident, ext::IdentExt};

/// Writes a network.
pub fn network(network: &Network) -> TokenStream {
    let Network { krate, vis, name, generics, .. } = network;
    let given: Vec<&Ident> = generics.iter().chain([name]).collect();
    let [input, scalar] = ["In", "T"].map(|word| fresh(word, &given));
    let fw = &format_ident!("__fw_{name}");
    let only_output = network.only_output;
    let scope =
        Scope { fw: fw.clone(), vis: quote!(#vis), name, generics, only_output, input, scalar };
    let mut items = quote!(use #krate::declare as #fw;);
    let input = scope.shape(&network.input, "Input", &mut items);
    let declared = scope.shape(&network.output, "Output", &mut items);
    let (mut stacks, mut inside) = (TokenStream::new(), TokenStream::new());
    let mut sound = Vec::new();
    let mut parts =
        Parts { items: &mut items, structs: &mut stacks, inside: &mut inside, sound: &mut sound };
    let stack = Stack::new(
        &scope,
        name.clone(),
        Within::NOTHING,
        input.clone(),
        &network.stack,
        &mut parts,
    );
    stack.write(&network.attrs, Some((name, &declared)), &mut parts);
    inside.extend(arguments(name, generics));
    if generics.is_empty() {
        let (title, last_title) = (name.to_string(), stack.last_title());
        let given = stack.output();
        let call = call_spanned(
            (network.output.start, network.output.end),
            &quote!(#fw::declared::<#declared, #given>),
            &quote!(#title, #last_title),
        );
        let check = quote!(<#name as #fw::Layer<#input>>::CHECK.report_network);
        let check =
            call_spanned((network.output.start, network.output.end), &check, &quote!(#title));
        items.extend(quote!(const _: () = #call; const _: () = #check;));
        let (name_of_sample, dims) = match network.input.kind.to_string().as_str() {
            "Token" => ("Tokens", 1_usize),
            "Bag" => ("Bags", 2),
            _ => ("Grid", 3),
        };
        // With the place of the user's own words, to which the compiler points when it says where it
        // has the type from.
        let at = network.input.kind.span();
        let sample = Ident::new(name_of_sample, at);
        let dims = (0..dims).map(|i| quote_spanned!(at=> { <#input as fw::Shape>::DIMS[#i] }));
        let sample = quote_spanned!(at=> fw::#sample<#(#dims),*>);
        inside.extend(quote! {
            impl fw::Network for #name {
                type Input = #input;
                type Output = #declared;
                type Sample = #sample;
                type Outputs = fw::outputs!(#declared);
                const NAME: &'static str = #title;
            }
        });
    }
    quote! {
        #items
        #stacks
        const _: () = {
            use #fw as fw;
            #inside
        };
    }
}

/// The name `word`, or one made of it if it is taken.
fn fresh(word: &str, taken: &[&Ident]) -> Ident {
    let mut name = format_ident!("{word}");
    while taken.contains(&&name) {
        name = format_ident!("__{name}");
    }
    name
}

/// Where the items of an expansion go.
struct Parts<'a> {
    /// The types and checks of layers, one after the other.
    items: &'a mut TokenStream,
    /// The structs.
    structs: &'a mut TokenStream,
    /// What needs no name.
    inside: &'a mut TokenStream,
    /// The checks of what stands behind the layers' names, in a generic network.
    sound: &'a mut Vec<Ident>,
}

/// What all parts of an expansion share.
struct Scope<'a> {
    /// What `formwork` keeps for the code that is written, under a name of the network's own.
    fw: Ident,
    vis: TokenStream,
    /// The network's name.
    name: &'a Ident,
    /// The dimensions that the network is generic in.
    generics: &'a [Ident],
    /// Whether one of them is in no layer's type.
    only_output: bool,
    /// The names of the shape that a stack is given and of the scalar, none of a dimension.
    input: Ident,
    scalar: Ident,
}

impl Scope<'_> {
    fn is_concrete(&self) -> bool {
        self.generics.is_empty()
    }

    /// The name of a hidden item, `part` of what lies at `path`: `__Out_Net_block_fc1`. No other has
    /// it: a name that has an underscore itself begins with its length.
    fn hidden(&self, part: &str, path: &str, span: Span) -> Ident {
        let network = self.name.unraw().to_string();
        let names = core::iter::once(network.as_str()).chain(path.split('.'));
        let name = names.filter(|name| !name.is_empty()).fold(format!("__{part}"), |all, name| {
            let length = if name.contains('_') { name.len().to_string() } else { String::new() };
            format!("{all}_{length}{name}")
        });
        Ident::new(&name, span.resolved_at(Span::call_site()))
    }

    /// Gives a type a name.
    fn alias(&self, name: &Ident, ty: &TokenStream) -> TokenStream {
        let vis = &self.vis;
        quote!(#[doc(hidden)] #[allow(non_camel_case_types)] #vis type #name = #ty;)
    }

    /// Defines a name for what stands in a place of a generic network: the shape that comes in, the
    /// layer, and the shape that comes out.
    fn place(
        &self,
        place: &Ident,
        (input, layer, output): (&TokenStream, &TokenStream, &TokenStream),
        items: &mut TokenStream,
    ) {
        let Scope { fw, vis, generics, .. } = self;
        items.extend(quote! {
            #[doc(hidden)]
            #[allow(non_camel_case_types)]
            #vis struct #place<#(#generics),*>(::core::marker::PhantomData<(#(#generics,)*)>);
            impl<#(#generics: #fw::Dimension),*> #fw::Place for #place<#(#generics),*> {
                type In = #input;
                type Layer = #layer;
                type Out = #output;
            }
        });
    }

    /// The type of a shape that the user declares.
    fn shape(&self, shape: &Shape, role: &str, items: &mut TokenStream) -> TokenStream {
        let dims: Vec<_> = shape
            .dims
            .iter()
            .enumerate()
            .map(|(i, dim)| self.dim(dim, (&format!("{role}{i}"), ""), items))
            .collect();
        let (fw, kind) = (&self.fw, &shape.kind);
        let ty = quote!(#fw::#kind<#(#dims),*>);
        if !self.is_concrete() {
            return ty;
        }
        let alias = self.hidden(role, "", Span::call_site());
        items.extend(self.alias(&alias, &ty));
        let check =
            call_spanned((shape.start, shape.end), &quote!(#fw::shape::<#alias>), &quote!());
        items.extend(quote!(const _: () = #check;));
        quote!(#alias)
    }

    /// The type that the user names as a dimension, if it is none of the network's own.
    fn named<'d>(&self, dim: &'d Dim) -> Option<&'d syn::Path> {
        match dim {
            Dim::Type(path)
                if path.get_ident().is_none_or(|name| !self.generics.contains(name)) =>
            {
                Some(path)
            }
            _ => None,
        }
    }

    /// The typenum integer of a number.
    fn integer(&self, value: usize) -> TokenStream {
        let fw = &self.fw;
        if value <= 1024 {
            let name = format_ident!("U{value}");
            quote!(#fw::typenum::consts::#name)
        } else {
            let value = number(value);
            quote!(#fw::integer!(#value))
        }
    }

    /// The type of a dimension; a constant expression becomes a constant of its own first, with the
    /// name of this part of what lies at this path.
    fn dim(&self, dim: &Dim, at: (&str, &str), items: &mut TokenStream) -> TokenStream {
        let fw = &self.fw;
        match dim {
            Dim::Literal(value) => self.integer(*value),
            Dim::Type(path) if self.named(dim).is_some() => quote!(#fw::dimension_of!(#path)),
            Dim::Type(path) => quote!(#path),
            Dim::Constant(tokens, span) => {
                let mut constant = self.hidden(at.0, at.1, *span);
                // With the user's own span, so that nothing is said of a macro.
                constant.set_span(*span);
                let text = tokens.to_string();
                let check = call_spanned(
                    (*span, *span),
                    &quote!(#fw::dimension),
                    &quote!(#constant, #text),
                );
                items.extend(quote! {
                    #[doc(hidden)]
                    #[allow(non_upper_case_globals)]
                    const #constant: usize = #tokens;
                    const _: () = #check;
                });
                quote!(#fw::integer!(#constant))
            }
        }
    }
}

/// A number without the suffix that `quote` gives it.
fn number(value: usize) -> Literal {
    Literal::usize_unsuffixed(value)
}

/// A call whose span goes from `start` to `end`, so that what it reports lies under these words.
/// They keep the user's own spans: a report then says nothing of a macro.
fn call_spanned(
    (start, end): (Span, Span),
    function: &TokenStream,
    arguments: &TokenStream,
) -> TokenStream {
    let function = function.clone().into_iter().map(|mut token| {
        token.set_span(start);
        token
    });
    let mut call: TokenStream = function.collect();
    quote_spanned!(end=> (#arguments)).to_tokens(&mut call);
    call
}

/// How a network takes its generic dimensions, as a layer of another network.
fn arguments(name: &Ident, generics: &[Ident]) -> TokenStream {
    let title = name.to_string();
    let positional = generics.iter().map(ToString::to_string);
    let given: Vec<&Ident> = generics.iter().chain([name]).collect();
    let setters = (0..generics.len()).map(|slot| {
        let argument = fresh("Argument", &given);
        let mut set = generics.to_vec();
        set[slot] = argument.clone();
        let slot = number(slot);
        quote! {
            impl<#(#generics: fw::Dimension,)* #argument: fw::Dimension> fw::Set<#slot, #argument>
                for #name<#(#generics),*>
            {
                type Output = #name<#(#set),*>;
            }
        }
    });
    quote! {
        impl<#(#generics: fw::Dimension),*> fw::Arguments for #name<#(#generics),*> {
            const SYNTAX: fw::Syntax =
                fw::Syntax { layer: #title, positional: &[#(#positional),*], keyed: &[] };
            type Value = fw::NoValue;
        }
        #(#setters)*
    }
}
