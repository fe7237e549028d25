//! What is wrong with a shape, said at compile time in decimal.

use super::Shape;
use const_panic::{PanicVal, concat_panic};

/// The verdict of a layer on its arguments and on the shape it is given.
///
/// It is a constant of the layer; `network!` reports it under the words the user wrote.
///
/// ```
/// use formwork::shape::Check;
///
/// const KERNEL: usize = 3;
/// const HEIGHT: usize = 28;
/// const CHECK: Check = Check::require(KERNEL <= HEIGHT, "a {}x{} filter does not fit a height of {}")
///     .number(KERNEL)
///     .number(KERNEL)
///     .number(HEIGHT);
/// const _: () = CHECK.report("conv1");
/// ```
#[derive(Clone, Copy)]
pub struct Check {
    /// The message, with `{}` for each part; `None` when all is well.
    template: Option<&'static str>,
    parts: [Part; MAX_PARTS],
    len: usize,
    /// The layers inside, from the innermost on, when this is the verdict of what is around them.
    within: [&'static str; MAX_DEPTH],
}

/// The layers that a message names, one inside the other.
const MAX_DEPTH: usize = 6;

const MAX_PARTS: usize = 8;

#[derive(Clone, Copy)]
enum Part {
    Number(usize),
    Text(&'static str),
    Shape { numeric: bool, dims: [usize; 3] },
}

impl Check {
    /// Nothing to complain of.
    pub const OK: Self = Self {
        template: None,
        parts: [Part::Number(0); MAX_PARTS],
        len: 0,
        within: [""; MAX_DEPTH],
    };

    /// Something to complain of that has been reported elsewhere.
    pub const REPORTED: Self = Self { template: Some(""), ..Self::OK };

    /// Complains with `template` unless `holds`; each `{}` in it is filled by the next
    /// [`number`](Self::number) or [`text`](Self::text).
    pub const fn require(holds: bool, template: &'static str) -> Self {
        if holds { Self::OK } else { Self { template: Some(template), ..Self::OK } }
    }

    /// Fills the next `{}` with a number.
    pub const fn number(self, number: usize) -> Self {
        self.part(Part::Number(number))
    }

    /// Fills the next `{}` with a text.
    pub const fn text(self, text: &'static str) -> Self {
        self.part(Part::Text(text))
    }

    /// Fills the next `{}` with a shape, as the user would write it: `Image<3, 28, 28>`.
    pub const fn shape<S: Shape>(self) -> Self {
        self.part(Part::Shape { numeric: S::NUMERIC, dims: S::DIMS })
    }

    /// Fills the next `{}` with the shape of these dimensions.
    pub const fn dims(self, dims: [usize; 3]) -> Self {
        self.part(Part::Shape { numeric: true, dims })
    }

    /// The same verdict as one of the layer `name` inside another.
    pub const fn within(mut self, name: &'static str) -> Self {
        let mut i = 0;
        while i + 1 < MAX_DEPTH && !self.within[i].is_empty() {
            i += 1;
        }
        self.within[i] = name;
        self
    }

    /// The first complaint of the two.
    pub const fn and(self, other: Self) -> Self {
        if self.template.is_some() { self } else { other }
    }

    /// Whether there is nothing to complain of.
    pub const fn is_ok(&self) -> bool {
        self.template.is_none()
    }

    const fn is_news(&self) -> bool {
        matches!(self.template, Some(template) if !template.is_empty())
    }

    /// Fails the compilation with the complaint, if there is one, in the name of a layer.
    ///
    /// # Panics
    /// When there is a complaint; in a constant this is the compile error.
    #[track_caller]
    pub const fn report(self, layer: &'static str) {
        if self.is_news() {
            let mut message = Message::new();
            message.push(PanicVal::write_str("layer `"));
            message.push(PanicVal::write_str(layer));
            message.push(PanicVal::write_str("`: "));
            self.fail(message)
        }
    }

    /// As [`report`](Self::report), for what concerns a network as a whole.
    ///
    /// # Panics
    /// When there is a complaint.
    #[track_caller]
    pub const fn report_network(self, network: &'static str) {
        if self.is_news() {
            let mut message = Message::new();
            message.push(PanicVal::write_str("network `"));
            message.push(PanicVal::write_str(network));
            message.push(PanicVal::write_str("`: "));
            self.fail(message)
        }
    }

    /// As [`report`](Self::report), in the name of nothing.
    ///
    /// # Panics
    /// When there is a complaint.
    #[track_caller]
    pub(crate) const fn report_bare(self) {
        if self.is_news() {
            self.fail(Message::new())
        }
    }

    #[track_caller]
    const fn fail(self, mut message: Message) -> ! {
        let mut i = MAX_DEPTH;
        while i > 0 {
            i -= 1;
            if !self.within[i].is_empty() {
                message.push(PanicVal::write_str("layer `"));
                message.push(PanicVal::write_str(self.within[i]));
                message.push(PanicVal::write_str("` inside: "));
            }
        }
        if let Some(template) = self.template {
            let mut rest = template;
            let mut next = 0;
            while let Some((before, after)) = split_at_hole(rest) {
                message.push(PanicVal::write_str(before));
                let part = if next < self.len { self.parts[next] } else { Part::Text("{}") };
                match part {
                    Part::Number(number) => message.number(number),
                    Part::Text(text) => message.push(PanicVal::write_str(text)),
                    Part::Shape { numeric, dims } => message.shape(numeric, dims),
                }
                next += 1;
                rest = after;
            }
            message.push(PanicVal::write_str(rest));
        }
        concat_panic(&[&message.values])
    }

    const fn part(mut self, part: Part) -> Self {
        if self.template.is_some() && self.len < MAX_PARTS {
            self.parts[self.len] = part;
            self.len += 1;
        }
        self
    }
}

/// Room for a shape, which is seven pieces, and the text before it, in each place.
const MAX_VALUES: usize = 8 * MAX_PARTS + 3 * MAX_DEPTH + 8;

/// The pieces of a message, in a row.
struct Message {
    values: [PanicVal<'static>; MAX_VALUES],
    len: usize,
}

impl Message {
    const fn new() -> Self {
        Self { values: [PanicVal::EMPTY; MAX_VALUES], len: 0 }
    }

    const fn push(&mut self, value: PanicVal<'static>) {
        self.values[self.len] = value;
        self.len += 1;
    }

    const fn number(&mut self, number: usize) {
        self.push(PanicVal::from_usize(number, const_panic::FmtArg::DISPLAY));
    }

    const fn shape(&mut self, numeric: bool, dims: [usize; 3]) {
        let is_flat = dims[1] == 1 && dims[2] == 1;
        self.push(PanicVal::write_str(match (numeric, is_flat) {
            (false, true) => "Token<",
            (false, false) => "Bag<",
            (true, true) => "Vector<",
            (true, false) => "Image<",
        }));
        self.number(dims[0]);
        if !is_flat {
            self.push(PanicVal::write_str(", "));
            self.number(dims[1]);
        }
        if numeric && !is_flat {
            self.push(PanicVal::write_str(", "));
            self.number(dims[2]);
        }
        self.push(PanicVal::write_str(">"));
    }
}

/// The text before and after the first `{}`.
const fn split_at_hole(text: &'static str) -> Option<(&'static str, &'static str)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at + 1 < bytes.len() {
        if bytes[at] == b'{' && bytes[at + 1] == b'}' {
            let (before, after) = text.split_at(at);
            let (_, after) = after.split_at(2);
            return Some((before, after));
        }
        at += 1;
    }
    None
}
