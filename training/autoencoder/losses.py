"""What the autoencoder is asked to keep: the pixels, and the differences between neighbouring pixels."""

from dataclasses import dataclass

import torch
from torch import Tensor

SQUARE_WEIGHT = 4.0
"""Weight of the squared error beside the absolute one: it carries the figure of merit, PSNR."""

GRADIENT_WEIGHT = 1.0
"""Weight of the absolute error of neighbour differences: it keeps edges that pixel errors alone blur."""


@dataclass(frozen=True)
class PixelLoss:
    """Means over a batch, scalars."""

    absolute: Tensor
    square: Tensor
    gradient: Tensor

    def total(self) -> Tensor:
        return self.absolute + SQUARE_WEIGHT * self.square + GRADIENT_WEIGHT * self.gradient


def pixel_loss(drawn: Tensor, wanted: Tensor) -> PixelLoss:
    """Both float [batch, 3, height, width], 0..1."""
    error = drawn - wanted
    across = error[..., :, 1:] - error[..., :, :-1]
    down = error[..., 1:, :] - error[..., :-1, :]
    return PixelLoss(error.abs().mean(), error.square().mean(), across.abs().mean() + down.abs().mean())


def peak_signal_to_noise(drawn: Tensor, wanted: Tensor) -> Tensor:
    """PSNR in decibels of each picture, float [batch], peak 1, after clipping to 0..1."""
    error = (drawn.clamp(0, 1) - wanted).square().mean((1, 2, 3))
    return -10 * torch.log10(error)
