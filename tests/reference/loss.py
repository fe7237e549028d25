"""Prints the reference values of tests/loss/reference.rs, from PyTorch in float64.

Logits, targets and gradients are printed a sample after the other. Written for torch 2.15; run
with: python tests/reference/loss.py
"""

import torch
from torch import nn

LOGITS = [[0.5, -1.0, 2.0], [3.0, 3.5, -0.25], [-2.0, 0.0, 1.0], [1.5, 1.5, 1.5]]
CLASSES = [2, 0, 1, 1]
IGNORING = [2, -100, 1, -100]
SOFT = [[0.2, 0.3, 0.5], [1.0, 0.0, 0.0], [0.25, 0.25, 0.5], [0.1, 0.8, 0.1]]
VALUES = [[0.75, -3.0, 2.0], [3.0, 1.0, 0.0], [-2.5, 4.0, 1.125], [1.0, 2.0, 9.0]]
YES = [[1.0, 0.0, 1.0], [0.0, 1.0, 0.0], [0.25, 1.0, 0.5], [1.0, 0.0, 0.0]]


def show(name, loss, targets):
    logits = torch.tensor(LOGITS, dtype=torch.float64, requires_grad=True)
    dtype = torch.long if isinstance(targets[0], int) else torch.float64
    value = loss(logits, torch.tensor(targets, dtype=dtype))
    value.backward()
    print(f"{name}: {value.item()}")
    for row in logits.grad.tolist():
        print("   ", row)


show("softmax", nn.CrossEntropyLoss(), CLASSES)
show("softmax, smoothed", nn.CrossEntropyLoss(label_smoothing=0.1), CLASSES)
show("softmax, ignoring", nn.CrossEntropyLoss(), IGNORING)
show("softmax, both", nn.CrossEntropyLoss(label_smoothing=0.1), IGNORING)
weights = torch.tensor([0.5, 2.0, 1.25], dtype=torch.float64)
show("softmax, weighted", nn.CrossEntropyLoss(weight=weights), CLASSES)
both = nn.CrossEntropyLoss(weight=weights, label_smoothing=0.1)
show("softmax, weighted, smoothed, ignoring", both, IGNORING)
show("soft targets", nn.CrossEntropyLoss(), SOFT)
show("squared", nn.MSELoss(), VALUES)
show("absolute", nn.L1Loss(), VALUES)
show("Huber, 1.5", nn.HuberLoss(delta=1.5), VALUES)
show("sigmoid", nn.BCEWithLogitsLoss(), YES)
show("sigmoid, weighted", nn.BCEWithLogitsLoss(pos_weight=weights), YES)
