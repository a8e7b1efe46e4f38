"""Classes that stand in where PyTorch has none, each written only where it is used."""

_SAME_AVG_POOL = '''
class SameAvgPool{rank}d(nn.Module):
    """An average pool of ceil(size / stride) windows; what is padded does not count."""

    def __init__(self, kernel_size, stride):
        super().__init__()
        self.kernel_size, self.stride = kernel_size, stride
        self.pad = SamePad(kernel_size, stride)

    def forward(self, x):
        ones = self.pad(torch.ones_like(x))
        share = F.avg_pool{rank}d(ones, self.kernel_size, self.stride)
        return F.avg_pool{rank}d(self.pad(x), self.kernel_size, self.stride) / share
'''

_LOCAL = '''
class Local{rank}d(nn.Module):
    """A convolution that has filters and biases of its own at each position."""

    def __init__(self, in_channels, out_channels, size, kernel_size, stride, bias=True):
        super().__init__()
        self.kernel_size, self.stride = kernel_size, stride
        weight = torch.empty(out_channels, in_channels, *size, *kernel_size)
        bound = (weight[0, :, {first}].numel()) ** -0.5
        self.weight = nn.Parameter(nn.init.uniform_(weight, -bound, bound))
        self.bias = nn.Parameter(torch.zeros(out_channels, *size)) if bias else None

    def forward(self, x):
        for axis, (k, s) in enumerate(zip(self.kernel_size, self.stride), start=2):
            x = x.unfold(axis, k, s)
        x = torch.einsum("{equation}", x, self.weight)
        return x if self.bias is None else x + self.bias
'''

_EQUATIONS = {
    1: "bcxi,ocxi->box",
    2: "bcxyij,ocxyij->boxy",
    3: "bcxyzijk,ocxyzijk->boxyz",
}

_OVER_CHANNELS = '''
class Channel{Name}(nn.Module):
    """The {says} over the channels."""

    def forward(self, x):
        return x.{name}(1, keepdim=True)
'''

_STEPS = '''
class {name}(nn.{name}):
    """A recurrent layer over the last axis; it gives what every step gives."""

    def forward(self, x):
        return super().forward(x.transpose(1, 2))[0].transpose(1, 2)
'''

_LAST_STEP = '''
class Last{name}(nn.{name}):
    """A recurrent layer over the last axis; it gives what the last step gives."""

    def forward(self, x):
        return super().forward(x.transpose(1, 2))[0][:, -1]
'''

EQUATION = "bz...y,bx...z->bx...y"
"""The product of two stacks of matrices, whose last axes are places and whose channels come first.

z is summed over.
"""


def _joined(name: str, says: str, gives: str, *before: str) -> str:
    """Return the class of a join: what it gives of what its BRANCHES give."""
    lines = "\n        ".join([*before, f"return {gives}"])
    return f'''
class {name}(nn.Module):
    """{says}."""

    def __init__(self, *branches):
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, x):
        {lines.replace("BRANCHES", "branch(x) for branch in self.branches")}
'''


JOIN_CLASSES = {
    "add": "Add",
    "mul": "Multiply",
    "max": "Maximum",
    "concat": "Concat",
    "product": "Product",
}
"""The class that is each join."""

ADDITIONS: dict[str, str] = {
    "Residual": '''
class Residual(nn.Module):
    """Adds what comes in to what its body gives."""

    def __init__(self, body):
        super().__init__()
        self.body = body

    def forward(self, x):
        return self.body(x) + x
''',
    "Add": _joined("Add", "Adds what its branches give", "sum(BRANCHES)"),
    "Multiply": _joined(
        "Multiply",
        "Multiplies what its branches give",
        "product",
        "product, *others = [BRANCHES]",
        "for other in others:",
        "    product = product * other",
    ),
    "Maximum": _joined(
        "Maximum",
        "The largest of what its branches give, at each place",
        "torch.stack([BRANCHES]).amax(0)",
    ),
    "Concat": _joined(
        "Concat", "Stacks what its branches give along the channels", "torch.cat([BRANCHES], 1)"
    ),
    "Product": _joined(
        "Product",
        "The product of what two branches give, as matrices of places and channels",
        f'torch.einsum("{EQUATION}", *(BRANCHES))',
    ),
    "Transpose": '''
class Transpose(nn.Module):
    """Channels and the last axis change places."""

    def forward(self, x):
        return x.transpose(1, -1)
''',
    "ConcatAlong": '''
class ConcatAlong(nn.Module):
    """Stacks what its branches give along an axis."""

    def __init__(self, axis, *branches):
        super().__init__()
        self.axis = axis
        self.branches = nn.ModuleList(branches)

    def forward(self, x):
        return torch.cat([branch(x) for branch in self.branches], self.axis)
''',
    "SamePad": '''
class SamePad(nn.Module):
    """TensorFlow's same: ceil(size / stride) windows, the odd pixel at the end."""

    def __init__(self, kernel_size, stride, dilation=1, value=0.0):
        super().__init__()
        self.windows = kernel_size, stride, dilation
        self.value = value

    def forward(self, x):
        padding = []
        for axis, size in enumerate(x.shape[2:]):
            k, s, d = (n if isinstance(n, int) else n[axis] for n in self.windows)
            total = max((size - 1) // s * s + d * (k - 1) + 1 - size, 0)
            padding = [total // 2, total - total // 2, *padding]
        return F.pad(x, padding, value=self.value)
''',
    **{f"SameAvgPool{rank}d": _SAME_AVG_POOL.replace("{rank}", str(rank)) for rank in (1, 2, 3)},
    **{
        f"Local{rank}d": _LOCAL.replace("{rank}", str(rank))
        .replace("{first}", ", ".join(["0"] * rank))
        .replace("{equation}", equation)
        for rank, equation in _EQUATIONS.items()
    },
    "ChannelNorm": '''
class ChannelNorm(nn.LayerNorm):
    """A layer norm over the channels of a map."""

    def forward(self, x):
        return super().forward(x.movedim(1, -1)).movedim(-1, 1)
''',
    "LayerScale": '''
class LayerScale(nn.Module):
    """A learned scale for each channel."""

    def __init__(self, channels, start=1e-6):
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels,), start))

    def forward(self, x):
        return x * self.weight.reshape(-1, *[1] * (x.dim() - 2))
''',
    "ChannelMean": _OVER_CHANNELS.format(Name="Mean", says="mean", name="mean"),
    "ChannelMax": _OVER_CHANNELS.format(Name="Max", says="largest", name="amax"),
    "Embedding": '''
class Embedding(nn.Embedding):
    """Learned numbers for each word, along the channels."""

    def forward(self, x):
        return super().forward(x.long()).transpose(1, 2)
''',
    "Token": '''
class Token(nn.Module):
    """Learned tokens before a sequence."""

    def __init__(self, channels, count):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1, channels, count))

    def forward(self, x):
        return torch.cat([self.weight.expand(len(x), -1, -1), x], 2)
''',
    "Position": '''
class Position(nn.Module):
    """A learned value that is added at every place."""

    def __init__(self, channels, *sizes):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(channels, *sizes))

    def forward(self, x):
        return x + self.weight
''',
    "Attention": '''
class Attention(nn.Module):
    """Self-attention over all places of a map or a sequence."""

    def __init__(self, channels, heads, bias=True):
        super().__init__()
        self.attend = nn.MultiheadAttention(
            channels, heads, bias=bias, batch_first=True
        )

    def forward(self, x):
        places = x.flatten(2).transpose(1, 2)
        return self.attend(places, places, places)[0].transpose(1, 2).reshape(x.shape)
''',
    "Attend": '''
class Attend(nn.Module):
    """Heads whose queries, keys and values come in stacked along the channels."""

    def __init__(self, heads, keys):
        super().__init__()
        self.heads, self.keys = heads, keys

    def forward(self, x):
        places = x.flatten(2).transpose(1, 2)
        keys = self.heads * self.keys
        parts = places.split([keys, keys, places.shape[2] - 2 * keys], 2)
        heads = (each.unflatten(2, (self.heads, -1)).transpose(1, 2) for each in parts)
        found = F.scaled_dot_product_attention(*heads).transpose(1, 2).flatten(2)
        return found.transpose(1, 2).unflatten(2, x.shape[2:])
''',
    **{name: _STEPS.format(name=name) for name in ("LSTM", "GRU", "RNN")},
    **{f"Last{name}": _LAST_STEP.format(name=name) for name in ("LSTM", "GRU", "RNN")},
    "Slice": '''
class Slice(nn.Module):
    """The channels from the first up to, not with, the last."""

    def __init__(self, first, last):
        super().__init__()
        self.first, self.last = first, last

    def forward(self, x):
        return x[:, self.first : self.last]
''',
}
