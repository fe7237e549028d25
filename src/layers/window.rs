//! How many places a filter has on an axis, and the other way round: the shape rules of everything
//! that slides over an image.
//!
//! Keyed arguments have one rule everywhere. What has no ending (`Kernel`, `stride`, `pad`,
//! `dilation`) goes for both axes; with `_width` it goes across, and the other then down. `pad_top`,
//! `pad_bottom`, `pad_left` and `pad_right` go before that for one side. With `same` there is a pixel
//! for each stride, and the padding is what that takes, an odd pixel of it at the bottom or right.

use crate::kernel::conv::Axis;
use crate::layer::NotGiven;
use crate::shape::{Check, Dimension, IfLess, Shape};
use typenum::{U0, U1, Unsigned};

/// How a filter or a window slides along an axis, in pixels:
/// `(Kernel, Stride, (Before, After), Dilation, Same, Ceil)`.
pub trait Slide: 'static {
    /// The taps of the filter.
    type Kernel: Dimension;
    /// From one position to the next.
    const STRIDE: usize;
    /// The border before and that after, as far as they are given.
    const PADS: [usize; 2];
    /// From one tap to the next.
    const DILATION: usize;
    /// 1 for borders that leave a position for each stride.
    const SAME: usize;
    /// 1 for a last position where pixels are left, over the border.
    const CEIL: usize;

    /// The positions on `Size` pixels: `(size + before + after - span) / stride + 1`, rounded down, or
    /// up if so asked, where a filter spans `dilation (kernel - 1) + 1` pixels.
    type Positions<Size: Dimension>: Dimension;
    /// The size on which there are `Size` positions, with `Extra` pixels more where the stride leaves
    /// several: `(size - 1) stride + span + extra - before - after`.
    type Extent<Size: Dimension, Extra: Dimension>: Dimension;
}

impl<Kernel, Stride, Before, After, Dilation, Same, Ceil> Slide
    for (Kernel, Stride, (Before, After), Dilation, Same, Ceil)
where
    Kernel: Dimension,
    Stride: Dimension,
    Before: Dimension,
    After: Dimension,
    Dilation: Dimension,
    Same: Dimension,
    Ceil: Dimension,
{
    type Kernel = Kernel;
    const STRIDE: usize = Stride::USIZE;
    const PADS: [usize; 2] = [Before::USIZE, After::USIZE];
    const DILATION: usize = Dilation::USIZE;
    const SAME: usize = Same::USIZE;
    const CEIL: usize = Ceil::USIZE;

    type Positions<Size: Dimension> = IfLess<
        Same,
        U1,
        Begun<
            Size,
            Stride,
            Before,
            Ceil,
            Steps<
                Minus<Plus<Plus<Size, Before>, After>, Span<Kernel, Dilation>>,
                Stride,
                Times<Ceil, Minus<Stride, U1>>,
            >,
        >,
        Over<Plus<Size, Minus<Stride, U1>>, Stride>,
    >;
    type Extent<Size: Dimension, Extra: Dimension> = Minus<
        Plus<Plus<Times<Minus<Size, U1>, Stride>, Span<Kernel, Dilation>>, Extra>,
        Plus<Before, After>,
    >;
}

type Span<Kernel, Dilation> = <Times<Dilation, Minus<Kernel, U1>> as Dimension>::Next;
type Plus<A, B> = <A as Dimension>::Plus<B>;
type Minus<A, B> = <A as Dimension>::Minus<B>;
type Times<A, B> = <A as Dimension>::Times<B>;
type Over<A, B> = <A as Dimension>::Over<B>;

/// The positions up to a distance, which may be rounded up.
type Steps<Distance, Stride, RoundUp> = <Over<Plus<Distance, RoundUp>, Stride> as Dimension>::Next;
/// With `Ceil`, one position less if the last would begin on the border after.
type Begun<Size, Stride, Before, Ceil, Positions> = IfLess<
    Times<Ceil, Times<Minus<Positions, U1>, Stride>>,
    Plus<Size, Before>,
    Positions,
    Minus<Positions, U1>,
>;

/// How something slides along the axis of no length that a sequence has.
pub type Still = (U1, U1, (U0, U0), U1, U0, U0);

/// The borders on an axis of `size` pixels, before and after.
pub const fn pads<S: Slide>(size: usize) -> [usize; 2] {
    if S::SAME == 0 || S::STRIDE == 0 || S::Kernel::USIZE == 0 {
        return S::PADS;
    }
    let reach = (size.div_ceil(S::STRIDE).saturating_sub(1)) * S::STRIDE + span::<S>();
    let pad = reach.saturating_sub(size);
    [pad / 2, pad - pad / 2]
}

/// The pixels that a filter spans.
const fn span<S: Slide>() -> usize {
    S::DILATION * S::Kernel::USIZE.saturating_sub(1) + 1
}

/// The axis of an image on which something slides.
pub const fn axis<S: Slide>(size: usize) -> Axis {
    let axis = Axis::new(size, S::Kernel::USIZE, S::STRIDE, pads::<S>(size), S::DILATION);
    if S::CEIL == 0 { axis } else { axis.with_rest() }
}

/// An argument that need not be given.
pub trait Optional: 'static {
    /// The argument, or where it is not given another one.
    type Or<Other: Dimension>: Dimension;
}

impl<N: Dimension> Optional for N {
    type Or<Other: Dimension> = N;
}

impl Optional for NotGiven {
    type Or<Other: Dimension> = Other;
}

/// That what slides down and across an image of `[height, width]` is at least one pixel, moves, and
/// fits. `what` is what it is called: `filter` or `window`.
pub const fn slides<Down: Slide, Across: Slide>(what: &'static str, size: [usize; 2]) -> Check {
    let kernel = [Down::Kernel::USIZE, Across::Kernel::USIZE];
    let stride = [Down::STRIDE, Across::STRIDE];
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
        )
        .and(flag(Across::SAME, "`same` is 1 for an output pixel for each stride or 0, but is {}"))
        .and(flag(Across::CEIL, "`ceil` is 1 for a last window over the border or 0, but is {}"))
        .and(chosen::<Down>())
        .and(chosen::<Across>());
    if !kind.is_ok() {
        return kind;
    }
    let span = [span::<Down>(), span::<Across>()];
    let (down, across) = (pads::<Down>(size[0]), pads::<Across>(size[1]));
    let padded = [size[0] + down[0] + down[1], size[1] + across[0] + across[1]];
    let fits = span[0] <= padded[0] && span[1] <= padded[1];
    let dilated = span[0] != kernel[0] || span[1] != kernel[1];
    let even = down[0] == down[1] && across[0] == across[1];
    let template = match (dilated, padded[0] + padded[1] > size[0] + size[1], even) {
        (false, false, _) => "a {}x{} {} does not fit its {}x{} input",
        (false, true, true) => {
            "a {}x{} {} does not fit its {}x{} input, not even with padding of {}x{}"
        }
        (false, true, false) => {
            "a {}x{} {} does not fit its {}x{} input, not even with padding, {}x{}"
        }
        (true, ..) => "a {}x{} {}, dilated to {}x{}, does not fit its {}x{} input",
    };
    let check = Check::require(fits, template).number(kernel[0]).number(kernel[1]).text(what);
    if dilated {
        return check.number(span[0]).number(span[1]).number(size[0]).number(size[1]);
    }
    let with = if even { [down[0], across[0]] } else { padded };
    check.number(size[0]).number(size[1]).number(with[0]).number(with[1])
}

/// That an argument says yes or no.
const fn flag(given: usize, template: &'static str) -> Check {
    Check::require(given <= 1, template).number(given)
}

/// That padding is not given twice.
const fn chosen<S: Slide>() -> Check {
    let pad = if S::PADS[0] > 0 { S::PADS[0] } else { S::PADS[1] };
    let template = "`same` chooses the padding, but padding of {} is given, too";
    Check::require(S::SAME == 0 || pad == 0, template).number(pad)
}

/// That a layer called `layer` is given an image rather than a flat vector.
pub const fn takes_image<In: Shape>(layer: &'static str) -> Check {
    let [c, h, w] = In::DIMS;
    Check::require(c == 1 || h * w > 1, "{} takes an image, but is given a vector of {}")
        .text(layer)
        .number(c)
}

/// That a layer called `layer` is given a sequence, which is an image one pixel high.
pub const fn takes_sequence<In: Shape>(layer: &'static str) -> Check {
    let [channels, height, length] = In::DIMS;
    Check::require(
        channels == 1 || height * length > 1,
        "{} takes a sequence, `Image<channels, 1, length>`, but is given a vector of {}",
    )
    .text(layer)
    .number(channels)
    .and(
        Check::require(
            height == 1,
            "{} takes a sequence, an image of height 1, but is given one of height {}",
        )
        .text(layer)
        .number(height),
    )
}
