"""Exports a trained drawing network as a model package and checks it. From the project's folder:

    python -m training.diffusion.export --corpus CORPUS --work WORK --package resources/models/sketch-diffusion

Writes `onnx/velocity.onnx` and `model.json` into the package. The autoencoder's package draws the pixels.
"""

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch

from training.diffusion.network import CONDITION, LATENT_CHANNELS, LATENT_SIDE, DrawingNetwork
from training.latents import open_latents
from training.narrow import with_half_weights
from training.pictures import open_corpus

LARGEST_DIFFERENCE = 2e-3
"""Between ONNX Runtime and PyTorch on the same float16 weights, for a velocity of deviation about 1.4."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, required=True, help="folder with pictures-NN.tar")
    parser.add_argument("--work", type=Path, required=True, help="folder the training worked in")
    parser.add_argument(
        "--autoencoder", type=Path, default=Path("resources/models/sketch-autoencoder"), help="autoencoder package"
    )
    parser.add_argument("--name", default="diffusion", help="name of the run to export")
    parser.add_argument("--package", type=Path, required=True, help="folder of the model package to write")
    return parser.parse_args()


def trained_average(checkpoint_path: Path) -> DrawingNetwork:
    """The run's averaged weights, rounded to the float16 in which they will be stored."""
    model = DrawingNetwork()
    model.load_state_dict(torch.load(checkpoint_path)["average"])
    with torch.no_grad():
        for weight in model.parameters():
            weight.copy_(weight.half().float())
    return model.eval()


def example(batch: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Inputs for tracing and for checking."""
    generator = torch.Generator().manual_seed(batch)
    latents = torch.randn(batch, LATENT_CHANNELS, LATENT_SIDE, LATENT_SIDE, generator=generator)
    condition = torch.nn.functional.normalize(torch.randn(batch, CONDITION, generator=generator), dim=1)
    return latents, torch.rand(batch, generator=generator), condition


@torch.no_grad()
def export_graph(model: DrawingNetwork, path: Path) -> None:
    """Writes the graph; raises ValueError if it differs from the model."""
    names = ["latents", "time", "condition"]
    batch = torch.export.Dim("batch", min=1, max=64)
    program = torch.onnx.export(
        model,
        example(2),
        dynamo=True,
        input_names=names,
        output_names=["velocity"],
        dynamic_shapes=({0: batch}, {0: batch}, {0: batch}),
        opset_version=18,
        verbose=False,
    )
    program.optimize()
    onnx.save(with_half_weights(program.model_proto), path)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    for count in (1, 2, 8):
        given = example(count)
        theirs = session.run(None, {name: values.numpy() for name, values in zip(names, given, strict=True)})[0]
        difference = float(np.abs(model(*given).numpy() - theirs).max())
        print(f"velocity.onnx differs from PyTorch by at most {difference:.2e} for {count}")
        if difference > LARGEST_DIFFERENCE:
            raise ValueError(f"velocity.onnx differs from PyTorch by {difference}, more than {LARGEST_DIFFERENCE}")


def main() -> None:
    chosen = arguments()
    torch.set_num_threads(2)
    latents = open_latents(open_corpus(chosen.corpus, chosen.work), chosen.work, chosen.autoencoder)
    file = "onnx/velocity.onnx"
    (chosen.package / "onnx").mkdir(parents=True, exist_ok=True)
    export_graph(trained_average(chosen.work / f"{chosen.name}.pt"), chosen.package / file)
    manifest = {
        "format": 1,
        "id": "afterimage-sketch-diffusion-1",
        "kind": "latent-flow",
        "version": "2",
        "title": "Afterimage sketch diffusion",
        "licence": "Apache-2.0; see README.md for training data",
        "autoencoder": "afterimage-sketch-autoencoder-1",
        "encoder": "afterimage-starter-1",
        "latents": {
            "channels": LATENT_CHANNELS,
            "size": [LATENT_SIDE, LATENT_SIDE],
            "means": [round(float(value), 6) for value in latents.means],
            "deviations": [round(float(value), 6) for value in latents.deviations],
        },
        "velocity": {
            "file": file,
            "inputs": {"latents": "latents", "time": "time", "condition": "condition"},
            "output": "velocity",
        },
        "condition": {"dimensions": CONDITION, "none": "zeros"},
        "defaults": {"steps": 16, "guidance": 4.0, "candidates": 4},
        "sha256": {file: hashlib.sha256((chosen.package / file).read_bytes()).hexdigest()},
    }
    (chosen.package / "model.json").write_text(json.dumps(manifest, indent=2) + "\n")


if __name__ == "__main__":
    main()
