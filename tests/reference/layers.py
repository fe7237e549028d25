"""Prints the reference values of tests/layers, from PyTorch in float64.

Each layer is given X, and the gradient DY by its outputs. Written for torch 2.15; run with:
python tests/reference/layers.py
"""

import torch
from torch import nn

X = [-30.0, -3.5, -2.0, -0.5, -1e-3, 2e-3, 0.7, 2.9, 4.0, 25.0]
DY = [1.0, -2.0, 3.0, -4.0, 5.0, -6.0, 7.0, -8.0, 9.0, -10.0]

LAYERS = {
    "RELU": nn.ReLU(),
    "LEAKY_RELU": nn.LeakyReLU(),
    "LEAKY_RELU_STEEP": nn.LeakyReLU(0.3),
    "ELU": nn.ELU(),
    "ELU_HALF": nn.ELU(0.5),
    "GELU": nn.GELU(),
    "SILU": nn.SiLU(),
    "SIGMOID": nn.Sigmoid(),
    "TANH": nn.Tanh(),
    "SOFTPLUS": nn.Softplus(threshold=100.0),
    # In float64 too, the gradient of nn.Hardsigmoid has the slope 1/6 rounded to float32.
    "HARD_SIGMOID": lambda x: (x / 6 + 0.5).clamp(0, 1),
    "SOFTMAX": nn.Softmax(dim=0),
}

for name, layer in LAYERS.items():
    x = torch.tensor(X, dtype=torch.float64, requires_grad=True)
    y = layer(x)
    y.backward(torch.tensor(DY, dtype=torch.float64))
    print(f"#[rustfmt::skip]\nconst {name}: Reference = Reference {{")
    for what, values in ("y", y), ("dx", x.grad):
        print(f"    {what}: [{', '.join(repr(float(f'{v:.12g}')) for v in values.tolist())}],")
    print("};")
