//! Writing to the standard output, whose reader may have left.

/// As that of the standard library, but for what happens where nothing can be written: when the
/// reader has left, as `head` does, the program ends in silence, and when a disk is full, in words.
macro_rules! println {
    ($($text:tt)*) => {{
        use std::io::Write as _;
        if let Err(error) = writeln!(std::io::stdout(), $($text)*) {
            if error.kind() == std::io::ErrorKind::BrokenPipe {
                std::process::exit(0);
            }
            let _ = writeln!(std::io::stderr(), "Error: standard output: {error}");
            std::process::exit(1);
        }
    }};
}
