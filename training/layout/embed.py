"""Embeds the corpus with the bundled encoder, for training.layout.train.

    python -m training.layout.embed --corpus CORPUS --work WORK --encoder resources/models/starter --out FOLDER

Writes `img.npy` (float32 [pictures, 384]; pictures enlarged to 192 x 192, whose embeddings have a cosine of
0.88 to those at the encoder's own 256), `txt.f32` (float32 [texts, 384], little-endian) and `pairs.json`
([[picture, text], ...]). A picture with captions gets two of them, another its labels, each as it is and
as "a photo of" it.
"""
import argparse
import json
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image
from tokenizers import Tokenizer

SIDE = 192
BATCH = 16


def open_session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options)


def texts_of(lines: list[dict]) -> tuple[list[str], list[tuple[int, int]]]:
    numbers: dict[str, int] = {}
    pairs: list[tuple[int, int]] = []

    def add(row: int, text: str) -> None:
        pairs.append((row, numbers.setdefault(text, len(numbers))))

    for row, line in enumerate(lines):
        captions = line.get("captions")
        if captions:
            for offset in range(min(2, len(captions))):
                add(row, captions[(row + offset) % len(captions)])
            continue
        for label in line.get("labels", [])[:3]:
            label = str(label).replace("_", " ")
            add(row, label)
            add(row, f"a photo of {label}")
    return list(numbers), pairs


def embed_texts(encoder: Path, manifest: dict, texts: list[str]) -> np.ndarray:
    tokenizer = Tokenizer.from_file(str(encoder / manifest["text"]["tokenizer"]))
    tokenizer.no_padding()
    tokenizer.enable_truncation(manifest["text"]["maxTokens"])
    session = open_session(encoder / manifest["text"]["file"])
    names = manifest["text"]["inputs"]
    rows = []
    for text in texts:
        ids = np.array([tokenizer.encode(text).ids], np.int64)
        rows.append(session.run(None, {names["ids"]: ids, names["mask"]: np.ones_like(ids)})[0][0])
    vectors = np.stack(rows).astype("<f4")
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def embed_pictures(encoder: Path, manifest: dict, pixels: np.ndarray) -> np.ndarray:
    session = open_session(encoder / manifest["image"]["file"])
    mean, std = np.array(manifest["image"]["mean"], np.float32), np.array(manifest["image"]["std"], np.float32)
    rows = []
    for first in range(0, len(pixels), BATCH):
        larger = [np.asarray(Image.fromarray(p).resize((SIDE, SIDE), Image.BILINEAR)) for p in pixels[first:first + BATCH]]
        values = (np.stack(larger).astype(np.float32) / 255 - mean) / std
        rows.append(session.run(None, {manifest["image"]["input"]: values.transpose(0, 3, 1, 2)})[0])
    return np.concatenate(rows)


def main() -> None:
    arguments = argparse.ArgumentParser()
    for name in ("corpus", "work", "encoder", "out"):
        arguments.add_argument(f"--{name}", type=Path, required=True)
    options = arguments.parse_args()
    manifest = json.loads((options.encoder / "model.json").read_text())
    lines = [json.loads(line) for line in (options.corpus / "captions.jsonl").open()]
    pixels = np.memmap(options.work / "pictures.u8", np.uint8, "r").reshape(-1, 128, 128, 3)
    options.out.mkdir(parents=True, exist_ok=True)
    texts, pairs = texts_of(lines)
    (options.out / "pairs.json").write_text(json.dumps(pairs))
    embed_texts(options.encoder, manifest, texts).tofile(options.out / "txt.f32")
    np.save(options.out / "img.npy", embed_pictures(options.encoder, manifest, pixels))


if __name__ == "__main__":
    main()
