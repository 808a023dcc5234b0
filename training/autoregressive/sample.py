"""Draws with a trained network, code by code, with classifier-free guidance, the likeliest k and the nucleus."""

import torch
from torch import Tensor

from training.autoregressive import network
from training.autoregressive.network import CodeByCode, codes_around


@torch.no_grad()
def draw(
    model: CodeByCode,
    condition: Tensor,
    seed: int,
    guidance: float = 3.0,
    temperature: float = 1.0,
    top_k: int = 200,
    top_p: float = 0.95,
) -> Tensor:
    """Codes int64 [batch, 16, 16] for conditions float [batch, 384]. Guidance as in Ho and Salimans 2022, arXiv:2207.12598,
    the nucleus as in Holtzman et al. 2020, arXiv:1904.09751."""
    random = torch.Generator().manual_seed(seed)
    batch = len(condition)
    plan, gains, past = model.condition(torch.cat([condition, torch.zeros_like(condition)]))
    groups = torch.full((batch, network.GROUPS, network.CODES_A_GROUP), network.NO_CODE)
    for group in range(network.GROUPS):
        one = slice(group, group + 1)
        around = codes_around(groups)[:, one].repeat(2, 1, 1)
        hidden, past = model.group(around, plan[:, one], gains, past)
        for place in range(network.CODES_A_GROUP):
            drawn = groups[:, group, :-1].repeat(2, 1)
            given, free = model.code(hidden[:, 0], drawn, torch.tensor([place])).chunk(2)
            chances = choices((free + guidance * (given - free)), temperature, top_k, top_p)
            groups[:, group, place] = torch.multinomial(chances, 1, generator=random)[:, 0]
    side, part = network.GROUPS_A_SIDE, network.GROUP
    return groups.view(batch, side, side, part, part).permute(0, 1, 3, 2, 4).reshape(batch, network.SIDE, network.SIDE)


def choices(logits: Tensor, temperature: float, top_k: int, top_p: float) -> Tensor:
    """Probabilities float [batch, 1000] of what may be drawn."""
    ordered, order = (logits / temperature).softmax(-1).sort(-1, descending=True)
    ordered[:, top_k:] = 0
    ordered = ordered / ordered.sum(-1, keepdim=True)
    # A code is kept where those before it have not yet reached the share.
    ordered[ordered.cumsum(-1) - ordered >= top_p] = 0
    return torch.zeros_like(ordered).scatter_(1, order, ordered)


def to_latents(codes: Tensor) -> Tensor:
    """What the autoencoder draws: int64 [batch, 16, 16] -> float [batch, 4, 16, 16]"""
    levels = torch.tensor(network.LEVELS).view(-1, 1)
    half = (levels // 2).float()
    return ((network.code_digits() - half) / half).T[codes].permute(0, 3, 1, 2)
