//! The `network!` macro of [formwork](https://docs.rs/formwork), which documents and re-exports it.
//!
//! Three stages, with a barrier after each, so that all errors of a stage are reported together:
//! `parse` turns tokens into syntax, `model` gives each layer its name and each argument its
//! meaning, `expand` writes the code. The macro is syntax only: it knows no layer by name,
//! but for what messages say of names that nothing has.

mod expand;
mod model;
mod names;
mod parse;
#[cfg(test)]
mod snapshots;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::quote;

/// Declares a network: what `network!` of `formwork` hands on, with the path of the library.
#[proc_macro]
pub fn network(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let input = TokenStream::from(input);
    let name = name(&input);
    expand(input).unwrap_or_else(|error| refused(name, error)).into()
}

/// Reports what is wrong. A macro has the network's name, so that it can be imported where it is a
/// layer of others; of a type that it does not find, the compiler says nothing after such a report.
fn refused(name: Option<Ident>, error: syn::Error) -> TokenStream {
    let errors = error.to_compile_error();
    let name = name.map(|name| {
        quote! {
            #[allow(unused_macros)]
            macro_rules! #name { () => {}; }
            #[allow(unused_imports)]
            pub(crate) use #name;
        }
    });
    quote!(#errors #name)
}

/// The name of the network, as far as there is one.
fn name(input: &TokenStream) -> Option<Ident> {
    let mut tokens = input.clone().into_iter();
    tokens.find(|token| matches!(token, TokenTree::Ident(word) if word == "struct"))?;
    match tokens.next()? {
        TokenTree::Ident(name) => Some(name),
        _ => None,
    }
}

fn expand(input: TokenStream) -> syn::Result<TokenStream> {
    let declaration = syn::parse2::<parse::Declaration>(input)?;
    let network = model::Network::new(declaration)?;
    Ok(expand::network(&network))
}
