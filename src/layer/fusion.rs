//! Layers that do the work of a rectifier beside them.
//!
//! To go over all activations once more takes longer than the comparison that a rectifier makes. So
//! a layer before it may rectify what it is about to write, and a layer after it may leave out of the
//! gradient what the rectifier would not let through:
//!
//! ```text
//! forward   y = max(f(x), 0)                            by the layer before
//! backward  dx = (df/dx)^T dy where x > 0, 0 elsewhere  by the layer after
//! ```
//!
//! Neither asks for memory: the layer after has its `x`, or remembers what mattered of it.

/// What a layer can do for a rectifier beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fusion {
    /// Whether it is a rectifier itself, and keeps nothing for backward.
    pub is_rectifier: bool,
    /// Whether it can rectify what it gives, in forward.
    pub rectifies: bool,
    /// Whether it can mask the gradient that it gives by where its `x` is above 0, in backward.
    pub masks: bool,
}

/// With which of the layers beside it a layer is fused, of which one is a rectifier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fused {
    /// With the one before: this layer masks its gradient; or it is a rectifier whose forward pass is
    /// done already.
    pub before: bool,
    /// With the one after: this layer rectifies what it gives; or it is a rectifier whose backward
    /// pass is done already.
    pub after: bool,
}

impl Fusion {
    /// It knows nothing of rectifiers.
    pub const NONE: Self = Self { is_rectifier: false, rectifies: false, masks: false };

    /// How the layers of a stack are fused.
    pub const fn of<const LAYERS: usize>(layers: [Self; LAYERS]) -> [Fused; LAYERS] {
        let mut fused = [Fused { before: false, after: false }; LAYERS];
        let mut i = 1;
        while i < LAYERS {
            let (before, layer) = (layers[i - 1], layers[i]);
            // A rectifier goes forward with the layer before it, and backward with the one after.
            if (layer.is_rectifier && before.rectifies) || (before.is_rectifier && layer.masks) {
                fused[i - 1].after = true;
                fused[i].before = true;
            }
            i += 1;
        }
        fused
    }
}
