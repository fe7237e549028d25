"""Writes tests/io/pytorch: networks as PyTorch saves them, and what they make of an input.

    python tests/reference/weights.py

from the root of the project, with torch and safetensors installed. With a folder that
`cargo test --test io pytorch` has written (target/tmp/to-pytorch), it loads each of the files there
into the same network instead, strictly, and compares what comes out:

    python tests/reference/weights.py target/tmp/to-pytorch
"""

import sys
from collections import OrderedDict
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file, save_model
from torch import nn

FOLDER = Path("tests/io/pytorch")
torch.set_num_threads(1)


def named(**modules):
    return nn.Sequential(OrderedDict(modules))


class Steps(nn.Module):
    """A recurrent layer, called `lstm` or whatever, of which only the outputs count."""

    def __init__(self, name, layer):
        super().__init__()
        self.name = name
        setattr(self, name, layer)

    def forward(self, x):
        return getattr(self, self.name)(x)[0]


class OverTime(nn.Module):
    """Half of the steps and all of them again, looking back only."""

    def __init__(self):
        super().__init__()
        self.down = nn.Conv1d(2, 3, 4, stride=2)
        self.up = nn.ConvTranspose1d(3, 2, 5, stride=2)

    def forward(self, x):
        x = nn.functional.pad(x.permute(1, 2, 0), (2, 0))
        return self.up(self.down(x))[..., :-3].permute(2, 0, 1)


class Cells(nn.Module):
    """A cell, step by step."""

    def __init__(self, cell):
        super().__init__()
        self.cell = cell

    def forward(self, x):
        state, outputs = None, []
        for step in x:
            state = self.cell(step, state)
            outputs.append(state[0] if isinstance(state, tuple) else state)
        return torch.stack(outputs)


class Tied(nn.Module):
    """An output that shares the embedding's weight."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(7, 4)
        self.lstm = nn.LSTM(4, 4)
        self.head = nn.Linear(4, 7)
        self.head.weight = self.embed.weight

    def forward(self, ids):
        return self.head(self.lstm(self.embed(ids))[0])


class Block(nn.Module):
    """A way around two layers, a stack in a stack, and stacks side by side."""

    def __init__(self):
        super().__init__()
        self.block = named(fc1=nn.Linear(3, 4), relu=nn.ReLU(), fc2=nn.Linear(4, 3))
        self.inner = named(fc=nn.Linear(3, 3), norm=nn.LayerNorm(3))
        self.branches = nn.ModuleList([named(a=nn.Linear(3, 2)), named(b=nn.Linear(3, 1))])

    def forward(self, x):
        x = self.inner(x + self.block(x))
        return torch.cat([branch(x) for branch in self.branches], 1)


class Branches(nn.Module):
    """Convolutions with another around them, a squeeze and excitation, and a sum of three."""

    def __init__(self):
        super().__init__()
        self.block = nn.ModuleList(
            [
                named(
                    conv1=nn.Conv2d(2, 4, 3, stride=2, padding=1),
                    relu=nn.ReLU(),
                    conv2=nn.Conv2d(4, 4, 3, padding=1),
                ),
                named(conv=nn.Conv2d(2, 4, 1, stride=2), bn=nn.BatchNorm2d(4)),
            ]
        )
        self.weigh = nn.ModuleList(
            [
                nn.Identity(),
                named(
                    squeeze=nn.Linear(4, 2), relu=nn.ReLU(), excite=nn.Linear(2, 4), sig=nn.Sigmoid()
                ),
            ]
        )
        self.mix = nn.ModuleList(
            [named(a=nn.Conv2d(4, 3, 1)), named(b=nn.Conv2d(4, 3, 3, padding=1)), named(c=nn.Linear(4, 3))]
        )

    def forward(self, x):
        x = sum(stack(x) for stack in self.block)
        x = x * self.weigh[1](x.mean((2, 3)))[:, :, None, None]
        a, b, c = self.mix
        return a(x) + b(x) + c(x.mean((2, 3)))[:, :, None, None]


def sequential():
    return nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))


def convolutions():
    return named(
        conv=nn.Conv2d(2, 4, 3, stride=2, padding=1, groups=2, bias=False),
        bn=nn.BatchNorm2d(4),
        up=nn.ConvTranspose2d(4, 2, 2, stride=2),
        wide=nn.Conv2d(2, 3, (1, 3)),
        gn=nn.GroupNorm(3, 3),
    )


# Name, network, and the shape of its input; of ids, how many there are.
CASES = [
    (
        "dense",
        lambda: named(
            fc1=nn.Linear(3, 4), bn1=nn.BatchNorm1d(4), relu1=nn.ReLU(), fc2=nn.Linear(4, 2)
        ),
        (2, 3),
    ),
    ("conv1d", lambda: named(conv=nn.Conv1d(2, 3, 3, padding=1), ln=nn.LayerNorm([3, 5])), (2, 2, 5)),
    ("conv2d", convolutions, (2, 2, 4, 4)),
    ("layer_norm", lambda: named(fc=nn.Linear(3, 5), ln=nn.LayerNorm(5)), (2, 3)),
    ("layer_norm_of_images", lambda: named(ln=nn.LayerNorm([2, 3, 3])), (2, 2, 3, 3)),
    ("embedding", lambda: named(embed=nn.Embedding(7, 3), fc=nn.Linear(3, 2)), 6),
    ("embedding_bag", lambda: named(embed=nn.EmbeddingBag(7, 3, mode="mean")), (2, 3, "ids")),
    ("rnn", lambda: Steps("rnn", nn.RNN(2, 3)), (3, 2, 2)),
    ("lstm", lambda: Steps("lstm", nn.LSTM(2, 3)), (3, 2, 2)),
    ("gru", lambda: Steps("gru", nn.GRU(2, 3)), (3, 2, 2)),
    ("rnn_cell", lambda: Cells(nn.RNNCell(2, 3)), (3, 2, 2)),
    ("lstm_cell", lambda: Cells(nn.LSTMCell(2, 3)), (3, 2, 2)),
    ("gru_cell", lambda: Cells(nn.GRUCell(2, 3)), (3, 2, 2)),
    ("bidirectional_rnn", lambda: Steps("rnn", nn.RNN(2, 3, bidirectional=True)), (3, 2, 2)),
    ("bidirectional_lstm", lambda: Steps("lstm", nn.LSTM(2, 3, bidirectional=True)), (3, 2, 2)),
    ("bidirectional_gru", lambda: Steps("gru", nn.GRU(2, 3, bidirectional=True)), (3, 2, 2)),
    ("two_layers", lambda: Steps("lstm", nn.LSTM(2, 3, num_layers=2)), (3, 2, 2)),
    (
        "two_layers_bidirectional",
        lambda: Steps("gru", nn.GRU(2, 3, num_layers=2, bidirectional=True)),
        (3, 2, 2),
    ),
    ("tied", Tied, 6),
    ("tied_once", Tied, 6),
    ("nested", Block, (2, 3)),
    ("sequential", sequential, (2, 3)),
    ("data_parallel", lambda: nn.DataParallel(named(fc1=nn.Linear(3, 2))), (2, 3)),
    ("compiled", lambda: torch.compile(named(fc1=nn.Linear(3, 2))), (2, 3)),
    ("half", sequential, (2, 3)),
    ("bfloat", sequential, (2, 3)),
    ("double", sequential, (2, 3)),
    ("branches", Branches, (2, 2, 4, 6)),
    ("over_time", OverTime, (6, 2, 2)),
]
DTYPES = {"half": torch.half, "bfloat": torch.bfloat16, "double": torch.double}


def inputs(shape):
    """Numbers between -1 and 1, or ids below 7, in the order in which columns are given here."""
    if isinstance(shape, int):
        return torch.randint(0, 7, (shape // 2, 2))
    if shape[-1] == "ids":
        return torch.randint(0, 7, shape[:-1])
    return torch.rand(shape, dtype=torch.double) * 2 - 1


def outputs(net, x):
    """In double precision, by the network itself and not by what it is wrapped in."""
    net = getattr(net, "module", getattr(net, "_orig_mod", net))
    with torch.no_grad():
        return net.double().eval()(x)


def line(name, tensor):
    return f"{name} {' '.join(repr(value) for value in tensor.flatten().tolist())}\n"


def read(path):
    lines = (line.split() for line in path.read_text().splitlines())
    return {name: torch.tensor([float(v) for v in values]) for name, *values in lines}


def write():
    text = ""
    for i, (name, make, shape) in enumerate(CASES):
        torch.manual_seed(i)
        net, path = make(), FOLDER / f"{name}.safetensors"
        x = inputs(shape)
        for module in net.modules():
            # Other statistics, scales and shifts than those at the start.
            if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d, nn.LayerNorm, nn.GroupNorm)):
                for tensor in module.state_dict().values():
                    if tensor.is_floating_point():
                        tensor.uniform_(0.5, 1.5)
        net = net.to(DTYPES.get(name, torch.float))
        if name == "tied_once":
            save_model(net, path)
        else:
            # The format has no tensors that share memory.
            save_file({key: value.clone() for key, value in net.state_dict().items()}, path)
        text += line(f"{name}.x", x) + line(f"{name}.y", outputs(net, x))
    (FOLDER / "values.txt").write_text(text)


def compare(folder):
    torch.set_default_dtype(torch.double)
    ours, theirs = read(folder / "values.txt"), read(FOLDER / "values.txt")
    for name, make, shape in CASES:
        net, file = make(), folder / f"{name}.safetensors"
        print(f"{name:25} {net.load_state_dict(load_file(file), strict=True)}", end=" ")
        x = inputs(shape)
        x = theirs[f"{name}.x"].to(x.dtype).view(x.shape)
        y = outputs(net, x).flatten()
        error = (y - ours[f"{name}.y"]).abs().max().item()
        print(f"largest difference {error:.1e}")
        assert y.shape == ours[f"{name}.y"].shape and error < 1e-9


if len(sys.argv) > 1:
    compare(Path(sys.argv[1]))
else:
    write()
