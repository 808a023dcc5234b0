"""The corpus as the autoencoder's latents, each picture and its mirror image, made once."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from training.autoencoder.measure import to_pixels
from training.autoencoder.network import Autoencoder
from training.pictures import Corpus

BATCH = 64


@dataclass(frozen=True)
class Latents:
    """Latents before rounding, shifted and scaled so that every channel has mean 0 and deviation 1."""

    values: np.ndarray
    """float16 [2, pictures, 4, 16, 16]: as they are, and mirrored; as the encoder gives them"""
    means: np.ndarray
    """float32 [4]"""
    deviations: np.ndarray
    """float32 [4]"""

    def batch(self, rows: np.ndarray, mirrored: np.ndarray) -> Tensor:
        """float [batch, 4, 16, 16]"""
        raw = self.values[mirrored.astype(int), rows].astype(np.float32)
        return torch.from_numpy((raw - self.means[:, None, None]) / self.deviations[:, None, None])


def open_latents(corpus: Corpus, work: Path, autoencoder: str) -> Latents:
    """Reads the latents, making them first with the run's averaged weights if that was not done before."""
    path = work / f"{autoencoder}-latents.npy"
    if not path.exists():
        model = Autoencoder()
        model.load_state_dict(torch.load(work / f"{autoencoder}.pt")["average"])
        np.save(path, encode(corpus, model.eval()))
    values = np.load(path, mmap_mode="r")
    sample = values[0, corpus.training[::7]].astype(np.float32)
    return Latents(values, sample.mean((0, 2, 3)), sample.std((0, 2, 3)))


@torch.no_grad()
def encode(corpus: Corpus, model: Autoencoder) -> np.ndarray:
    """float16 [2, pictures, 4, 16, 16]"""
    latents = np.empty((2, len(corpus.names), 4, 16, 16), np.float16)
    for start in range(0, len(corpus.names), BATCH):
        pixels = to_pixels(np.array(corpus.pixels[start : start + BATCH]))
        for side, given in enumerate((pixels, pixels.flip(-1))):
            with torch.autocast("cpu", torch.bfloat16):
                latents[side, start : start + BATCH] = model.encode(given).float().numpy()
    return latents
