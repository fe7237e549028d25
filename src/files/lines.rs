//! Lines of a file, one after the other.

use std::format;
use std::io::{self, BufRead, BufReader, ErrorKind, Read};
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
        if line(&mut self.content, &mut self.line)? == 0 {
            return Ok(None);
        }
        let line = self.line.strip_suffix(b"\n").unwrap_or(&self.line);
        Ok(Some(line.strip_suffix(b"\r").unwrap_or(line)))
    }
}

/// All lines, with what ends them.
pub(crate) fn text(content: impl Read) -> io::Result<Vec<u8>> {
    let (mut content, mut text) = (BufReader::new(content), Vec::new());
    while line(&mut content, &mut text)? > 0 {}
    Ok(text)
}

/// Adds one line to a text, and tells its length.
fn line(content: &mut impl BufRead, text: &mut Vec<u8>) -> io::Result<usize> {
    let length = content.take(LONGEST_LINE as u64 + 1).read_until(b'\n', text)?;
    if length > LONGEST_LINE {
        let found = format!("expected lines of at most {LONGEST_LINE} bytes, found a longer one");
        return Err(io::Error::new(ErrorKind::InvalidData, found));
    }
    Ok(length)
}
