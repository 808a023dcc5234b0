"""The drawing network: a small diffusion transformer over the sketch autoencoder's latents.

It follows DiT (Peebles and Xie 2022, arXiv:2212.09748) with one modulation for all layers (PixArt-alpha,
arXiv:2310.00426). As in DALL-E 2 (Ramesh et al. 2022, arXiv:2204.06125, section 2.1) the encoder's
embedding is added to the time embedding and also becomes four tokens beside the picture's.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

LATENT_CHANNELS = 4
LATENT_SIDE = 16
PATCH = 2
TOKENS = (LATENT_SIDE // PATCH) ** 2
CONDITION = 384
CONDITION_TOKENS = 4


def normalised(values: Tensor) -> Tensor:
    """Root-mean-square normalisation over the last axis, without a gain (arXiv:1910.07467)."""
    return values * torch.rsqrt(values.square().mean(-1, keepdim=True) + 1e-6)


class Block(nn.Module):
    """Attention and a feed-forward layer, each scaled, shifted and gated by the condition."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.attend_in = nn.Linear(width, 3 * width, bias=False)
        self.attend_out = nn.Linear(width, width)
        self.feed_in = nn.Linear(width, 4 * width)
        self.feed_out = nn.Linear(4 * width, width)
        self.modulation_bias = nn.Parameter(torch.zeros(6, width))
        self.norm = nn.LayerNorm(width, elementwise_affine=False)

    def forward(self, tokens: Tensor, modulation: Tensor) -> Tensor:
        shift_a, scale_a, gate_a, shift_f, scale_f, gate_f = (modulation + self.modulation_bias).unsqueeze(2).unbind(1)
        attended = self.attend(self.norm(tokens) * (1 + scale_a) + shift_a)
        tokens = tokens + gate_a * attended
        hidden = functional.gelu(self.feed_in(self.norm(tokens) * (1 + scale_f) + shift_f), approximate="tanh")
        return tokens + gate_f * self.feed_out(hidden)

    def attend(self, tokens: Tensor) -> Tensor:
        batch, count, width = tokens.shape
        parts = self.attend_in(tokens).view(batch, count, 3, self.heads, width // self.heads)
        queries, keys, values = parts.permute(2, 0, 3, 1, 4).unbind(0)
        # Normalised queries and keys keep a short, fast training stable (arXiv:2302.05442). Written out, this is faster on a
        # CPU than PyTorch's own function, whose backward half takes a sixth of a step.
        scores = normalised(queries) @ normalised(keys).transpose(2, 3) * (8 / math.sqrt(width // self.heads))
        mixed = scores.softmax(-1).to(values.dtype) @ values
        return self.attend_out(mixed.transpose(1, 2).reshape(batch, count, width))


class DrawingNetwork(nn.Module):
    """Predicts the velocity of a rectified flow (Liu et al. 2022, arXiv:2209.03003)."""

    def __init__(self, width: int = 288, depth: int = 8, heads: int = 6) -> None:
        super().__init__()
        self.width = width
        self.token_in = nn.Linear(LATENT_CHANNELS * PATCH**2, width)
        self.places = nn.Parameter(torch.randn(1, TOKENS, width) * 0.02)
        self.time_in = nn.Linear(128, width)
        self.time_out = nn.Linear(width, width)
        self.condition_in = nn.Linear(CONDITION, width)
        self.condition_out = nn.Linear(width, width)
        self.condition_tokens = nn.Linear(CONDITION, CONDITION_TOKENS * width)
        self.modulation = nn.Linear(width, 6 * width)
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(depth))
        self.norm = nn.LayerNorm(width, elementwise_affine=False)
        self.last_modulation = nn.Linear(width, 2 * width)
        self.token_out = nn.Linear(width, LATENT_CHANNELS * PATCH**2)
        for layer in (self.modulation, self.last_modulation, self.token_out):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, latents: Tensor, time: Tensor, condition: Tensor) -> Tensor:
        """latents float [batch, 4, 16, 16], noise at time 1 and a picture at 0; time float [batch];
        condition float [batch, 384], unit length, or zeros for a picture of anything."""
        state = self.time_out(functional.silu(self.time_in(waves(time))))
        condition = condition * math.sqrt(CONDITION)
        state = functional.silu(state + self.condition_out(functional.silu(self.condition_in(condition))))
        modulation = self.modulation(state).view(-1, 6, self.width)
        extra = self.condition_tokens(condition).view(-1, CONDITION_TOKENS, self.width)
        tokens = torch.cat([self.token_in(to_tokens(latents)) + self.places, extra], 1)
        for block in self.blocks:
            tokens = block(tokens, modulation)
        shift, scale = self.last_modulation(state).unsqueeze(1).chunk(2, -1)
        return to_latents(self.token_out(self.norm(tokens[:, :TOKENS]) * (1 + scale) + shift))


def waves(time: Tensor) -> Tensor:
    """float [batch, 128]: sines and cosines of the time at 64 frequencies, as DDPM has them (arXiv:2006.11239)."""
    frequencies = torch.exp(torch.arange(64, dtype=torch.float32) * (-math.log(10_000) / 64))
    angles = 1000 * time.unsqueeze(1) * frequencies
    return torch.cat([angles.sin(), angles.cos()], 1)


def to_tokens(latents: Tensor) -> Tensor:
    """[batch, 4, 16, 16] -> [batch, 64, 16]"""
    side = LATENT_SIDE // PATCH
    tiles = latents.reshape(-1, LATENT_CHANNELS, side, PATCH, side, PATCH)
    return tiles.permute(0, 2, 4, 1, 3, 5).reshape(-1, TOKENS, LATENT_CHANNELS * PATCH**2)


def to_latents(tokens: Tensor) -> Tensor:
    """[batch, 64, 16] -> [batch, 4, 16, 16]"""
    side = LATENT_SIDE // PATCH
    tiles = tokens.reshape(-1, side, side, LATENT_CHANNELS, PATCH, PATCH)
    return tiles.permute(0, 3, 1, 4, 2, 5).reshape(-1, LATENT_CHANNELS, LATENT_SIDE, LATENT_SIDE)
