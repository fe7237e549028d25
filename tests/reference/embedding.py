"""Prints the reference values of tests/layers/embedding, from PyTorch in float64.

Row i of the weight is [i, -10 i], and the gradient by the outputs counts from 1. Written for torch
2.15; run with: python tests/reference/embedding.py
"""

import torch
from torch import nn


def show(name, layer, ids):
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([[float(i), -10.0 * i] for i in range(5)]))
    y = layer(torch.tensor(ids))
    y.backward(torch.arange(1, y.numel() + 1, dtype=torch.float64).view(y.shape))
    print(f"{name}: {y.tolist()}")
    print("   ", layer.weight.grad.tolist())


show("tokens", nn.Embedding(5, 2, padding_idx=2, dtype=torch.float64), [3, 2, 3, 1])
bags = nn.EmbeddingBag(5, 2, mode="mean", padding_idx=2, dtype=torch.float64)
show("bags", bags, [[1, 4, 2], [3, 2, 2], [2, 2, 2], [1, 1, 3]])
