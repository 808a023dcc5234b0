"""The corpus as the sketch autoencoder's latents and codes, each picture and its mirror image, made once.

The shipped package makes them, not a training checkpoint: whatever is trained on them draws through that package.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from training.conditions import session
from training.pictures import Corpus

BATCH = 32


@dataclass(frozen=True)
class Latents:
    """Latents before rounding, and what they must be shifted and scaled by for mean 0 and deviation 1."""

    values: np.ndarray
    """float16 [2, pictures, 4, 16, 16]: as they are, and mirrored; as the encoder gives them"""
    means: np.ndarray
    """float32 [4]"""
    deviations: np.ndarray
    """float32 [4]"""
    levels: np.ndarray
    """int64 [4]: how many values each channel has once rounded"""

    def batch(self, rows: np.ndarray, mirrored: np.ndarray) -> Tensor:
        """float [batch, 4, 16, 16], every channel with mean 0 and deviation 1"""
        raw = self.values[mirrored.astype(int), rows].astype(np.float32)
        return torch.from_numpy((raw - self.means[:, None, None]) / self.deviations[:, None, None])

    def digits(self, rows: np.ndarray, mirrored: np.ndarray) -> Tensor:
        """int64 [batch, 4, 16, 16]: the rounded latents as whole numbers from 0, channel c below levels[c]"""
        half = (self.levels // 2)[:, None, None]
        digits = np.rint(self.values[mirrored.astype(int), rows].astype(np.float32) * half) + half
        return torch.from_numpy(np.clip(digits, 0, self.levels[:, None, None] - 1).astype(np.int64))


def open_latents(corpus: Corpus, work: Path, package: Path) -> Latents:
    """Reads the latents, making them first with the autoencoder's package if that was not done before."""
    manifest = json.loads((package / "model.json").read_text())
    path = work / f"{manifest['id']}-latents.npy"
    if not path.exists():
        np.save(path, encode(corpus, package, manifest))
    values = np.load(path, mmap_mode="r")
    sample = values[0, corpus.training[::7]].astype(np.float32)
    return Latents(values, sample.mean((0, 2, 3)), sample.std((0, 2, 3)), np.array(manifest["latents"]["levels"]))


def encode(corpus: Corpus, package: Path, manifest: dict) -> np.ndarray:
    """float16 [2, pictures, 4, 16, 16]"""
    half = manifest["encoder"]
    encoder = session(package / half["file"])
    latents = np.empty((2, len(corpus.names), 4, 16, 16), np.float16)
    for start in range(0, len(corpus.names), BATCH):
        pixels = np.array(corpus.pixels[start : start + BATCH]).transpose(0, 3, 1, 2).astype(np.float32) / 255
        for side, given in enumerate((pixels, pixels[..., ::-1])):
            given = np.ascontiguousarray(given)
            latents[side, start : start + BATCH] = encoder.run([half["output"]], {half["input"]: given})[0]
    return latents
