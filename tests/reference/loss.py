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


def spectra(x, t, resolutions, warm_up):
    """Yamamoto et al., 2020: of outputs in lanes, steps x lanes x outputs."""
    loss = 0
    for size, hop, length in resolutions:
        window = torch.hann_window(length, dtype=torch.float64)

        def magnitudes(signal):
            signal = signal[warm_up:].permute(1, 2, 0).flatten(0, 1)
            s = torch.stft(signal, size, hop, length, window, center=False, return_complex=True)
            return torch.sqrt(torch.clamp(s.real**2 + s.imag**2, min=1e-7))

        a, b = magnitudes(x), magnitudes(t)
        loss = loss + torch.norm(b - a) / torch.norm(b) + (b.log() - a.log()).abs().mean()
    return loss / len(resolutions)


i = torch.arange(40 * 2 * 3, dtype=torch.float64)
x = torch.sin(0.9 * i + 0.01 * i * i).reshape(40, 2, 3).requires_grad_()
t = torch.cos(1.7 * i + 0.02 * i * i).reshape(40, 2, 3)
value = spectra(x, t, [(32, 3, 20), (16, 5, 16), (8, 2, 7)], 4)
value.backward()
told = (x.grad.flatten() * torch.sin(0.3 * i + 0.5)).sum().item()
print(f"spectra: {value.item()}, {told}")
