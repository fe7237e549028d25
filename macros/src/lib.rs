//! The `network!` macro of [formwork](https://docs.rs/formwork), which documents and re-exports it.
//!
//! Three stages, with a barrier after each, so that all errors of a stage are reported together:
//! `parse` turns tokens into syntax, `model` gives each layer its name and each argument its
//! meaning, `expand` writes the code. The macro is syntax only: it knows no layer by name.

mod expand;
mod model;
mod parse;
#[cfg(test)]
mod snapshots;

use proc_macro::TokenStream;

/// Declares a network: what `network!` of `formwork` hands on, with the path of the library.
#[proc_macro]
pub fn network(input: TokenStream) -> TokenStream {
    let input = proc_macro2::TokenStream::from(input);
    let stand_in = stand_in(&input);
    let network = expand(input).unwrap_or_else(|error| {
        let errors = error.to_compile_error();
        quote::quote!(#errors #stand_in)
    });
    network.into()
}

/// What has the name of a network with mistakes that is generic in its dimensions, so that they are
/// not echoed where it is a layer of others.
fn stand_in(input: &proc_macro2::TokenStream) -> Option<proc_macro2::TokenStream> {
    use proc_macro2::{TokenStream, TokenTree};
    let mut tokens = input.clone().into_iter();
    let is_end = |token: &TokenTree| matches!(token, TokenTree::Punct(p) if p.as_char() == ';');
    let krate: TokenStream = tokens.by_ref().take_while(|token| !is_end(token)).collect();
    tokens.find(|token| matches!(token, TokenTree::Ident(word) if word == "struct"))?;
    match (tokens.next()?, tokens.next()?) {
        (TokenTree::Ident(name), TokenTree::Punct(next)) if next.as_char() == '<' => {
            Some(quote::quote!(#[doc(hidden)] pub use #krate::declare::Reported as #name;))
        }
        _ => None,
    }
}

fn expand(input: proc_macro2::TokenStream) -> syn::Result<proc_macro2::TokenStream> {
    let declaration = syn::parse2::<parse::Declaration>(input)?;
    let network = model::Network::new(declaration)?;
    Ok(expand::network(&network))
}
