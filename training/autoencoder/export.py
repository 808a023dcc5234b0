"""Exports a trained autoencoder as a model package, checks it and measures it. From the project's folder:

    python -m training.autoencoder.export --corpus CORPUS --work WORK --package resources/models/sketch-autoencoder

Writes `onnx/encoder.onnx`, `onnx/decoder.onnx` and `model.json` into the package. Into the work folder it
writes a contact sheet, which stays there: the corpus pictures are licensed for research only.
"""

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch

from training.autoencoder.graph import decoder_graph, encoder_graph
from training.autoencoder.measure import measure, save_contact_sheet, to_pixels
from training.autoencoder.network import LEVELS, Autoencoder
from training.pictures import open_corpus

LARGEST_DIFFERENCE = 1e-3
"""Between ONNX Runtime and PyTorch on the same float16 weights: latents, and pixels of 0..1."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, required=True, help="folder with pictures-NN.tar")
    parser.add_argument("--work", type=Path, required=True, help="folder the training worked in")
    parser.add_argument("--name", default="autoencoder", help="name of the run to export")
    parser.add_argument("--package", type=Path, required=True, help="folder of the model package to write")
    return parser.parse_args()


def trained_average(checkpoint_path: Path) -> Autoencoder:
    """The run's averaged weights, rounded to the float16 in which they will be stored."""
    model = Autoencoder()
    model.load_state_dict(torch.load(checkpoint_path)["average"])
    with torch.no_grad():
        for weight in model.parameters():
            weight.copy_(weight.half().float())
    return model.eval()


def run_graph(path: Path, given: str, values: np.ndarray) -> np.ndarray:
    """The one output of an exported graph for its one input, float32."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return session.run(None, {given: values})[0]


@torch.no_grad()
def check(model: Autoencoder, package: Path, pictures: np.ndarray) -> None:
    """Raises ValueError if the exported graphs differ from the model on uint8 [batch, 128, 128, 3]."""
    pixels = to_pixels(pictures)
    latents = model.encode(pixels)
    rounded = model.quantiser.round(latents)
    drawn = model.decoder(rounded).clamp(0, 1)
    exported_latents = run_graph(package / "onnx/encoder.onnx", "pixels", np.ascontiguousarray(pixels.numpy()))
    exported_drawn = run_graph(package / "onnx/decoder.onnx", "latents", np.ascontiguousarray(rounded.numpy()))
    for name, ours, theirs in (("encoder", latents, exported_latents), ("decoder", drawn, exported_drawn)):
        difference = float(np.abs(ours.numpy() - theirs).max())
        print(f"{name}.onnx differs from PyTorch by at most {difference:.2e}")
        if difference > LARGEST_DIFFERENCE:
            raise ValueError(f"{name}.onnx differs from PyTorch by {difference}, more than {LARGEST_DIFFERENCE}")


def manifest(package: Path) -> dict:
    """The package's `model.json`."""
    files = ("onnx/encoder.onnx", "onnx/decoder.onnx")
    return {
        "format": 1,
        "id": "afterimage-sketch-autoencoder-1",
        "kind": "autoencoder",
        "version": "1",
        "title": "Afterimage sketch autoencoder",
        "licence": "Apache-2.0; see README.md for training data",
        "pixels": {"layout": "NCHW", "size": [128, 128], "range": [0, 1]},
        "latents": {"channels": 4, "size": [16, 16], "levels": list(LEVELS)},
        "encoder": {"file": files[0], "input": "pixels", "output": "latents"},
        "decoder": {"file": files[1], "input": "latents", "output": "pixels"},
        "sha256": {file: hashlib.sha256((package / file).read_bytes()).hexdigest() for file in files},
    }


def main() -> None:
    chosen = arguments()
    torch.set_num_threads(2)
    corpus = open_corpus(chosen.corpus, chosen.work)
    model = trained_average(chosen.work / f"{chosen.name}.pt")
    (chosen.package / "onnx").mkdir(parents=True, exist_ok=True)
    onnx.save(encoder_graph(model.encoder, model.quantiser), chosen.package / "onnx/encoder.onnx")
    onnx.save(decoder_graph(model.decoder), chosen.package / "onnx/decoder.onnx")
    check(model, chosen.package, corpus.pixels[corpus.held_out])
    (chosen.package / "model.json").write_text(json.dumps(manifest(chosen.package), indent=2) + "\n")
    save_contact_sheet(model, corpus, chosen.work / f"{chosen.name}-sheet.png")
    print(json.dumps(measure(model, corpus).as_dict(), indent=2))


if __name__ == "__main__":
    main()
