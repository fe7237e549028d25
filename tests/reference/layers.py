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
    "RELU6": nn.ReLU6(),
    "HARD_TANH": nn.Hardtanh(),
    "HARD_TANH_WIDE": nn.Hardtanh(-2.5, 0.5),
    # y = x between the bounds; outside, a line of another slope.
    "LEAKY_HARD_TANH": lambda x: x.clamp(-1, 1) + 0.01 * (x - x.clamp(-1, 1)),
    "LEAKY_HARD_TANH_WIDE": lambda x: x.clamp(-2.5, 0.5)
    + torch.where(x < 0, x.new_tensor(0.1), x.new_tensor(0.2)) * (x - x.clamp(-2.5, 0.5)),
    "HARD_SWISH": lambda x: x * (x / 6 + 0.5).clamp(0, 1),
    "SOFTSIGN": nn.Softsign(),
    "GELU_TANH": nn.GELU(approximate="tanh"),
    "P_RELU": nn.PReLU(dtype=torch.float64),
    "P_RELU_TENTH": nn.PReLU(init=0.1, dtype=torch.float64),
    "GLU": nn.GLU(dim=0),
    # WaveNet's.
    "GATED": lambda x: x[:5].tanh() * x[5:].sigmoid(),
}

for name, layer in LAYERS.items():
    x = torch.tensor(X, dtype=torch.float64, requires_grad=True)
    y = layer(x)
    y.backward(torch.tensor(DY, dtype=torch.float64)[: y.numel()])
    print(f"#[rustfmt::skip]\nconst {name}: Reference = Reference {{")
    for what, values in ("y", y), ("dx", x.grad):
        print(f"    {what}: [{', '.join(repr(float(f'{v:.12g}')) for v in values.tolist())}],")
    print("};")

# Bags of tokens: a weight of 5 x 2 with sin(3 i + 1) at element i, dy of 1, 2, ..
BAGS = torch.tensor([[0, 3, 3], [4, 1, 2], [2, 1, 1], [1, 1, 1]])
for mode in "sum", "max":
    for padding in None, 1:
        bag = nn.EmbeddingBag(5, 2, mode=mode, padding_idx=padding, dtype=torch.float64)
        with torch.no_grad():
            bag.weight.copy_(torch.sin(3.0 * torch.arange(10.0, dtype=torch.float64) + 1).reshape(5, 2))
        y = bag(BAGS)
        y.backward(torch.arange(1.0, 9.0, dtype=torch.float64).reshape(4, 2))
        for what, values in ("y", y), ("dw", bag.weight.grad):
            values = [float(f"{v:.12g}") for v in values.flatten().tolist()]
            print(f"// {mode}, padding {padding}: {what}\n{values}")
