//! How the tensors of a network are called in a file.

use crate::files::excerpt;
use crate::layer::{Layer, LayerInfo};
use crate::net::Network;
use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::{self, Debug, Formatter};

/// How the tensors of a network are called in a file, and whether the two may have more than what
/// they have in common: for [`Model::load_with`](crate::Model::load_with) and
/// [`Model::save_with`](crate::Model::save_with).
///
/// At first the names are those of the network. Each of them is changed by the first of the calls
/// of [`rename`](Self::rename), [`stacked`](Self::stacked), [`by_position`](Self::by_position) and
/// [`map`](Self::map) that concerns it; the [prefix](Self::prefix) then comes before all.
///
/// ```
/// use formwork::io::Names;
/// use formwork::prelude::*;
/// use rand::SeedableRng;
///
/// network! {
///     struct Speaker: Token<7> => Vector<7> {
///         embed: Embedding<4>,
///         lstm1: Lstm<6>,
///         lstm2: Lstm<6>,
///         out: Dense<7>,
///     }
/// }
///
/// // `self.lstm = nn.LSTM(4, 6, num_layers=2)` and `self.head = nn.Linear(6, 7)`, in `DataParallel`.
/// let names = Names::new()
///     .stacked("lstm", &["lstm1", "lstm2"])
///     .rename("out", "head")
///     .prefix("module.");
/// let mut model = Model::<Speaker>::new(&mut Generator::seed_from_u64(1));
/// let file = model.to_bytes_with(&names)?;
///
/// let error = Model::<Speaker>::from_bytes(&file).unwrap_err().to_string();
/// assert!(error.starts_with("there is no tensor `embed.weight`"));
/// let left = model.load_bytes_with(&file, &names)?;
/// assert!(left.missing.is_empty() && left.surplus.is_empty());
/// # Ok::<(), formwork::io::WeightsError>(())
/// ```
#[derive(Default)]
pub struct Names {
    rules: Vec<Rule>,
    prefix: String,
    pub(super) once: bool,
    pub(super) surplus: bool,
    pub(super) missing: bool,
}

/// A change of names.
enum Rule {
    Rename { ours: String, theirs: String },
    Stacked { theirs: String, layers: Vec<String> },
    ByPosition,
    Map(Box<dyn Fn(&str) -> String + Send + Sync>),
}

impl Names {
    /// The network's names.
    pub fn new() -> Self {
        Self::default()
    }

    /// In the file, `prefix` comes before each name: `module.` of `DataParallel`, `_orig_mod.` of
    /// `torch.compile`, or whatever a part of a larger model goes by.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// What the network calls `ours`, a layer (`fc1`) or a tensor (`fc1.weight`), is `theirs` in the
    /// file.
    #[must_use]
    pub fn rename(self, ours: impl Into<String>, theirs: impl Into<String>) -> Self {
        self.with(Rule::Rename { ours: ours.into(), theirs: theirs.into() })
    }

    /// What are recurrent `layers` here is in the file one that is several layers deep, `theirs`:
    /// `nn.LSTM(num_layers=2)`, whose names end in `_l0` and `_l1`.
    #[must_use]
    pub fn stacked(self, theirs: impl Into<String>, layers: &[&str]) -> Self {
        let layers = layers.iter().copied().map(str::to_owned).collect();
        self.with(Rule::Stacked { theirs: theirs.into(), layers })
    }

    /// Layers go by their positions in the network, as in `nn.Sequential`: `0.weight`. All layers
    /// count, also those without tensors.
    #[must_use]
    pub fn by_position(self) -> Self {
        self.with(Rule::ByPosition)
    }

    /// What the network calls `name` is `theirs(name)` in the file.
    ///
    /// ```
    /// use formwork::io::Names;
    ///
    /// // The names of `nn.LSTMCell`.
    /// let names = Names::new().map(|name| name.replace("_l0", ""));
    /// ```
    #[must_use]
    pub fn map(self, theirs: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        self.with(Rule::Map(Box::new(theirs)))
    }

    /// Writes a weight that layers share under the first of its names alone, and not for each of
    /// them, which PyTorch's strict loading asks for. Files of either kind are read.
    #[must_use]
    pub fn once(mut self) -> Self {
        self.once = true;
        self
    }

    /// The file may have tensors that the network has not.
    #[must_use]
    pub fn allow_surplus(mut self) -> Self {
        self.surplus = true;
        self
    }

    /// The network may have tensors that the file has not: these keep their values.
    #[must_use]
    pub fn allow_missing(mut self) -> Self {
        self.missing = true;
        self
    }

    fn with(mut self, rule: Rule) -> Self {
        self.rules.push(rule);
        self
    }

    /// What the network `N` calls `name`.
    pub(super) fn of<N: Network>(&self, name: &str) -> String {
        let layers = <N as Layer<N::Input>>::LAYERS;
        let changed = self.rules.iter().find_map(|rule| rule.apply(name, layers));
        format!("{}{}", self.prefix, changed.as_deref().unwrap_or(name))
    }

    /// What to do about a file that has `found`, but not all of the network's tensors.
    pub(super) fn hint<N: Network>(&self, tensors: &[Vec<String>], found: &[String]) -> String {
        if !self.rules.is_empty() || !self.prefix.is_empty() {
            return String::new();
        }
        let is_there = |name: &str| found.iter().any(|found| found == name);
        let all = |called: &dyn Fn(&str) -> String| {
            let mut tensors = tensors.iter();
            tensors.all(|names| names.iter().any(|name| find(&called(name), is_there).is_some()))
        };
        let first = tensors.first().map_or("", |names| &names[0]);
        let mut prefixes = found.iter().filter_map(|found| found.strip_suffix(first));
        let prefix = prefixes.find(|prefix| all(&|name| format!("{prefix}{name}")));
        let positions = Self::new().by_position();
        if let Some(prefix) = prefix.filter(|prefix| !prefix.is_empty()) {
            let prefix = excerpt(prefix);
            format!(
                ". All names begin with `{prefix}` there: `Names::new().prefix(\"{prefix}\")` says \
                 so to `Model::load_with`"
            )
        } else if all(&|name| positions.of::<N>(name)) {
            ". Layers go by their positions there: `Names::new().by_position()` says so to \
             `Model::load_with`"
                .to_string()
        } else if found.iter().any(|found| found.contains("_l1")) {
            ". It has recurrent layers that are several deep: `Names::new().stacked(..)` says to \
             `Model::load_with` which layers these are here"
                .to_string()
        } else if found.iter().any(|found| !tensors.iter().flatten().any(|name| name == found)) {
            ". If it goes by another name, `io::Names` says so to `Model::load_with`".to_string()
        } else {
            String::new()
        }
    }
}

impl Rule {
    /// The name in the file of what the network calls `name`, if the rule concerns it.
    fn apply(&self, name: &str, layers: &[LayerInfo]) -> Option<String> {
        match self {
            Self::Rename { ours, theirs } => {
                let rest = name.strip_prefix(ours.as_str())?;
                (rest.is_empty() || rest.starts_with('.')).then(|| format!("{theirs}{rest}"))
            }
            Self::Stacked { theirs, layers } => {
                layers.iter().enumerate().find_map(|(depth, layer)| {
                    let tensor = name.strip_prefix(layer.as_str())?.strip_prefix('.')?;
                    Some(format!("{theirs}.{}", tensor.replace("_l0", &format!("_l{depth}"))))
                })
            }
            Self::ByPosition => Some(positions(name, layers)),
            Self::Map(theirs) => Some(theirs(name)),
        }
    }
}

/// A name with the position of each layer in place of its own name.
fn positions(name: &str, mut layers: &[LayerInfo]) -> String {
    let parts = name.split('.').map(|part| {
        let at = layers.iter().position(|layer| layer.name == part);
        layers = at.map_or(&[], |at| layers[at].layers);
        at.map_or(part.to_owned(), |at| at.to_string())
    });
    parts.collect::<Vec<_>>().join(".")
}

/// The name that is there for `name`: the same, or for a recurrent layer that of PyTorch's cells,
/// which have no depth.
pub(super) fn find(name: &str, is_there: impl Fn(&str) -> bool) -> Option<&str> {
    [Some(name), name.strip_suffix("_l0")].into_iter().flatten().find(|name| is_there(name))
}

impl Debug for Names {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Names")
            .field("rules", &self.rules)
            .field("prefix", &self.prefix)
            .field("once", &self.once)
            .field("surplus", &self.surplus)
            .field("missing", &self.missing)
            .finish()
    }
}

impl Debug for Rule {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rename { ours, theirs } => write!(f, "{ours} is {theirs}"),
            Self::Stacked { theirs, layers } => write!(f, "{layers:?} are {theirs}"),
            Self::ByPosition => write!(f, "by position"),
            Self::Map(_) => write!(f, "a function"),
        }
    }
}
