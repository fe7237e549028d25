"""Reference values for tests/layers/norm, from PyTorch in double precision.

    python tests/reference/norm.py

Inputs follow from formulas that the tests repeat. Images are printed with the channels innermost,
parameters in PyTorch's own order.
"""

import torch

torch.set_default_dtype(torch.float64)
N, C, H, W = 2, 3, 2, 2


def image(f):
    """f(i) at element i of N x H x W x C, as N x C x H x W."""
    i = torch.arange(N * H * W * C).reshape(N, H, W, C)
    return f(i.double()).permute(0, 3, 1, 2).contiguous()


def show(name, t):
    if t.dim() == 4:
        t = t.permute(0, 2, 3, 1)
    values = ", ".join(f"{v:.9}" for v in t.flatten().tolist())
    print(f"const {name}: [f64; {t.numel()}] = [{values}];")


def backward(title, layer, x, dy):
    x = x.clone().requires_grad_()
    layer.zero_grad()
    y = layer(x)
    y.backward(dy)
    show(f"{title}Y", y.detach())
    show(f"{title}DX", x.grad)
    show(f"{title}DWEIGHT", layer.weight.grad)
    show(f"{title}DBIAS", layer.bias.grad)


print("// batch_norm.rs")
dy = image(lambda i: torch.cos(0.3 * i))
layer = torch.nn.BatchNorm2d(C)
with torch.no_grad():
    layer.weight.copy_(torch.tensor([0.5, 1.5, -1.0]))
    layer.bias.copy_(torch.tensor([0.1, -0.2, 0.3]))
    # Two steps to move the running statistics; the third is shown.
    for step in range(2):
        layer(image(lambda i: torch.sin(0.7 * i + step) * (1 + i % 3) + 2))
x = image(lambda i: torch.sin(0.7 * i + 2) * (1 + i % 3) + 2)
backward("", layer, x, dy)
show("RUNNING_MEAN", layer.running_mean)
show("RUNNING_VAR", layer.running_var)
layer.eval()
show("INFERENCE", layer(x).detach())

print("// layer_norm.rs")
layer = torch.nn.LayerNorm([C, H, W])
with torch.no_grad():
    # 1 + i / 10 and i / 20 at element i of C x H x W.
    layer.weight.copy_((1 + torch.arange(C * H * W) / 10).reshape(C, H, W))
    layer.bias.copy_((torch.arange(C * H * W) / 20).reshape(C, H, W))
i = torch.arange(2 * H * W * C).reshape(2, H, W, C).double()
x = (torch.sin(0.7 * i) + 0.1 * i).permute(0, 3, 1, 2).contiguous()
dy = torch.cos(0.3 * i).permute(0, 3, 1, 2).contiguous()
x = x.requires_grad_()
y = layer(x)
y.backward(dy)
show("Y", y.detach())
show("DX", x.grad)
for name, t in [("DWEIGHT", layer.weight.grad), ("DBIAS", layer.bias.grad)]:
    show(name, t.flatten())

print("// group_norm.rs")
layer = torch.nn.GroupNorm(2, 4)
with torch.no_grad():
    layer.weight.copy_(1 + torch.arange(4) / 10)
    layer.bias.copy_(torch.arange(4) / 20)
i = torch.arange(2 * 1 * 2 * 4).reshape(2, 1, 2, 4).double()
x = (torch.sin(0.7 * i) + 0.1 * i).permute(0, 3, 1, 2)
backward("", layer, x, torch.cos(0.3 * i).permute(0, 3, 1, 2))


def options(title, layer, x, dy):
    """One number for each tensor: the sum over i of v[i] sin(0.3 i + 0.5)."""

    def told(t):
        t = t.permute(0, 2, 3, 1) if t.dim() == 4 else t
        i = torch.arange(t.numel()).double()
        return float((t.flatten() * torch.sin(0.3 * i + 0.5)).sum())

    with torch.no_grad():
        for key, value in layer.named_parameters():
            i = torch.arange(value.numel()).reshape(value.shape)
            value.copy_(1 + i / 10 if key == "weight" else i / 20)
    x = x.clone().requires_grad_()
    y = layer(x)
    y.backward(dy)
    tensors = [y.detach(), x.grad, *(p.grad for p in layer.parameters()), *layer.buffers()]
    values = ", ".join(f"{told(t):.10}" for t in tensors if t.dim() > 0)
    print(f"// {title}\n[{values}]")


print("// Options: y, dx, gradients, statistics")
x = image(lambda i: torch.sin(0.7 * i) + 0.1 * i)
dy = image(lambda i: torch.cos(0.3 * i))
nn, all_ = torch.nn, [C, H, W]
options("RmsNorm", nn.RMSNorm(all_), x, dy)
options("RmsNorm(0.1)", nn.RMSNorm(all_, eps=0.1), x, dy)
options("RmsNorm<affine = 0>", nn.RMSNorm(all_, elementwise_affine=False), x, dy)
options("LayerNorm(0.1)", nn.LayerNorm(all_, eps=0.1), x, dy)
options("LayerNorm<bias = 0>", nn.LayerNorm(all_, bias=False), x, dy)
options("LayerNorm<affine = 0>", nn.LayerNorm(all_, elementwise_affine=False), x, dy)
options("BatchNorm(0.1, 0.3)", nn.BatchNorm2d(C, eps=0.1, momentum=0.3), x, dy)
options("BatchNorm<affine = 0>", nn.BatchNorm2d(C, affine=False), x, dy)
options("GroupNorm<3>(0.1)", nn.GroupNorm(3, C, eps=0.1), x, dy)
options("GroupNorm<3, affine = 0>", nn.InstanceNorm2d(C), x, dy)
