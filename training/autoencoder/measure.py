"""Figures on the held-out pictures: PSNR with and without rounding, codes in use, and a contact sheet."""

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from training.autoencoder.losses import peak_signal_to_noise
from training.autoencoder.network import LEVELS, Autoencoder
from training.pictures import Corpus


@dataclass(frozen=True)
class Figures:
    """What the model card states. PSNR in decibels, code shares 0..1."""

    pictures: int
    psnr_mean: float
    """Mean over the pictures of each one's PSNR."""
    psnr_pooled: float
    """PSNR of the mean squared error over all pictures: lower, since hard pictures weigh more."""
    psnr_unrounded_mean: float
    """As psnr_mean, with the quantiser's rounding left off."""
    codes_used: float
    """Share of the 1,000 codes that occur at all in the pictures looked at."""
    code_perplexity: float
    """Two to the entropy of the codes, 1..1000: how many equally frequent codes would be as varied."""

    def as_dict(self) -> dict[str, float]:
        return asdict(self)


def to_pixels(pictures: np.ndarray) -> Tensor:
    """uint8 [batch, 128, 128, 3] -> float32 [batch, 3, 128, 128] in 0..1, channels last in memory."""
    return torch.from_numpy(np.array(pictures)).permute(0, 3, 1, 2).float() / 255


@torch.no_grad()
def measure(model: Autoencoder, corpus: Corpus) -> Figures:
    """PSNR on the held-out pictures; codes counted on these and as many training pictures as make 1,000."""
    model.eval()
    wanted = to_pixels(corpus.pixels[corpus.held_out])
    latents = batched(model.encode, wanted)
    drawn = batched(model.decoder, model.quantiser.round(latents))
    unrounded = batched(model.decoder, latents)
    spread = corpus.training[:: len(corpus.training) // 933][:933]
    codes = model.quantiser.codes(torch.cat([latents, batched(model.encode, to_pixels(corpus.pixels[spread]))]))
    counts = torch.bincount(codes.flatten(), minlength=int(np.prod(LEVELS))).double()
    shares = counts[counts > 0] / counts.sum()
    model.train()
    return Figures(
        pictures=len(wanted),
        psnr_mean=float(peak_signal_to_noise(drawn, wanted).mean()),
        psnr_pooled=float(-10 * torch.log10((drawn.clamp(0, 1) - wanted).square().mean())),
        psnr_unrounded_mean=float(peak_signal_to_noise(unrounded, wanted).mean()),
        codes_used=float((counts > 0).double().mean()),
        code_perplexity=float(torch.exp2(-(shares * shares.log2()).sum())),
    )


@torch.no_grad()
def save_contact_sheet(model: Autoencoder, corpus: Corpus, path: Path, columns: int = 16) -> None:
    """Writes the held-out pictures, each row of originals over a row of reconstructions.

    The corpus is licensed for research: the sheet is to be looked at, not published.
    """
    wanted = to_pixels(corpus.pixels[corpus.held_out[:64]])
    drawn = batched(lambda part: model.decoder(model.quantiser.round(model.encode(part))), wanted)
    rows = []
    for start in range(0, len(wanted), columns):
        for pictures in (wanted, drawn):
            strip = torch.cat(list(pictures[start : start + columns]), dim=2)
            rows.append(torch.nn.functional.pad(strip, (0, columns * wanted.shape[3] - strip.shape[2])))
    sheet = (torch.cat(rows, dim=1).clamp(0, 1) * 255).round().byte().permute(1, 2, 0).numpy()
    Image.fromarray(np.ascontiguousarray(sheet)).save(path)


def batched(function, inputs: Tensor, size: int = 32) -> Tensor:
    """Applies a function to [batch, ...] a few pictures at a time, in float32."""
    return torch.cat([function(part) for part in inputs.split(size)])
