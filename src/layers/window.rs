//! How many places a filter has on an axis, and the other way round: the shape rules of everything
//! that slides over an image.

use crate::layer::NotGiven;
use crate::shape::{Check, Dimension, Shape};
use typenum::{U1, Unsigned};

/// How a filter or a window slides along an axis: `(Kernel, Stride, Pad, Dilation)`, in pixels.
pub trait Slide: 'static {
    /// The taps of the filter.
    type Kernel: Dimension;
    /// From one position to the next.
    const STRIDE: usize;
    /// The border before, and that after.
    const PAD: usize;
    /// From one tap to the next.
    const DILATION: usize;

    /// The positions on `Size` pixels: `(size + 2 pad - span) / stride + 1`, rounded down, where a
    /// filter spans `dilation (kernel - 1) + 1` pixels.
    type Positions<Size: Dimension>: Dimension;
    /// The size on which there are `Size` positions, with `Extra` pixels more where the stride leaves
    /// several: `(size - 1) stride + span + extra - 2 pad`.
    type Extent<Size: Dimension, Extra: Dimension>: Dimension;
}

impl<Kernel, Stride, Pad, Dilation> Slide for (Kernel, Stride, Pad, Dilation)
where
    Kernel: Dimension,
    Stride: Dimension,
    Pad: Dimension,
    Dilation: Dimension,
{
    type Kernel = Kernel;
    const STRIDE: usize = Stride::USIZE;
    const PAD: usize = Pad::USIZE;
    const DILATION: usize = Dilation::USIZE;

    type Positions<Size: Dimension> =
        <Over<Minus<Plus<Size, Pad::Double>, Span<Kernel, Dilation>>, Stride> as Dimension>::Next;
    type Extent<Size: Dimension, Extra: Dimension> = Minus<
        Plus<Plus<Times<Minus<Size, U1>, Stride>, Span<Kernel, Dilation>>, Extra>,
        Pad::Double,
    >;
}

type Span<Kernel, Dilation> = <Times<Dilation, Minus<Kernel, U1>> as Dimension>::Next;
type Plus<A, B> = <A as Dimension>::Plus<B>;
type Minus<A, B> = <A as Dimension>::Minus<B>;
type Times<A, B> = <A as Dimension>::Times<B>;
type Over<A, B> = <A as Dimension>::Over<B>;

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

/// That what slides down and across an image of `[height, width]` is at least one pixel, moves, and
/// fits. `what` is what it is called: `filter` or `window`.
pub const fn slides<Down: Slide, Across: Slide>(what: &'static str, size: [usize; 2]) -> Check {
    let kernel = [Down::Kernel::USIZE, Across::Kernel::USIZE];
    let (stride, pad) = ([Down::STRIDE, Across::STRIDE], [Down::PAD, Across::PAD]);
    let dilation = [Down::DILATION, Across::DILATION];
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

/// That a layer called `layer` is given an image rather than a flat vector.
pub const fn takes_image<In: Shape>(layer: &'static str) -> Check {
    let [c, h, w] = In::DIMS;
    Check::require(c == 1 || h * w > 1, "{} takes an image, but is given a vector of {}")
        .text(layer)
        .number(c)
}
