"""Values for tests/words: a bag of words with negative sampling.

python3 tests/reference/words.py > tests/words/reference.txt        (torch 2)
"""
import torch

torch.set_default_dtype(torch.float64)
V, H, BAGS, TARGETS = 6, 3, [[0, 1], [5, 5], [2, 0]], [[3, 1, 4], [0, 2, 5], [4, 4, 1]]


def matrix(seed):
    """Small numbers that a program can make without a generator."""
    return torch.tensor([[((7 * i + 3 * j + seed) % 11 - 5) / 10 for j in range(H)] for i in range(V)])


def show(name, values):
    print(name, *(f"{x:.17g}" for x in values.detach().flatten().tolist()))


def loss_of(embed, out):
    bag = torch.nn.functional.embedding_bag(torch.tensor(BAGS), embed, mode="mean")
    scores = (bag[:, None] * out[torch.tensor(TARGETS)]).sum(-1)
    labels = torch.zeros(len(BAGS), 3)
    labels[:, 0] = 1
    return torch.nn.functional.binary_cross_entropy_with_logits(scores, labels, reduction="none").sum(1).mean()


embed, out = matrix(0).requires_grad_(), matrix(4).requires_grad_()
loss = loss_of(embed, out)
loss.backward()
show("loss", loss)
show("embed", embed.grad)
show("out", out.grad)
