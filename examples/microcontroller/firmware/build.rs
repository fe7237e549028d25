//! Writes the weights as constants. A file of another network, or of other names or shapes, stops the
//! build with a message that says so.

use formwork::prelude::*;
use std::error::Error;
use std::path::Path;

#[allow(dead_code, reason = "only the networks are needed")]
#[path = "src/networks.rs"]
mod networks;

fn main() -> Result<(), Box<dyn Error>> {
    embed::<networks::DigitNet>("digits")?;
    embed::<networks::Effect>("effect")?;
    embed::<networks::Sine>("sine")?;
    if std::env::var("CARGO_CFG_TARGET_OS")? == "none" {
        println!("cargo::rustc-link-search={}", env!("CARGO_MANIFEST_DIR"));
        println!("cargo::rustc-link-arg-bins=-Tlink.x");
    }
    println!("cargo::rerun-if-changed=src/networks.rs");
    println!("cargo::rerun-if-changed=memory.x");
    Ok(())
}

fn embed<N: Network>(name: &str) -> Result<(), Box<dyn Error>> {
    let weights = format!("weights/{name}.safetensors");
    println!("cargo::rerun-if-changed={weights}");
    let source = Path::new(&std::env::var("OUT_DIR")?).join(format!("{name}.rs"));
    std::fs::write(source, Model::<N>::load(weights)?.to_source())?;
    Ok(())
}
