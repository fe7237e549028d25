//! The models that people have, against what other libraries compute of them: those of RTNeural's own
//! tests, and of Neural Amp Modeler. With them in a folder (`rtneural/`, `nam/`), `FORMWORK_AUDIO=folder`
//! makes these tests read them; without, they say so and pass.

#[path = "../../examples/audio/description.rs"]
#[allow(dead_code)]
mod description;
#[path = "../../examples/audio/json.rs"]
mod json;
#[path = "../../examples/audio/keras.rs"]
mod keras;
#[path = "../../examples/audio/nam.rs"]
mod nam;
#[path = "../../examples/audio/networks.rs"]
mod networks;
#[path = "../../examples/audio/torch.rs"]
mod torch;

mod amplifiers;
mod handmade;
mod pairs;

use serde_json::Value;
use std::path::PathBuf;

/// A file of the folder with the models; `None`, and a word, where there is no such folder.
fn path(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("FORMWORK_AUDIO");
    if folder.is_none() {
        println!(
            "FORMWORK_AUDIO names no folder with models of the audio world: nothing to compare"
        );
    }
    Some(PathBuf::from(folder?).join(name))
}

fn read(name: &str) -> Option<Vec<u8>> {
    let path = path(name)?;
    Some(std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

fn json(name: &str) -> Option<Value> {
    Some(serde_json::from_slice(&read(name)?).unwrap_or_else(|error| panic!("{name}: {error}")))
}
