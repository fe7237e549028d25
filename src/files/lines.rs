//! Lines of a file, one after the other.

use std::format;
use std::io::{self, BufRead, ErrorKind, Read};
use std::vec::Vec;

/// The longest line that is read of a file, in bytes: 16 MiB. Memory grows with what is read, and a
/// file without an end of a line is none of lines.
pub const LONGEST_LINE: usize = 16 << 20;

/// Lines of at most [`LONGEST_LINE`] bytes, without what ends them: `\n`, or `\r\n`.
pub(crate) struct Lines<R> {
    content: R,
    line: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    pub fn new(content: R) -> Self {
        Self { content, line: Vec::new() }
    }

    /// The next line; `None` after the last one.
    pub fn next(&mut self) -> io::Result<Option<&[u8]>> {
        self.line.clear();
        let most = LONGEST_LINE + 1;
        if self.content.by_ref().take(most as u64).read_until(b'\n', &mut self.line)? == 0 {
            return Ok(None);
        }
        if self.line.len() == most {
            let found =
                format!("expected lines of at most {LONGEST_LINE} bytes, found a longer one");
            return Err(io::Error::new(ErrorKind::InvalidData, found));
        }
        let line = self.line.strip_suffix(b"\n").unwrap_or(&self.line);
        Ok(Some(line.strip_suffix(b"\r").unwrap_or(line)))
    }
}
