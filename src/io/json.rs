//! As much of JSON ([RFC 8259](https://www.rfc-editor.org/rfc/rfc8259)) as a header needs:
//! strings, whole numbers, and what holds them.

use super::header::FormatError;
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;

/// A text, of which a part is read.
pub(super) struct Json<'a> {
    text: &'a str,
    rest: &'a str,
}

impl<'a> Json<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, rest: text }
    }

    /// Says what should stand here.
    pub fn expected(&self, what: &str) -> FormatError {
        let at = self.text.len() - self.rest.len();
        let found: String = self.rest.chars().take(20).collect();
        FormatError(format!("header: expected {what} at byte {at}, found {found:?}"))
    }

    /// Takes `c` if it comes next but for white space.
    fn eats(&mut self, c: char) -> bool {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
        let rest = self.rest.strip_prefix(c);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn token(&mut self, c: char) -> Result<(), FormatError> {
        if self.eats(c) { Ok(()) } else { Err(self.expected(&format!("`{c}`"))) }
    }

    /// Makes sure that only white space is left.
    pub fn end(&mut self) -> Result<(), FormatError> {
        self.eats(' ');
        if self.rest.is_empty() { Ok(()) } else { Err(self.expected("the end")) }
    }

    /// Calls `member` for each member of an object or an array.
    pub fn each(
        &mut self,
        open: char,
        close: char,
        mut member: impl FnMut(&mut Self) -> Result<(), FormatError>,
    ) -> Result<(), FormatError> {
        self.token(open)?;
        if self.eats(close) {
            return Ok(());
        }
        loop {
            member(self)?;
            if self.eats(close) {
                return Ok(());
            }
            self.token(',')?;
        }
    }

    /// The key of a member.
    pub fn key(&mut self) -> Result<String, FormatError> {
        let key = self.string()?;
        self.token(':')?;
        Ok(key)
    }

    pub fn string(&mut self) -> Result<String, FormatError> {
        self.token('"')?;
        let mut text = String::new();
        loop {
            let plain = self.rest.find(|c| c == '"' || c == '\\' || c < ' ');
            let (plain, rest) = self.rest.split_at(plain.unwrap_or(self.rest.len()));
            text.push_str(plain);
            self.rest = rest;
            if let Some(rest) = rest.strip_prefix('"') {
                self.rest = rest;
                return Ok(text);
            }
            text.push(
                self.escape().ok_or_else(|| self.expected("an escape or the end of a string"))?,
            );
        }
    }

    /// A character behind a backslash; nothing is taken if there is none.
    fn escape(&mut self) -> Option<char> {
        let mut chars = self.rest.strip_prefix('\\')?.chars();
        let c = match chars.next()? {
            c @ ('"' | '\\' | '/') => c,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                // One unit of UTF-16, or the first of two.
                let mut units = [unit(&mut chars)?, 0];
                if (0xd800..0xdc00).contains(&units[0]) && chars.as_str().starts_with("\\u") {
                    chars.nth(1);
                    units[1] = unit(&mut chars)?;
                }
                char::decode_utf16(units).next()?.ok()?
            }
            _ => return None,
        };
        self.rest = chars.as_str();
        Some(c)
    }

    /// An array of whole numbers.
    pub fn numbers(&mut self) -> Result<Vec<usize>, FormatError> {
        let mut numbers = Vec::new();
        self.each('[', ']', |json| {
            json.eats(' ');
            let end = json.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(json.rest.len());
            let (digits, rest) = json.rest.split_at(end);
            match digits.parse() {
                Ok(number) if digits == "0" || !digits.starts_with('0') => numbers.push(number),
                _ => return Err(json.expected("a whole number")),
            }
            json.rest = rest;
            Ok(())
        })?;
        Ok(numbers)
    }
}

/// Four hexadecimal digits.
fn unit(chars: &mut core::str::Chars<'_>) -> Option<u16> {
    let digits =
        chars.as_str().get(..4).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
    chars.nth(3);
    u16::from_str_radix(digits, 16).ok()
}

/// A string as JSON has it.
pub(super) fn quoted(text: &str) -> String {
    let mut json = "\"".to_owned();
    for c in text.chars() {
        match c {
            '"' | '\\' => json.extend(['\\', c]),
            c if c < ' ' => write!(json, "\\u{:04x}", u32::from(c)).expect("a string takes all"),
            c => json.push(c),
        }
    }
    json + "\""
}
