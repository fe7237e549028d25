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
    expand(input.into()).unwrap_or_else(|error| error.to_compile_error()).into()
}

fn expand(input: proc_macro2::TokenStream) -> syn::Result<proc_macro2::TokenStream> {
    let declaration = syn::parse2::<parse::Declaration>(input)?;
    let network = model::Network::new(declaration)?;
    Ok(expand::network(&network))
}
