//! The tensors of a run of floats: how they are called, their dimensions, and where they lie.

use super::Plain;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::mem::take;
use core::ops::Range;

/// What is called with the path, the dimensions and the place of a tensor.
pub type EachTensor<'f> = dyn FnMut(&str, &[usize], Range<usize>) + 'f;

/// Calls a function for each tensor of a [`Plain`] value with its path, dimensions and place.
pub struct TensorVisitor<'f> {
    path: String,
    /// What comes after each name.
    suffix: String,
    /// Whether the next field adds nothing to the path.
    nameless: bool,
    /// The number of the next stack, where stacks stand side by side.
    index: usize,
    start: usize,
    /// Second names of tensors, each before the first one.
    shared: Vec<[String; 2]>,
    each: &'f mut EachTensor<'f>,
}

impl<'f> TensorVisitor<'f> {
    /// A visitor at the start of a run of floats. `each` is given a tensor's path (`fc1.weight`),
    /// its dimensions, and where in the run it lies.
    pub fn new(each: &'f mut EachTensor<'f>) -> Self {
        Self {
            path: String::new(),
            suffix: String::new(),
            nameless: false,
            index: 0,
            start: 0,
            shared: Vec::new(),
            each,
        }
    }

    /// Goes into the field `name`, of type `P`.
    pub fn field<T, P: Plain<T>>(&mut self, name: &str) {
        let outer = self.path.len();
        if !take(&mut self.nameless) {
            self.path = self.inside(name);
        }
        let index = take(&mut self.index);
        P::tensors(self);
        self.index = index;
        self.path.truncate(outer);
    }

    /// Goes into the next of several stacks side by side, whose name is its number.
    pub(super) fn numbered<T, P: Plain<T>>(&mut self) {
        self.field::<T, P>(&format!("{}", self.index));
        self.index += 1;
    }

    /// Goes into both directions of a stack. The names in the reverse one end in `_reverse`. If the
    /// stack is a layer `alone`, its name is left out.
    pub fn directions<T, P: Plain<T>>(&mut self, alone: bool) {
        let outer = self.suffix.len();
        // In a direction of another such layer, the first one has a name as well.
        let ahead = if outer > 0 { "_forward" } else { "" };
        for suffix in [ahead, "_reverse"] {
            self.suffix.push_str(suffix);
            self.nameless = alone;
            P::tensors(self);
            self.nameless = false;
            self.suffix.truncate(outer);
        }
    }

    /// Tells of one tensor, which lies next in the run.
    pub fn tensor(&mut self, dims: &[usize]) {
        let (outer, end) = (self.path.len(), self.start + dims.iter().product::<usize>());
        self.path.push_str(&self.suffix);
        (self.each)(&self.path, dims, self.start..end);
        self.path.truncate(outer);
        self.start = end;
    }

    /// Tells that the layer `sharer` has the weight of the layer `owner` for its own.
    pub fn shared(&mut self, sharer: &str, owner: &str) {
        let weight = |layer| format!("{}.weight{}", self.inside(layer), self.suffix);
        self.shared.push([weight(sharer), weight(owner)]);
    }

    /// The path of a field.
    fn inside(&self, name: &str) -> String {
        if self.path.is_empty() { name.into() } else { format!("{}.{name}", self.path) }
    }
}

/// What there is to know of a tensor in a run of floats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TensorInfo {
    /// Its names: that of the layer it belongs to first, then those of layers that share it.
    pub names: Vec<String>,
    /// Its dimensions.
    pub dims: Vec<usize>,
    /// Where it lies, row after row.
    pub place: Range<usize>,
}

/// The tensors of `P`, in the order in which they lie.
pub fn tensors<T, P: Plain<T>>() -> Vec<TensorInfo> {
    let mut tensors = Vec::new();
    let mut each = |name: &str, dims: &[usize], place| {
        tensors.push(TensorInfo { names: Vec::from([name.into()]), dims: dims.into(), place });
    };
    let mut visitor = TensorVisitor::new(&mut each);
    P::tensors(&mut visitor);
    let shared = visitor.shared;
    for [second, first] in shared {
        let owner = tensors.iter_mut().find(|tensor| tensor.names[0] == first);
        owner.into_iter().for_each(|owner| owner.names.push(second.clone()));
    }
    tensors
}
