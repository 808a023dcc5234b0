"""The network that draws code by code: DALL-E 1's way (Ramesh et al. 2021, arXiv:2102.12092), made small.

The 16 x 16 codes are taken in groups of 2 x 2, as the RQ-Transformer takes its stacks (Lee et al. 2022,
arXiv:2203.01941): a causal transformer walks over the 64 groups row by row, and a small network draws
the four codes of a group one after another. That costs a quarter of a transformer over 256 codes.

Three parts share no weights and are exported as three graphs: `ConditionNetwork` runs once a picture,
`GroupNetwork` once a group, `CodeNetwork` once a code. What can be learned once a picture is cheapest to
train, so the first part holds a third of the weights.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

LEVELS = (8, 5, 5, 5)
"""Of the autoencoder's quantiser; a code's digits, the first one fastest."""
CODES = math.prod(LEVELS)
NO_CODE = CODES
"""Stands where no code is: beyond the picture's edge, or not drawn yet."""

SIDE = 16
GROUP = 2
GROUPS_A_SIDE = SIDE // GROUP
GROUPS = GROUPS_A_SIDE**2
CODES_A_GROUP = GROUP**2
NEIGHBOURS = ((0, -1), (-1, -1), (-1, 0), (-1, 1))
"""Rows and columns from a group to the drawn groups around it, in the order the network is told their codes."""

CONDITION = 384
CONDITION_INNER = 768
CONDITION_TOKENS = 4
PLAN_WIDTH = 64

WIDTH, DEPTH, HEADS, CODE_WIDTH = 256, 6, 4, 96
HEAD_WIDTH = WIDTH // HEADS


def normalised(values: Tensor) -> Tensor:
    """Mean 0 and deviation 1 over the last axis."""
    return functional.layer_norm(values, values.shape[-1:])


def code_digits() -> Tensor:
    """int64 [4, 1000]: the digits of every code"""
    codes = torch.arange(CODES)
    return torch.stack([codes // math.prod(LEVELS[:channel]) % levels for channel, levels in enumerate(LEVELS)])


class CodeVectors(nn.Module):
    """A vector a code: the sum of one a digit, which similar codes share, and one of the code's own."""

    def __init__(self, width: int, deviation: float, with_none: bool) -> None:
        super().__init__()
        # One axis more than needed: Muon is for matrices that multiply, and takes those with two or four axes.
        self.own = nn.Parameter(torch.randn(1, CODES + int(with_none), width) * deviation)
        self.of_digits = nn.ParameterList(nn.Parameter(torch.randn(levels, width) * deviation) for levels in LEVELS)
        self.register_buffer("digits", code_digits(), persistent=False)

    def forward(self) -> Tensor:
        """float [1000 or 1001, width]"""
        own = self.own[0]
        shared = sum(vectors[digits] for vectors, digits in zip(self.of_digits, self.digits, strict=True))
        return own + functional.pad(shared, (0, 0, 0, len(own) - CODES))


class FeedForward(nn.Module):
    """Two layers with a squared ReLU between them (So et al. 2021, arXiv:2109.08668)."""

    def __init__(self, factor: int) -> None:
        super().__init__()
        self.inward = nn.Linear(WIDTH, factor * WIDTH)
        self.outward = nn.Linear(factor * WIDTH, WIDTH)
        nn.init.zeros_(self.outward.weight)

    def forward(self, values: Tensor) -> Tensor:
        return self.outward(functional.relu(self.inward(values)).square())


class ConditionNetwork(nn.Module):
    """The encoder's embedding -> what every group is drawn with."""

    def __init__(self) -> None:
        super().__init__()
        self.inward = nn.Linear(CONDITION, CONDITION_INNER)
        self.outward = nn.Linear(CONDITION_INNER, CONDITION)
        self.plan = nn.Linear(CONDITION, GROUPS * PLAN_WIDTH)
        self.planned = nn.Linear(PLAN_WIDTH, WIDTH)
        self.tokens = nn.Linear(CONDITION, CONDITION_TOKENS * WIDTH)
        self.keys_values = nn.ModuleList(nn.Linear(WIDTH, 2 * WIDTH, bias=False) for _ in range(DEPTH))
        self.gains = nn.Linear(CONDITION, DEPTH * 2 * WIDTH)
        for layer in (self.outward, self.gains):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, condition: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """condition float [batch, 384], unit length, or zeros for a picture of anything. Answers `plan` float [batch, 64,
        width], what each group begins with; `gains` float [layers, 2, batch, width] of the normalisations; `past` float
        [layers, 2, batch, heads, 4, width / heads], keys and values that every group may look back to."""
        condition = condition * math.sqrt(CONDITION)
        state = condition + self.outward(functional.relu(self.inward(condition)))
        plan = self.planned(self.plan(state).view(-1, GROUPS, PLAN_WIDTH))
        gains = 1 + self.gains(state).view(-1, DEPTH, 2, WIDTH).permute(1, 2, 0, 3)
        tokens = normalised(self.tokens(state).view(-1, CONDITION_TOKENS, WIDTH))
        past = torch.stack([torch.stack(keys_values(layer(tokens))) for layer in self.keys_values])
        return plan, gains, past


def split_heads(joined: Tensor) -> Tensor:
    """[batch, count, width] -> [batch, heads, count, width / heads]"""
    return joined.view(*joined.shape[:2], HEADS, HEAD_WIDTH).transpose(1, 2)


def keys_values(joined: Tensor) -> tuple[Tensor, Tensor]:
    """[batch, count, 2 x width] -> keys, of length sqrt(width of a head) each, and values. Keys and queries of a
    fixed length keep a short, fast training stable (arXiv:2302.05442)."""
    keys, values = joined.chunk(2, -1)
    return normalised(split_heads(keys)), split_heads(values)


class Block(nn.Module):
    """Attention over everything earlier, then a feed-forward layer."""

    def __init__(self) -> None:
        super().__init__()
        self.query = nn.Linear(WIDTH, WIDTH, bias=False)
        self.key_value = nn.Linear(WIDTH, 2 * WIDTH, bias=False)
        self.attend_out = nn.Linear(WIDTH, WIDTH, bias=False)
        self.feed = FeedForward(4)
        nn.init.zeros_(self.attend_out.weight)

    def forward(self, groups: Tensor, past: Tensor, gains: Tensor, visible: Tensor | None) -> tuple[Tensor, Tensor]:
        """groups float [batch, count, width], past [2, batch, heads, earlier, width / heads], gains [2, batch, width],
        visible bool [count, earlier + count] or None for all; answers the groups and past with theirs added."""
        given = normalised(groups) * gains[0].unsqueeze(1)
        present = torch.cat([past, torch.stack(keys_values(self.key_value(given)))], 3)
        queries = normalised(split_heads(self.query(given)))
        # Of two vectors that point the same way the product is then 16, of two at random about 2. Written out, this is faster
        # on a CPU than PyTorch's own function, whose backward half takes a tenth of a step.
        scores = queries @ present[0].transpose(2, 3) * 0.25
        if visible is not None:
            scores = scores.masked_fill(~visible, -math.inf)
        mixed = scores.softmax(-1).to(present.dtype) @ present[1]
        groups = groups + self.attend_out(mixed.transpose(1, 2).flatten(2))
        return groups + self.feed(normalised(groups) * gains[1].unsqueeze(1)), present


class GroupNetwork(nn.Module):
    """The causal transformer over groups."""

    def __init__(self) -> None:
        super().__init__()
        self.codes = CodeVectors(CODE_WIDTH, 0.5, with_none=True)
        self.around = nn.Linear(len(NEIGHBOURS) * CODES_A_GROUP * CODE_WIDTH, WIDTH)
        self.blocks = nn.ModuleList(Block() for _ in range(DEPTH))

    def forward(
        self, around: Tensor, plan: Tensor, gains: Tensor, past: Tensor, visible: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """around int64 [batch, count, 16], the codes of the four groups around each, NO_CODE where there is none; plan float
        [batch, count, width], gains and past as the condition network answers them, past grown by the groups before;
        visible as a block takes it. Answers `hidden` float [batch, count, width] and `present`, the past for what follows."""
        groups = self.around(functional.embedding(around, self.codes()).flatten(2)) + plan
        presents = []
        for layer, block in enumerate(self.blocks):
            groups, present = block(groups, past[layer], gains[layer], visible)
            presents.append(present)
        return groups, torch.stack(presents)


class CodeNetwork(nn.Module):
    """The four codes of a group, one after another."""

    def __init__(self) -> None:
        super().__init__()
        self.codes = CodeVectors(CODE_WIDTH, 0.5, with_none=True)
        self.earlier = nn.Linear((CODES_A_GROUP - 1) * CODE_WIDTH, WIDTH, bias=False)
        self.places = nn.Parameter(torch.randn(1, CODES_A_GROUP, WIDTH) * 0.5)
        self.feed = FeedForward(2)
        self.outputs = CodeVectors(WIDTH, 0.0, with_none=False)
        self.biases = nn.Parameter(torch.zeros(CODES))

    def forward(self, hidden: Tensor, drawn: Tensor, place: Tensor) -> Tensor:
        """hidden float [..., width] of the group; drawn int64 [..., 3], its first three codes with NO_CODE from `place` on;
        place int64 [4] or [1], 0 to 3. Answers logits float [..., 1000]."""
        earlier = functional.embedding(drawn, self.codes()).flatten(-2)
        state = hidden + self.earlier(earlier) + self.places[0, place].to(hidden.dtype)
        state = state + self.feed(normalised(state))
        return functional.linear(normalised(state), self.outputs(), self.biases)


class CodeByCode(nn.Module):
    """The three parts together."""

    def __init__(self) -> None:
        super().__init__()
        self.condition = ConditionNetwork()
        self.group = GroupNetwork()
        self.code = CodeNetwork()
        earlier = torch.ones(GROUPS, CONDITION_TOKENS, dtype=torch.bool)
        causal = torch.ones(GROUPS, GROUPS, dtype=torch.bool).tril()
        self.register_buffer("visible", torch.cat([earlier, causal], 1), persistent=False)
        drawn = torch.arange(CODES_A_GROUP - 1) < torch.arange(CODES_A_GROUP).unsqueeze(1)
        self.register_buffer("drawn", drawn, persistent=False)

    def forward(self, codes: Tensor, condition: Tensor) -> Tensor:
        """codes int64 [batch, 16, 16], condition float [batch, 384] -> logits float [batch, 64, 4, 1000], each place's from
        the codes before it."""
        groups = to_groups(codes)
        hidden, _ = self.group(codes_around(groups), *self.condition(condition), self.visible)
        first = groups[..., :-1].unsqueeze(2).expand(-1, -1, CODES_A_GROUP, -1)
        drawn = torch.where(self.drawn, first, NO_CODE)
        return self.code(hidden.unsqueeze(2), drawn, torch.arange(CODES_A_GROUP))


def to_codes(digits: Tensor) -> Tensor:
    """int64 [batch, 4, 16, 16] -> [batch, 16, 16]"""
    place_values = torch.tensor([math.prod(LEVELS[:channel]) for channel in range(len(LEVELS))])
    return (digits * place_values.view(1, -1, 1, 1)).sum(1)


def to_groups(codes: Tensor) -> Tensor:
    """[batch, 16, 16] -> [batch, 64, 4], row by row, and row by row within a group"""
    tiles = codes.view(-1, GROUPS_A_SIDE, GROUP, GROUPS_A_SIDE, GROUP)
    return tiles.permute(0, 1, 3, 2, 4).reshape(-1, GROUPS, CODES_A_GROUP)


def codes_around(groups: Tensor) -> Tensor:
    """[batch, 64, 4] -> [batch, 64, 16]: the codes of every group's four drawn neighbours"""
    grid = groups.view(-1, GROUPS_A_SIDE, GROUPS_A_SIDE, CODES_A_GROUP)
    framed = functional.pad(grid, (0, 0, 1, 1, 1, 0), value=NO_CODE)
    parts = [
        framed[:, 1 + down : 1 + down + GROUPS_A_SIDE, 1 + right : 1 + right + GROUPS_A_SIDE] for down, right in NEIGHBOURS
    ]
    return torch.cat(parts, -1).view(-1, GROUPS, len(NEIGHBOURS) * CODES_A_GROUP)
