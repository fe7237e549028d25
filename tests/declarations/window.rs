//! How a filter or a window lies on an image, by the arguments of its layer.

use crate::declaration::{Dims, Layer};

/// What slides, down and across.
pub struct Window {
    pub kernel: [usize; 2],
    stride: [usize; 2],
    /// Before and after.
    pads: [[usize; 2]; 2],
    dilation: [usize; 2],
    ceil: bool,
    size: [usize; 2],
}

impl Window {
    /// That of a layer on an image of `[height, width]`, or what is wrong with it.
    pub fn of(layer: &Layer, dims: &Dims, size: [usize; 2]) -> Result<Self, String> {
        let key = |key, otherwise| layer.key(key, otherwise, dims);
        let is_pool = layer.is("MaxPool") || layer.is("AvgPool");
        let kernel = layer.argument(usize::from(!is_pool), dims);
        let kernel = [kernel, key("kernel_width", kernel)];
        let stride = kernel.map(|kernel| key("stride", if is_pool { kernel } else { 1 }));
        let (pad, dilation) = (key("pad", 0), key("dilation", 1));
        let pad_width = key("pad_width", pad);
        let mut window = Self {
            kernel,
            stride: [stride[0], key("stride_width", stride[1])],
            pads: [
                [key("pad_top", pad), key("pad_bottom", pad)],
                [key("pad_left", pad_width), key("pad_right", pad_width)],
            ],
            dilation: [dilation, key("dilation_width", dilation)],
            ceil: key("ceil", 0) == 1,
            size,
        };
        if layer.is("Conv1d") {
            window.kernel[0] = 1;
            (window.stride[0], window.pads[0], window.dilation[0]) = (1, [0, 0], 1);
        }
        let moving = [window.kernel, window.stride, window.dilation];
        if moving.iter().any(|sizes| sizes.contains(&0)) {
            return Err("nothing slides".into());
        }
        let (same, ceil) = (key("same", 0), key("ceil", 0));
        let given = window.pads.iter().any(|pads| *pads != [0, 0]);
        if same > 1 || ceil > 1 || (same == 1 && given) {
            return Err("`same` or `ceil`".into());
        }
        if same == 1 {
            window.pads = [0, 1].map(|i| {
                let reach = (size[i].div_ceil(window.stride[i]) - 1) * window.stride[i];
                let pad = (reach + window.span(i)).saturating_sub(size[i]);
                [pad / 2, pad - pad / 2]
            });
        }
        let blind = |i: usize| window.pads[i].iter().any(|&pad| pad >= window.kernel[i]);
        if is_pool && (blind(0) || blind(1)) {
            return Err("nothing but padding".into());
        }
        Ok(window)
    }

    fn span(&self, axis: usize) -> usize {
        self.dilation[axis] * (self.kernel[axis] - 1) + 1
    }

    fn padded(&self, axis: usize) -> usize {
        self.size[axis] + self.pads[axis][0] + self.pads[axis][1]
    }

    /// Where it fits on the image, if it does.
    pub fn positions(&self) -> Result<[usize; 2], String> {
        let on = |i: usize| -> Result<usize, String> {
            let (span, stride) = (self.span(i), self.stride[i]);
            let free = self.padded(i).checked_sub(span).ok_or(format!("a span of {span}"))?;
            let begins = |position: &usize| position * stride < self.size[i] + self.pads[i][0];
            let last = if self.ceil {
                (0..=free.div_ceil(stride)).rev().find(begins).unwrap_or(0)
            } else {
                free / stride
            };
            Ok(last + 1)
        };
        Ok([on(0)?, on(1)?])
    }

    /// The image of which this one, of a transposed convolution, is what the positions are.
    pub fn extent(&self, extra: [usize; 2]) -> Result<[usize; 2], String> {
        let on = |i: usize| {
            if extra[i] >= self.stride[i] {
                return Err("more than a stride is added".to_string());
            }
            let all = (self.size[i] - 1) * self.stride[i] + self.span(i) + extra[i];
            let pad = self.pads[i][0] + self.pads[i][1];
            all.checked_sub(pad).filter(|&left| left > 0).ok_or("all is padding".into())
        };
        Ok([on(0)?, on(1)?])
    }

    /// The pixel that a tap is on, at a position, if it is on one of an image of such a size.
    pub fn pixel(&self, at: [usize; 2], tap: [usize; 2], size: [usize; 2]) -> Option<[usize; 2]> {
        let on = |i: usize| {
            let on = self.stride[i] * at[i] + self.dilation[i] * tap[i];
            on.checked_sub(self.pads[i][0]).filter(|&on| on < size[i])
        };
        Some([on(0)?, on(1)?])
    }

    /// Whether a tap is on the image or its border.
    pub fn is_within(&self, at: [usize; 2], tap: [usize; 2]) -> bool {
        (0..2).all(|i| self.stride[i] * at[i] + self.dilation[i] * tap[i] < self.padded(i))
    }
}
