"""Draws with a trained network: Euler steps along the flow, with classifier-free guidance."""

import torch
from torch import Tensor

from training.diffusion.network import LATENT_CHANNELS, LATENT_SIDE, DrawingNetwork


@torch.no_grad()
def draw(model: DrawingNetwork, condition: Tensor, seed: int, steps: int = 16, guidance: float = 4.0) -> Tensor:
    """Latents float [batch, 4, 16, 16], mean 0 and deviation 1, for conditions [batch, 384].

    Guidance as in Ho and Salimans 2022, arXiv:2207.12598, in the first nine tenths of the flow: at its end it
    would only sharpen noise.
    """
    latents = torch.randn(len(condition), LATENT_CHANNELS, LATENT_SIDE, LATENT_SIDE, generator=torch.Generator().manual_seed(seed))
    both = torch.cat([condition, torch.zeros_like(condition)])
    times = torch.linspace(1, 0, steps + 1)
    for time, following in zip(times[:-1], times[1:], strict=True):
        given, free = model(torch.cat([latents, latents]), time.expand(len(both)), both).chunk(2)
        strength = guidance if time > 0.1 else 1.0
        latents = latents + (following - time) * (free + strength * (given - free))
    return latents
