"""What the pictures of the corpus say to the bundled encoder: embeddings of every picture and of its words.

Written once into the work folder:
`picture-embeddings.npy` float16 [pictures, 384], `text-embeddings.npy` float16 [texts, 384],
`text-rows.npy` int64 [pictures + 1]: picture p has the texts from `text-rows[p]` up to `text-rows[p + 1]`.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from PIL import Image
from tokenizers import Tokenizer
from torch import Tensor

from training.pictures import Corpus

ENCODER_SIDE = 192
"""Pixels a side that pictures are enlarged to: the encoder's own 256 costs twice the time, and the embeddings of the two
have a cosine of 0.88."""
BATCH = 16
TEXT_SHARE, PICTURE_SHARE = 0.55, 0.35
"""Shares of training pictures drawn from one of their texts' embeddings and from their own; the rest from nothing,
for classifier-free guidance (arXiv:2207.12598). Text serves directly: a prior would be one more model to bundle."""
LABEL_PROMPTS = ("{}", "a photo of a {}", "a picture of {}")
"""A label is no sentence; a person types either."""


@dataclass(frozen=True)
class Conditions:
    """Unit vectors of the encoder's shared space."""

    pictures: np.ndarray
    """float16 [pictures, 384]"""
    texts: np.ndarray
    """float16 [texts, 384]"""
    text_rows: np.ndarray
    """int64 [pictures + 1]"""

    def drawn_from(self, rows: np.ndarray, random: np.random.Generator, picture_noise: float = 0.0) -> Tensor:
        """float [batch, 384]: for each picture one of its texts, itself, or nothing (zeros). Noise of the given length
        keeps a picture from being known by its exact embedding."""
        chosen = np.zeros((len(rows), self.pictures.shape[1]), np.float32)
        kind = random.random(len(rows))
        for place, row in enumerate(rows):
            first, end = self.text_rows[row], self.text_rows[row + 1]
            if kind[place] < TEXT_SHARE and end > first:
                chosen[place] = self.texts[random.integers(first, end)]
            elif kind[place] < TEXT_SHARE + PICTURE_SHARE:
                chosen[place] = self.pictures[row]
                if picture_noise > 0:
                    chosen[place] += random.standard_normal(chosen.shape[1]) * (picture_noise / chosen.shape[1] ** 0.5)
                    chosen[place] /= np.linalg.norm(chosen[place])
        return torch.from_numpy(chosen)


def open_conditions(corpus: Corpus, corpus_folder: Path, work: Path, encoder_package: Path) -> Conditions:
    """Reads the embeddings, making them first if that was not done before."""
    paths = [work / name for name in ("picture-embeddings.npy", "text-embeddings.npy", "text-rows.npy")]
    if not paths[0].exists():
        np.save(paths[0], embed_pictures(corpus, encoder_package))
    if not paths[2].exists():
        texts, rows = texts_of(corpus, corpus_folder)
        np.save(paths[1], embed_texts(texts, encoder_package))
        np.save(paths[2], rows)
    return Conditions(*(np.load(path) for path in paths))


def session(path: Path, threads: int = 2) -> onnxruntime.InferenceSession:
    """An ONNX session on the CPU."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def embed_pictures(corpus: Corpus, package: Path) -> np.ndarray:
    """float16 [pictures, 384], of every picture."""
    tower = session(package / "onnx/vision_model.onnx")
    embeddings = np.empty((len(corpus.names), 384), np.float16)
    for start in range(0, len(corpus.names), BATCH):
        batch = [
            np.asarray(Image.fromarray(pixels).resize((ENCODER_SIDE, ENCODER_SIDE), Image.Resampling.BILINEAR))
            for pixels in corpus.pixels[start : start + BATCH]
        ]
        values = ((np.stack(batch).astype(np.float32) - 127) / 128).transpose(0, 3, 1, 2)
        embeddings[start : start + BATCH] = tower.run(None, {"pixel_values": np.ascontiguousarray(values)})[0]
    return embeddings


def texts_of(corpus: Corpus, corpus_folder: Path) -> tuple[list[str], np.ndarray]:
    """Every text of every picture, in the pictures' order, and where each picture's texts begin."""
    lines = (corpus_folder / "captions.jsonl").read_text().splitlines()
    entries = {entry["file"]: entry for entry in map(json.loads, lines)}
    texts: list[str] = []
    rows = [0]
    for name in corpus.names:
        entry = entries[name]
        texts += entry.get("captions") or []
        texts += [prompt.format(label) for label in entry.get("labels") or [] for prompt in LABEL_PROMPTS]
        rows.append(len(texts))
    return texts, np.array(rows)


def embed_texts(texts: list[str], package: Path) -> np.ndarray:
    """float16 [texts, 384]; equal texts are embedded once."""
    tower = session(package / "onnx/text_model_quantized.onnx")
    tokenizer = Tokenizer.from_file(str(package / "tokenizer.json"))
    tokenizer.enable_truncation(64)
    tokenizer.enable_padding()
    different = sorted(set(texts), key=len)
    embedded = np.empty((len(different), 384), np.float16)
    for start in range(0, len(different), 64):
        encoded = tokenizer.encode_batch(different[start : start + 64])
        ids = np.array([one.ids for one in encoded], np.int64)
        mask = np.array([one.attention_mask for one in encoded], np.int64)
        embedded[start : start + 64] = tower.run(None, {"input_ids": ids, "attention_mask": mask})[0]
    place = {text: row for row, text in enumerate(different)}
    return embedded[[place[text] for text in texts]]
