"""The corpus as one array: unpacked once from its tar shards, split by hash, served in seeded batches.

The corpus folder holds `captions.jsonl` (one line a picture: file, set, captions or labels) and
`pictures-NN.tar` (WebP, 128 x 128). Unpacking writes two files into the work folder:
`pictures.u8` (uint8, [pictures, 128, 128, 3], RGB) and `pictures.json` (the file names, in the same order).
"""

import hashlib
import io
import json
import tarfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

SIDE = 128
"""Height and width of every corpus picture, in pixels."""

HELD_OUT_MODULUS = 500
"""One picture in this many, by hash of its name, is never trained on."""


@dataclass(frozen=True)
class Corpus:
    """pixels: uint8 [pictures, 128, 128, 3], mapped from disk. names: one file name a picture."""

    pixels: np.ndarray
    names: list[str]
    training: np.ndarray
    """Row numbers trained on, int64, ascending."""
    held_out: np.ndarray
    """Row numbers kept for measuring, int64, ascending."""


def is_held_out(name: str) -> bool:
    """Whether a picture is kept for measuring. The name's SHA-1 decides, so every model agrees."""
    return int(hashlib.sha1(name.encode()).hexdigest(), 16) % HELD_OUT_MODULUS == 0


def open_corpus(corpus_folder: Path, work_folder: Path) -> Corpus:
    """Maps the corpus, unpacking it into the work folder first if that was not done before."""
    pixels_path = work_folder / "pictures.u8"
    names_path = work_folder / "pictures.json"
    if not names_path.exists():
        unpack(corpus_folder, pixels_path, names_path)
    names = json.loads(names_path.read_text())
    shape = (len(names), SIDE, SIDE, 3)
    pixels = np.memmap(pixels_path, np.uint8, "r", shape=shape)
    held_out = np.array([is_held_out(name) for name in names])
    return Corpus(pixels, names, np.flatnonzero(~held_out), np.flatnonzero(held_out))


def unpack(corpus_folder: Path, pixels_path: Path, names_path: Path) -> None:
    """Decodes every picture once. The names are written last: their presence says the pixels are whole."""
    shards = sorted(corpus_folder.glob("pictures-*.tar"))
    if not shards:
        raise FileNotFoundError(f"no pictures-*.tar in {corpus_folder}: give the corpus folder with --corpus")
    pixels_path.parent.mkdir(parents=True, exist_ok=True)
    names = []
    with open(pixels_path, "wb") as pixels:
        for shard in shards:
            with tarfile.open(shard) as archive:
                for member in archive:
                    if not member.isfile():
                        continue
                    picture = Image.open(io.BytesIO(archive.extractfile(member).read())).convert("RGB")
                    if picture.size != (SIDE, SIDE):
                        raise ValueError(f"{member.name} in {shard} is {picture.size}, not {SIDE} x {SIDE}")
                    pixels.write(picture.tobytes())
                    names.append(Path(member.name).name)
    names_path.write_text(json.dumps(names))


def batch_rows(training: np.ndarray, batch_size: int, seed: int, step: int) -> np.ndarray:
    """The rows of one step: a fresh shuffle an epoch, from the seed, so that a resumed run goes on the same."""
    steps_an_epoch = len(training) // batch_size
    epoch, place = divmod(step, steps_an_epoch)
    order = np.random.default_rng([seed, epoch]).permutation(training)
    return np.sort(order[place * batch_size : (place + 1) * batch_size])


def flipped_batch(corpus: Corpus, batch_size: int, seed: int, step: int) -> np.ndarray:
    """One step's pictures, uint8 [batch, 128, 128, 3], half of them mirrored left to right."""
    pixels = np.array(corpus.pixels[batch_rows(corpus.training, batch_size, seed, step)])
    mirrored = np.random.default_rng([seed, step, 1]).random(len(pixels)) < 0.5
    pixels[mirrored] = pixels[mirrored, :, ::-1]
    return pixels
