//! Expansions as they are on paper. `BLESS=1 cargo test -p formwork-macros` writes them anew.

use quote::quote;
use std::path::Path;

fn assert_expands(name: &str, network: proc_macro2::TokenStream) {
    let expansion =
        crate::expand(quote!(::formwork; #network)).expect("a network without mistakes");
    let file = syn::parse2(expansion).expect("the expansion is a list of items");
    let text = prettyplease::unparse(&file);
    // A user may call the library something else: it is named once, as `network!` says.
    assert_eq!(text.matches("formwork").count(), 1, "paths of the library in {name}");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/expansions/{name}.rs"));
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &text).expect("the snapshots are writable");
    }
    let expected = std::fs::read_to_string(&path).expect("the snapshot is there");
    assert_eq!(text, expected, "the expansion differs from {}", path.display());
}

#[test]
fn a_plain_network() {
    assert_expands(
        "plain",
        quote! {
            /// Two layers.
            pub struct Net: Vector<4> => Vector<2> { fc: Dense<2>(Init::Zeros), Relu }
        },
    );
}

#[test]
fn a_residual_connection_and_a_constant() {
    assert_expands(
        "residual",
        quote! {
            struct Net: Vector<HIDDEN> => Vector<2> {
                block: Residual { fc: Dense<HIDDEN> },
                out: Dense<2>,
            }
        },
    );
}

#[test]
fn a_generic_network() {
    assert_expands(
        "generic",
        quote! {
            pub struct Head<In, Classes>: Vector<In> => Vector<Classes> {
                hidden: Dense<In>,
                out: Dense<Classes>,
            }
        },
    );
}
