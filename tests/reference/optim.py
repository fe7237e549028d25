"""Prints the reference values of tests/optim, from PyTorch in float64.

Each optimiser takes STEPS steps from START down f(x, y) = x^2 / 20 + y^2, whose gradient is
(x / 10, 2 y). Written for torch 2.15; run with: python tests/reference/optim.py
"""

import torch
from torch.optim import SGD, Adagrad, Adam, AdamW, RMSprop, SparseAdam, lr_scheduler

START, STEPS = [-7.0, 2.0], 12

OPTIMIZERS = {
    "SGD": lambda p: SGD(p, lr=0.3),
    "SGD, decay": lambda p: SGD(p, lr=0.3, weight_decay=0.1),
    "MOMENTUM": lambda p: SGD(p, lr=0.1, momentum=0.9),
    "MOMENTUM, decay": lambda p: SGD(p, lr=0.1, momentum=0.8, weight_decay=0.1),
    "NESTEROV": lambda p: SGD(p, lr=0.1, momentum=0.9, nesterov=True),
    "NESTEROV, decay": lambda p: SGD(p, lr=0.1, momentum=0.8, nesterov=True, weight_decay=0.1),
    "ADAGRAD": lambda p: Adagrad(p, lr=0.5),
    "ADAGRAD, decay": lambda p: Adagrad(p, lr=0.5, eps=0.01, weight_decay=0.1),
    "RMSPROP": lambda p: RMSprop(p, lr=0.05),
    "RMSPROP, decay": lambda p: RMSprop(p, lr=0.05, alpha=0.9, eps=0.01, weight_decay=0.1),
    "ADAM": lambda p: Adam(p, lr=0.3),
    "ADAM, decay": lambda p: Adam(p, lr=0.3, betas=(0.8, 0.99), eps=0.01, weight_decay=0.1),
    "ADAMW": lambda p: AdamW(p, lr=0.3),
    "ADAMW, decay": lambda p: AdamW(p, lr=0.3, betas=(0.8, 0.99), eps=0.01, weight_decay=0.1),
}

for name, make in OPTIMIZERS.items():
    position = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    optimizer = make([position])
    for _ in range(STEPS):
        optimizer.zero_grad()
        x, y = position
        (x**2 / 20 + y**2).backward()
        optimizer.step()
    print(f"{name}: {position.tolist()}")


def rates(make, at, per_epoch=1, losses=None):
    """The rates of the steps numbered in `at`, from a base rate of 1."""
    optimizer = SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler = make(optimizer)
    seen = []
    for step in range(max(at) + 1):
        seen.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if (step + 1) % per_epoch == 0:
            scheduler.step(*([losses[(step + 1) // per_epoch - 1]] if losses else []))
    return [seen[step] for step in at]


def warm_cosine(optimizer):
    """8 steps of linear warm-up, then a cosine down to 0.1 at step 40."""
    warm_up = lr_scheduler.LinearLR(optimizer, start_factor=1 / 8, total_iters=7)
    cosine = lr_scheduler.CosineAnnealingLR(optimizer, T_max=32, eta_min=0.1)
    return lr_scheduler.SequentialLR(optimizer, [warm_up, cosine], milestones=[8])


LOSSES = [5.0, 4.0, 4.5, 4.2, 4.1, 3.9, 3.9, float("nan"), 3.8, 3.9, 4.0, 4.1, 4.2]

print("Step:", rates(lambda o: lr_scheduler.StepLR(o, 3, 0.5), [0, 2, 3, 5, 6, 11, 12]))
print("Exponential:", rates(lambda o: lr_scheduler.ExponentialLR(o, 0.9), [0, 1, 2, 10]))
print("Cosine:", rates(warm_cosine, [0, 3, 7, 8, 9, 16, 24, 32, 39]))
print(
    "OnPlateau, patience 0:",
    rates(
        lambda o: lr_scheduler.ReduceLROnPlateau(o, factor=0.25, patience=0, threshold=0.0, eps=0.0),
        range(len(LOSSES)),
        losses=LOSSES,
    ),
)
print(
    "OnPlateau, patience 2:",
    rates(
        lambda o: lr_scheduler.ReduceLROnPlateau(o, factor=0.5, patience=2, threshold=0.0, eps=0.0),
        range(len(LOSSES)),
        losses=LOSSES,
    ),
)

SLOWING = [2.0, 1.9, 1.85, 1.84, 1.83, 1.6, 1.59, 1.58, 1.57, 1.56, 1.55, 1.54, 1.53, 1.52]
PLATEAUS = {
    "relative": dict(patience=0, threshold=0.05, threshold_mode="rel"),
    "absolute": dict(patience=1, threshold=0.06, threshold_mode="abs"),
    "cooldown": dict(patience=0, threshold=0.06, threshold_mode="abs", cooldown=2),
    "least rate": dict(patience=0, threshold=0.05, min_lr=0.1),
}
for name, settings in PLATEAUS.items():
    make = lambda o: lr_scheduler.ReduceLROnPlateau(o, factor=0.5, eps=0.0, **settings)
    print(f"OnPlateau, {name}:", rates(make, range(len(SLOWING)), losses=SLOWING))


def matrix(seed):
    """Small numbers that a program can make without a generator."""
    return torch.tensor(
        [[((7 * i + 3 * j + seed) % 11 - 5) / 10 for j in range(3)] for i in range(6)],
        dtype=torch.float64,
    )


ROWS = {
    "sgd": lambda p: SGD(p, lr=0.5),
    "adam": lambda p: Adam(p, lr=0.1),
    "sparse_adam": lambda p: SparseAdam(p, lr=0.1),
}

print("Five steps by gradients that are zero in most rows, tests/optim/rows.txt:")
for name, make in ROWS.items():
    weight = matrix(0).requires_grad_()
    optimizer = make([weight])
    for step in range(5):
        rows = torch.tensor([step % 6, (2 * step + 1) % 6]).unique()
        gradient = torch.zeros(6, 3, dtype=torch.float64)
        gradient[rows] = matrix(step)[rows] + 0.05
        if name == "sparse_adam":
            weight.grad = torch.sparse_coo_tensor(rows[None], gradient[rows], (6, 3))
        else:
            weight.grad = gradient
        optimizer.step()
    print(name, *(f"{x:.17g}" for x in weight.detach().flatten().tolist()))

MATRIX, BIAS = [-7.0, 2.0, 3.0], [4.0]
GROUPS = {
    "SGD": lambda groups: SGD(groups, lr=0.3, weight_decay=0.1),
    "MOMENTUM": lambda groups: SGD(groups, lr=0.1, momentum=0.8, weight_decay=0.1),
    "ADAM": lambda groups: Adam(groups, lr=0.3, weight_decay=0.1),
    "ADAMW": lambda groups: AdamW(groups, lr=0.3, weight_decay=0.1),
}
print("Twelve steps of a half of the sum of squares, the last parameter at half the rate and without decay:")
for name, make in GROUPS.items():
    matrix, bias = (torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (MATRIX, BIAS))
    rate = make([matrix]).param_groups[0]["lr"]
    optimizer = make([{"params": [matrix]}, {"params": [bias], "lr": rate / 2, "weight_decay": 0.0}])
    for _ in range(STEPS):
        optimizer.zero_grad()
        ((matrix**2).sum() / 2 + (bias**2).sum() / 2).backward()
        optimizer.step()
    print(f"{name}: {matrix.tolist() + bias.tolist()}")
