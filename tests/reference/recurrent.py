"""Writes the values that tests/layers/recurrent/reference.rs compares with, by PyTorch 2:

    python tests/reference/recurrent.py > tests/layers/recurrent/reference.txt

Two sequences side by side, three steps each. The weights are those of `weights` below, which the
test makes in the same way, so the file holds results only: a line for each, its name and values.
"""

import torch

LANES, STEPS, VOCABULARY, SIZE = 2, 3, 7, 4
torch.set_num_threads(1)


def weights(count, seed):
    """Numbers between -1/2 and 1/2 that any language gives: a linear congruential generator."""
    values, state = [], seed
    for _ in range(count):
        state = (state * 1103515245 + 12345) % 2**31
        values.append(state / 2**31 - 0.5)
    return torch.tensor(values, dtype=torch.float64)


def show(name, tensor):
    values = " ".join(f"{value:.12e}" for value in tensor.detach().flatten().tolist())
    print(f"{name} {values}")


def fill(module, seed):
    for i, p in enumerate(module.parameters()):
        with torch.no_grad():
            p.copy_(weights(p.numel(), seed + i).view(p.shape))


def cell(kind, name):
    """One layer with three inputs and four hidden units, two calls with the state carried over."""
    layer = kind(3, SIZE).double()
    fill(layer, 1)
    x = weights(2 * STEPS * LANES * 3, 99).view(2, STEPS, LANES, 3).requires_grad_()
    dy = weights(STEPS * LANES * SIZE, 7).view(STEPS, LANES, SIZE)
    first, state = layer(x[0])
    state = tuple(s.detach() for s in state) if isinstance(state, tuple) else state.detach()
    second, state = layer(x[1], state)
    (second * dy).sum().backward()
    show(f"{name}.first", first)
    show(f"{name}.second", second)
    if isinstance(state, tuple):
        show(f"{name}.c", state[1])
    show(f"{name}.dx", x.grad[1])
    for key in ["weight_ih", "weight_hh", "bias_ih", "bias_hh"]:
        show(f"{name}.d{key}", getattr(layer, key + "_l0").grad)


class Language(torch.nn.Module):
    def __init__(self, kind, tied):
        super().__init__()
        self.embed = torch.nn.Embedding(VOCABULARY, SIZE)
        self.cell = kind(SIZE, SIZE)
        self.head = torch.nn.Linear(SIZE, VOCABULARY)
        if tied:
            self.head.weight = self.embed.weight

    def forward(self, ids, state):
        y, state = self.cell(self.embed(ids), state)
        return self.head(y), state


def training(kind, name, optimizer, rate, tied=False):
    """Ten steps on a language model, the state carried from step to step."""
    model = Language(kind, tied).double()
    fill(model, 20)
    optimizer = optimizer(model.parameters(), lr=rate)
    state, losses = None, []
    for step in range(10):
        column = torch.arange(STEPS * LANES)
        ids = ((column * 5 + step * 3) % VOCABULARY).view(STEPS, LANES)
        targets = (column * 2 + step) % VOCABULARY
        logits, state = model(ids, state)
        state = tuple(s.detach() for s in state) if isinstance(state, tuple) else state.detach()
        loss = torch.nn.functional.cross_entropy(logits.view(-1, VOCABULARY), targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
    show(f"{name}.losses", torch.stack(losses))
    show(f"{name}.embed", model.embed.weight)
    show(f"{name}.weight_hh", model.cell.weight_hh_l0)
    show(f"{name}.bias_ih", model.cell.bias_ih_l0)
    show(f"{name}.bias_hh", model.cell.bias_hh_l0)
    show(f"{name}.head_bias", model.head.bias)


def bidirectional():
    layer = torch.nn.LSTM(3, SIZE, bidirectional=True).double()
    fill(layer, 1)
    x = weights(STEPS * LANES * 3, 99).view(STEPS, LANES, 3).requires_grad_()
    dy = weights(STEPS * LANES * 2 * SIZE, 7).view(STEPS, LANES, 2 * SIZE)
    y, _ = layer(x)
    (y * dy).sum().backward()
    show("bidirectional.y", y)
    show("bidirectional.dx", x.grad)
    show("bidirectional.dweight_hh_reverse", layer.weight_hh_l0_reverse.grad)
    show("bidirectional.dbias_hh_reverse", layer.bias_hh_l0_reverse.grad)


def packed():
    """Sequences of three and two steps: the outputs, and the state at the end of each."""
    lengths = torch.tensor([3, 2])
    for name, kind, both in [
        ("packed.both", torch.nn.LSTM, True),
        ("packed.rnn", torch.nn.RNN, False),
        ("packed.lstm", torch.nn.LSTM, False),
        ("packed.gru", torch.nn.GRU, False),
    ]:
        layer = kind(3, SIZE, bidirectional=both).double()
        fill(layer, 1)
        x = weights(STEPS * LANES * 3, 99).view(STEPS, LANES, 3).requires_grad_()
        y, state = layer(torch.nn.utils.rnn.pack_padded_sequence(x, lengths))
        y, _ = torch.nn.utils.rnn.pad_packed_sequence(y)
        (y * weights(y.numel(), 7).view(y.shape)).sum().backward()
        show(f"{name}.y", y)
        show(f"{name}.dx", x.grad)
        show(f"{name}.dweight_hh", layer.weight_hh_l0.grad)
        if both:
            show(f"{name}.dweight_hh_reverse", layer.weight_hh_l0_reverse.grad)
        else:
            state = state if isinstance(state, tuple) else (state,)
            show(f"{name}.state", torch.cat(state))


for kind, name in [(torch.nn.RNN, "rnn"), (torch.nn.LSTM, "lstm"), (torch.nn.GRU, "gru")]:
    cell(kind, name)
    training(kind, f"{name}.model", torch.optim.SGD, 0.5)
    training(kind, f"{name}.adam", torch.optim.Adam, 0.1)
training(torch.nn.LSTM, "tied.model", torch.optim.SGD, 0.5, tied=True)
bidirectional()
packed()
