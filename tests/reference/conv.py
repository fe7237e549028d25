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
            value.copy_(torch.cos(i + 1) if key == "weight" else torch.sin(2 * i + 1))
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
