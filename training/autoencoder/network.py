"""The autoencoder: 128 x 128 pixels <-> 16 x 16 places of four quantised numbers, one of 1,000 codes a place.

Encoder and decoder are plain 3 x 3 convolutions with residual links and SiLU: no normalisation, no
attention, nothing that depends on the batch, so that the exported graphs are easy to differentiate.
The quantiser is finite scalar quantisation (Mentzer et al. 2023, arXiv:2309.15505), which has no
codebook to train and none to collapse.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

LEVELS = (8, 5, 5, 5)
"""Values a latent channel can take; their product, 1,000, is the number of codes."""

LATENT_SIDE = 16
PIXEL_SIDE = 128


class Quantiser(nn.Module):
    """FSQ, section 3.1 and appendix A.1 of arXiv:2309.15505. Latents are float [batch, 4, 16, 16].

    A channel of L levels takes the values k / (L // 2) for whole k from -(L // 2) to (L - 1) // 2.
    """

    def __init__(self) -> None:
        super().__init__()
        levels = torch.tensor(LEVELS, dtype=torch.float32).view(1, -1, 1, 1)
        reach = (levels - 1) * (1 - 1e-3) / 2
        offset = (levels % 2 == 0) * 0.5
        self.register_buffer("reach", reach, persistent=False)
        self.register_buffer("offset", offset, persistent=False)
        self.register_buffer("shift", torch.atanh(offset / reach), persistent=False)
        self.register_buffer("half_width", levels // 2, persistent=False)

    def bound(self, features: Tensor) -> Tensor:
        """Squashes raw encoder output into the latent range, before rounding."""
        return (torch.tanh(features + self.shift) * self.reach - self.offset) / self.half_width

    def round(self, latents: Tensor) -> Tensor:
        """Nearest quantised latents, with the gradient passed straight through."""
        rounded = torch.round(latents * self.half_width) / self.half_width
        return latents + (rounded - latents).detach()

    def codes(self, latents: Tensor) -> Tensor:
        """Code numbers 0..999, int64 [batch, 16, 16]: the channels as digits, the first one fastest."""
        digits = (torch.round(latents * self.half_width) + self.half_width).long()
        place_values = torch.tensor([1, 8, 40, 200], device=latents.device).view(1, -1, 1, 1)
        return (digits * place_values).sum(1)


def convolution(channels_in: int, channels_out: int, side: int = 3) -> nn.Conv2d:
    """A convolution that keeps the picture's size, with He initialisation (arXiv:1502.01852)."""
    layer = nn.Conv2d(channels_in, channels_out, side, padding=side // 2)
    nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
    nn.init.zeros_(layer.bias)
    return layer


class Residual(nn.Module):
    """Two convolutions beside an identity. The second starts at zero (Fixup, arXiv:1901.09321), so that
    a deep stack without normalisation starts as the identity and trains stably."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = convolution(channels, channels)
        self.second = convolution(channels, channels)
        nn.init.zeros_(self.second.weight)

    def forward(self, features: Tensor) -> Tensor:
        return features + self.second(functional.silu(self.first(functional.silu(features))))


class Encoder(nn.Module):
    """pixels float [batch, 3, 128, 128] in 0..1 -> raw latent features [batch, 4, 16, 16]."""

    def __init__(self, fine: int = 80, coarse: int = 160) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.PixelUnshuffle(4),
            convolution(48, fine),
            Residual(fine),
            nn.PixelUnshuffle(2),
            convolution(4 * fine, coarse, 1),
            Residual(coarse),
            Residual(coarse),
            nn.SiLU(),
            convolution(coarse, len(LEVELS), 1),
        )

    def forward(self, pixels: Tensor) -> Tensor:
        return self.layers(pixels * 2 - 1)


class Decoder(nn.Module):
    """latents float [batch, 4, 16, 16] -> pixels [batch, 3, 128, 128], about 0..1, not clipped."""

    def __init__(self, coarse: int = 192, fine: int = 96, finest: int = 40) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            convolution(len(LEVELS), coarse),
            Residual(coarse),
            Residual(coarse),
            convolution(coarse, 4 * fine, 1),
            nn.PixelShuffle(2),
            Residual(fine),
            convolution(fine, 4 * finest, 1),
            nn.PixelShuffle(2),
            Residual(finest),
            nn.SiLU(),
            convolution(finest, 12),
            nn.PixelShuffle(2),
        )
        nn.init.normal_(self.layers[-2].weight, std=0.01)

    def forward(self, latents: Tensor) -> Tensor:
        return self.layers(latents) * 0.5 + 0.5


class Autoencoder(nn.Module):
    """Encoder, quantiser and decoder together."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder()
        self.quantiser = Quantiser()
        self.decoder = Decoder()

    def encode(self, pixels: Tensor) -> Tensor:
        """Latents before rounding, float32 [batch, 4, 16, 16]."""
        return self.quantiser.bound(self.encoder(pixels).float())

    def forward(self, pixels: Tensor, unrounded: Tensor | None = None) -> Tensor:
        """Reconstruction. Where unrounded (bool [batch]) is true, the latents skip the rounding."""
        latents = self.encode(pixels)
        rounded = self.quantiser.round(latents)
        if unrounded is not None:
            rounded = torch.where(unrounded.view(-1, 1, 1, 1), latents, rounded)
        return self.decoder(rounded)
