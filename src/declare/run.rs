//! One layer's turn in a pass.

use crate::kernel::Real;
use crate::layer::{Backward, Context, Forward, Fused, Layer, Watch};
use crate::shape::{Reborrow, Shape, columns};

/// Takes one layer forward, in place or not, as the plan has it.
#[inline]
pub fn forward<L: Layer<In>, In: Shape, T: Real>(name: &'static str, pass: Forward<'_, L, In, T>) {
    let Forward { params, stats, state, tape, mut x, ids, mut y, mut cx } = pass;
    if L::IN_PLACE && !x.is_empty() {
        y.as_mut_slice().copy_from_slice(x.as_slice());
        x = columns(&[]);
    }
    // Who looks at what comes out of a layer wants to see it as it is.
    let fused = if cx.watch.is_some() { Fused::default() } else { cx.fused };
    let found = cx.watch.as_ref().is_some_and(|watch| watch.found.is_some());
    let inner = Context { fused, ..cx.same() };
    L::forward(Forward { params, stats, state, tape, x, ids, y: y.reborrow(), cx: inner });
    if let (false, Some(watch)) = (found, &mut cx.watch) {
        look(watch, name, y.as_slice());
    }
}

/// Looks at what has come out of the layer `name`. Not generic in the layer, so that it is compiled
/// once and not for each.
#[cold]
#[inline(never)]
fn look<T: Real>(watch: &mut Watch, name: &'static str, y: &[T]) {
    match &mut watch.found {
        // A layer inside this one, which knows its own name only.
        // Joined by hand: the machinery of `format!` would be in every firmware.
        Some(inner) => *inner = [name, ".", inner].concat(),
        none if y.iter().any(|v| !v.is_finite()) => *none = Some(name.into()),
        _ => {}
    }
}

/// Takes one layer backward, in place or not, as the plan has it.
#[inline]
pub fn backward<L: Layer<In>, In: Shape, T: Real>(mut pass: Backward<'_, L, In, T>) {
    if !L::IN_PLACE {
        return L::backward(pass);
    }
    L::backward(Backward {
        params: pass.params,
        gradient: pass.gradient,
        tape: pass.tape,
        x: columns(&[]),
        ids: pass.ids,
        y: pass.y,
        dy: pass.dy.reborrow(),
        dx: None,
        cx: pass.cx.same(),
    });
    if let Some(dx) = &mut pass.dx {
        dx.as_mut_slice().copy_from_slice(pass.dy.as_slice());
    }
}
