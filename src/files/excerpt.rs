//! Words of a file in a message.

use alloc::string::String;

/// What a message quotes of a file at most, in characters.
const LONGEST: usize = 60;

/// The beginning of a text from a file, without characters that a terminal would obey.
pub(crate) fn excerpt(text: &str) -> String {
    beginning(text, LONGEST)
}

/// The same of so many characters, for messages with words of the file in them.
pub(crate) fn beginning(text: &str, longest: usize) -> String {
    let mut excerpt = String::new();
    for (at, c) in text.chars().enumerate() {
        if at == longest {
            excerpt.push_str("...");
            break;
        }
        match c {
            '\'' | '"' => excerpt.push(c),
            c => excerpt.extend(c.escape_debug()),
        }
    }
    excerpt
}
