//! Writes `src/expected.rs`: what the networks compute on this desktop, by the code that runs on the
//! microcontroller.
//!
//! ```sh
//! cargo run -p firmware --features record --bin record
//! ```

use firmware::{DIGITS, EFFECT, Outcome, SINE, digits, effect, sine};
use formwork::Stream;

fn main() -> std::io::Result<()> {
    let line = |function: &str, Outcome { checksum, right }: Outcome| {
        let name = function.to_uppercase();
        format!(
            "/// Of [`{function}`](crate::{function}).\n\
             pub const {name}: Outcome = Outcome {{ checksum: {checksum:#010x}, right: {right} }};\n"
        )
    };
    let text = [
        "//! What comes out on a desktop, as `record` writes it.\n\nuse crate::Outcome;\n\n",
        &line("digits", digits(&mut Stream::new(DIGITS, 1))),
        &line("effect", effect(&mut Stream::new(EFFECT, 1))),
        &line("sine", sine(&mut Stream::new(SINE, 1))),
        &format!(
            "/// Of [`roots`](crate::roots).\npub const ROOTS: u32 = {:#010x};\n",
            firmware::roots()
        ),
    ];
    print!("{}", text.concat());
    std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/expected.rs"), text.concat())
}
