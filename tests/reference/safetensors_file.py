"""Writes tests/io/pytorch.safetensors, a network as PyTorch saves it, and prints its outputs.

Run from the root of the project with torch and safetensors installed. With the path of a file that
`Model::save` wrote for the same network as argument, loads that into PyTorch instead and prints
what comes out.
"""

import sys
from collections import OrderedDict

import torch
from safetensors.torch import load_file, save_file

torch.manual_seed(1)
net = torch.nn.Sequential(
    OrderedDict(
        fc1=torch.nn.Linear(3, 4),
        bn1=torch.nn.BatchNorm1d(4),
        relu1=torch.nn.ReLU(),
        fc2=torch.nn.Linear(4, 2),
    )
)
x = torch.tensor([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]])
if len(sys.argv) > 1:
    print(net.load_state_dict(load_file(sys.argv[1])))
else:
    # Statistics other than those at the start.
    for _ in range(3):
        net(torch.randn(16, 3))
    save_file(net.state_dict(), "tests/io/pytorch.safetensors")
net.eval()
with torch.no_grad():
    print(net(x).tolist())
