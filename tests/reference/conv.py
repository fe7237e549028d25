"""Prints the reference values of tests/layers/conv, pool and reshape, from PyTorch in float64.

Each layer is given 2 samples. Element i of the input is sin(i + 1), of the weights cos(i + 1), of
the bias sin(2 i + 1), and of the gradient by the output cos(0.7 i + 1), all in the order samples,
channels, height, width. A tensor v is told by sum over i of v[i] sin(0.3 i + 0.5): y, dx, dw, db.
Written for torch 2.15; run with: python tests/reference/conv.py
"""

import torch
from torch import nn


def index(shape):
    return torch.arange(torch.Size(shape).numel(), dtype=torch.float64).reshape(shape)


def told(tensor):
    return float((tensor * torch.sin(0.3 * index(tensor.shape) + 0.5)).sum())


def run(name, layer, *shape):
    layer = layer.double()
    with torch.no_grad():
        for key, value in layer.named_parameters():
            i = index(value.shape)
            value.copy_(torch.sin(2 * i + 1) if key.endswith("bias") else torch.cos(i + 1))
    x = torch.sin(index((2, *shape)) + 1).requires_grad_()
    y = layer(x)
    y.backward(torch.cos(0.7 * index(y.shape) + 1))
    gradients = [x.grad, *(p.grad for p in layer.parameters())]
    values = ", ".join(f"{told(v):.12}" for v in [y.detach(), *gradients])
    print(f"// {name}: {tuple(shape)} to {tuple(y.shape[1:])}\n[{values}]")


run("plain", nn.Conv2d(3, 4, 3), 3, 7, 6)
run("padded", nn.Conv2d(3, 18, 3, padding=2), 3, 5, 6)
run("strided", nn.Conv2d(3, 4, 3, stride=2, padding=1), 3, 8, 7)
run("dilated", nn.Conv2d(3, 4, 3, dilation=2, padding=1), 3, 7, 8)
run("grouped", nn.Conv2d(4, 6, 3, groups=2, padding=1), 4, 5, 5)
run("depthwise", nn.Conv2d(5, 5, 3, groups=5, padding=1, stride=2), 5, 6, 6)
run("rectangular", nn.Conv2d(2, 3, (3, 5), padding=(1, 2), bias=False), 2, 6, 7)
run("pointwise", nn.Conv2d(6, 5, 1), 6, 4, 5)
run("everything", nn.Conv2d(4, 34, 3, stride=3, padding=4, dilation=2, groups=2), 4, 9, 10)
run("sequence", nn.Conv1d(3, 4, 3, stride=2, padding=2, dilation=2), 3, 11)
run("transposed", nn.ConvTranspose2d(3, 4, 3), 3, 5, 4)
run("doubling", nn.ConvTranspose2d(4, 2, 3, stride=2, padding=1, output_padding=1), 4, 4, 5)
run("transposed everything", nn.ConvTranspose2d(4, 6, 3, 3, 4, 2, groups=2, dilation=2), 4, 5, 4)
run("largest", nn.MaxPool2d(2), 3, 6, 8)
run("overlapping largest", nn.MaxPool2d(3, stride=2, padding=1), 3, 7, 8)
run("mean", nn.AvgPool2d(2), 3, 6, 9)
run("overlapping mean", nn.AvgPool2d(3, stride=2, padding=1), 3, 7, 8)
run("global mean", nn.AdaptiveAvgPool2d(1), 3, 4, 5)
run("border", nn.ZeroPad2d(2), 3, 4, 5)
run("repeated", nn.Upsample(scale_factor=3), 3, 4, 2)
run("averaged to a size", nn.AdaptiveAvgPool2d((3, 2)), 3, 7, 5)
run("global largest", nn.AdaptiveMaxPool2d(1), 3, 4, 5)
run("bilinear", nn.Upsample(scale_factor=3, mode="bilinear"), 3, 4, 2)
run("bilinear, down and across", nn.Upsample(scale_factor=(3, 2), mode="bilinear"), 3, 2, 5)

# Down and across.
across = {"stride": (2, 1), "padding": (1, 2), "dilation": (1, 2)}
run("convolution, down and across", nn.Conv2d(3, 4, (3, 2), **across), 3, 7, 6)
run("transposed, down and across", nn.ConvTranspose2d(3, 4, (3, 2), output_padding=(1, 0), **across), 3, 4, 5)
run("largest, down and across", nn.MaxPool2d((3, 2), (2, 1), (1, 0), dilation=(1, 2)), 3, 7, 6)
run("mean, down and across", nn.AvgPool2d((3, 2), (2, 1), (1, 0)), 3, 7, 6)
run("largest of a sequence", nn.MaxPool1d(3, stride=2, padding=1, dilation=2), 3, 11)
run("mean of a sequence", nn.AvgPool1d(3, stride=2, padding=1), 3, 11)

# A last window over the border.
run("largest of the rest", nn.MaxPool2d(2, ceil_mode=True), 3, 5, 7)
run("mean of the rest", nn.AvgPool2d(3, stride=2, padding=1, ceil_mode=True), 3, 6, 8)
run("mean of pixels", nn.AvgPool2d(3, 2, 1, ceil_mode=True, count_include_pad=False), 3, 6, 8)

# Padding on one side, and the same size: left, right, top, bottom.
run("borders", nn.ZeroPad2d((1, 0, 2, 3)), 3, 4, 5)
run("on one side", nn.Sequential(nn.ZeroPad2d((1, 0, 2, 3)), nn.Conv2d(3, 4, 3)), 3, 4, 5)
run("causal", nn.Sequential(nn.ConstantPad1d((4, 0), 0.0), nn.Conv1d(3, 4, 3, dilation=2)), 3, 7)
run("same", nn.Conv2d(3, 4, (2, 5), padding="same", dilation=(3, 1)), 3, 5, 6)
run("same of a sequence", nn.Conv1d(3, 4, 4, padding="same"), 3, 7)
# With a stride of 2 and filters of 3, an even size needs one pixel of padding, at its end.
strided = nn.Conv2d(3, 4, 3, stride=2, padding=(0, 1))
run("same, strided", nn.Sequential(nn.ZeroPad2d((0, 0, 0, 1)), strided), 3, 6, 7)
border = nn.ConstantPad2d((1, 1, 1, 1), float("-inf"))
run("same of the largest", nn.Sequential(border, nn.MaxPool2d(3, stride=1)), 3, 4, 5)
run("cropped", nn.Sequential(nn.ConvTranspose2d(3, 4, 3), nn.ZeroPad2d((0, -1, -2, 0))), 3, 4, 5)

# Over time, where samples are lanes: what comes before the first step is zero, and what is due after the
# last is left out.
left = nn.ConstantPad1d((1, 0), 0.0)
run("strided over time", nn.Sequential(left, nn.Conv1d(4, 6, 4, stride=3, groups=2)), 4, 9)
left = nn.ConstantPad1d((5, 0), 0.0)
run("strided and dilated over time", nn.Sequential(left, nn.Conv1d(3, 4, 3, stride=2, dilation=3)), 3, 6)
run("of one tap over time", nn.Sequential(nn.ConstantPad1d((-1, 0), 0.0), nn.Conv1d(3, 4, 1, stride=2)), 3, 6)
for name, kernel in [("overlapping", 5), ("far overlapping", 7)]:
    due = nn.ConstantPad1d((0, 2 - kernel), 0.0)
    run(f"transposed over time, {name}", nn.Sequential(nn.ConvTranspose1d(3, 4, kernel, stride=2), due), 3, 5)
run("transposed over time, apart", nn.ConvTranspose1d(3, 4, 2, stride=3, output_padding=1), 3, 5)
run("largest of steps", nn.MaxPool1d(3), 4, 9)
run("mean of steps", nn.AvgPool1d(3), 4, 9)


class Film(nn.Module):
    """What filters make of the first channels, modulated by the others."""

    def __init__(self, layers, channels, condition, outs):
        super().__init__()
        self.layers, self.map, self.channels = layers, nn.Conv1d(condition, 2 * outs, 1), channels

    def forward(self, x):
        signal, condition = x[:, : self.channels], x[:, self.channels :]
        gamma, beta = self.map(condition).chunk(2, dim=1)
        return torch.cat([gamma * self.layers(signal) + beta, condition], dim=1)


filtered = nn.Sequential(nn.ConstantPad1d((1, 0), 0.0), nn.Conv1d(3, 2, 2))
run("modulated", Film(filtered, 3, 2, 2), 5, 4)
