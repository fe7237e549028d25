//! How many places a filter has on an axis, and the other way round: the shape rules of everything
//! that slides over an image.

use crate::layer::NotGiven;
use crate::shape::{Check, Dimension};

/// Pixels that a filter covers: `dilation (kernel - 1) + 1`.
pub type Span<Kernel, Dilation> =
    <<Dilation as Dimension>::Times<Less1<Kernel>> as Dimension>::Next;

/// The positions of a filter: `(size + 2 pad - span) / stride + 1`, rounded down.
pub type Positions<Size, Kernel, Stride, Pad, Dilation> = <<<<Size as Dimension>::Plus<
    <Pad as Dimension>::Double,
> as Dimension>::Minus<Span<Kernel, Dilation>> as Dimension>::Over<Stride> as Dimension>::Next;

/// The size on which a filter has `Size` positions, with `extra` pixels more where the stride
/// leaves several: `(size - 1) stride + span + extra - 2 pad`.
pub type Extent<Size, Kernel, Stride, Pad, Dilation, Extra> = <<<<Less1<Size> as Dimension>::Times<
    Stride,
> as Dimension>::Plus<Span<Kernel, Dilation>> as Dimension>::Plus<Extra> as Dimension>::Minus<
    <Pad as Dimension>::Double,
>;

type Less1<N> = <N as Dimension>::Minus<typenum::U1>;

/// An argument that, where it is not given, is another one.
pub trait Or<Other: Dimension> {
    /// The argument, or the other one.
    type Is: Dimension;
}

impl<N: Dimension, Other: Dimension> Or<Other> for N {
    type Is = N;
}

impl<Other: Dimension> Or<Other> for NotGiven {
    type Is = Other;
}

/// That a window can slide over an image of `[height, width]`: it is at least one pixel, moves,
/// and fits. `what` is what it is called: `filter` or `window`.
pub const fn slides(
    what: &'static str,
    size: [usize; 2],
    kernel: [usize; 2],
    stride: [usize; 2],
    pad: [usize; 2],
    dilation: [usize; 2],
) -> Check {
    let some = kernel[0] > 0 && kernel[1] > 0;
    let moves = stride[0] > 0 && stride[1] > 0;
    let spread = dilation[0] > 0 && dilation[1] > 0;
    let kind = Check::require(some, "a {}x{} {} covers nothing")
        .number(kernel[0])
        .number(kernel[1])
        .text(what)
        .and(Check::require(moves, "a stride of 0 never moves the {}").text(what))
        .and(
            Check::require(
                spread,
                "a dilation of 0 puts all taps of the {} on one pixel; 1 is none",
            )
            .text(what),
        );
    if !kind.is_ok() {
        return kind;
    }
    let span = [dilation[0] * (kernel[0] - 1) + 1, dilation[1] * (kernel[1] - 1) + 1];
    let fits = span[0] <= size[0] + 2 * pad[0] && span[1] <= size[1] + 2 * pad[1];
    let dilated = span[0] != kernel[0] || span[1] != kernel[1];
    let padded = pad[0] + pad[1] > 0;
    let template = match (dilated, padded) {
        (false, false) => "a {}x{} {} does not fit its {}x{} input",
        (false, true) => "a {}x{} {} does not fit its {}x{} input, not even with padding of {}x{}",
        (true, false) => "a {}x{} {}, dilated to {}x{}, does not fit its {}x{} input",
        (true, true) => "a {}x{} {}, dilated to {}x{}, does not fit its {}x{} input",
    };
    let check = Check::require(fits, template).number(kernel[0]).number(kernel[1]).text(what);
    let check = if dilated { check.number(span[0]).number(span[1]) } else { check };
    let check = check.number(size[0]).number(size[1]);
    if padded && !dilated { check.number(pad[0]).number(pad[1]) } else { check }
}

/// That a layer called `layer` is given an image rather than a flat vector or token ids.
pub const fn takes_image<In: crate::shape::Shape>(layer: &'static str) -> Check {
    let [c, h, w] = In::DIMS;
    Check::require(In::NUMERIC, "{} takes an image, but is given token ids").text(layer).and(
        Check::require(c == 1 || h * w > 1, "{} takes an image, but is given a vector of {}")
            .text(layer)
            .number(c),
    )
}
