"""Trains the layout model: from an embedding to the average picture that goes with it, 16 x 16 colours.

    python -m training.layout.train --corpus CORPUS --work WORK --embeddings EMBEDDINGS --package resources/models/layout

Needs `pictures.u8` in WORK (made by training.pictures) and in EMBEDDINGS what training.layout.embed writes. The loss is squared error, so the answer is a mean: a blur of all
pictures a text may stand for, and never one of them.
"""
import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

SIDE = 16
DIMENSIONS = 384
HIDDEN = 384


def held_out(name: str) -> bool:
    return int(hashlib.sha1(name.encode()).hexdigest(), 16) % 500 == 0


def layouts(pixels: np.ndarray) -> np.ndarray:
    """uint8 [n, 128, 128, 3] -> float32 [n, 3, SIDE, SIDE] in 0..1, block averages."""
    blocks = [chunk.reshape(-1, SIDE, 128 // SIDE, SIDE, 128 // SIDE, 3).mean((2, 4), dtype=np.float32)
              for chunk in np.array_split(pixels, 40)]
    return np.concatenate(blocks).transpose(0, 3, 1, 2) / 255


def export(model: nn.Sequential, path: Path) -> None:
    first, second = model[0], model[3]

    def half(name, tensor):
        return numpy_helper.from_array(tensor.detach().numpy().astype(np.float16), name)

    weights = [half("first.weight", first.weight), half("first.bias", first.bias),
               half("second.weight", second.weight), half("second.bias", second.bias),
               numpy_helper.from_array(np.array([-1, 3, SIDE, SIDE], np.int64), "shape")]
    nodes = [helper.make_node("Cast", [f"{n}"], [f"{n}.wide"], to=TensorProto.FLOAT)
             for n in ("first.weight", "first.bias", "second.weight", "second.bias")]
    nodes += [helper.make_node("Gemm", ["embedding", "first.weight.wide", "first.bias.wide"], ["a"], transB=1),
              helper.make_node("Relu", ["a"], ["b"]),
              helper.make_node("Gemm", ["b", "second.weight.wide", "second.bias.wide"], ["c"], transB=1),
              helper.make_node("Sigmoid", ["c"], ["d"]),
              helper.make_node("Reshape", ["d", "shape"], ["layout"])]
    graph = helper.make_graph(
        nodes, "layout",
        [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", DIMENSIONS])],
        [helper.make_tensor_value_info("layout", TensorProto.FLOAT, ["batch", 3, SIDE, SIDE])], weights)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    made.ir_version = 9
    onnx.checker.check_model(made)
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(made, path)


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--corpus", type=Path, required=True)
    arguments.add_argument("--work", type=Path, required=True)
    arguments.add_argument("--embeddings", type=Path, required=True)
    arguments.add_argument("--package", type=Path, required=True)
    arguments.add_argument("--epochs", type=int, default=5)
    options = arguments.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(1)
    names = [json.loads(line)["file"] for line in (options.corpus / "captions.jsonl").open()]
    pixels = np.memmap(options.work / "pictures.u8", np.uint8, "r").reshape(-1, 128, 128, 3)
    target = torch.from_numpy(layouts(pixels)).flatten(1)
    images = torch.from_numpy(np.load(options.embeddings / "img.npy"))
    texts = torch.from_numpy(np.fromfile(options.embeddings / "txt.f32", np.float32).reshape(-1, DIMENSIONS))
    pairs = torch.tensor(json.loads((options.embeddings / "pairs.json").read_text()))
    unseen = torch.tensor([held_out(name) for name in names])
    train, test = pairs[~unseen[pairs[:, 0]]], pairs[unseen[pairs[:, 0]]]
    model = nn.Sequential(nn.Linear(DIMENSIONS, HIDDEN), nn.ReLU(), nn.Dropout(0.4), nn.Linear(HIDDEN, 3 * SIDE * SIDE), nn.Sigmoid())
    steps = options.epochs * len(train) // 256
    optimiser = torch.optim.AdamW(model.parameters(), 2e-3, weight_decay=0.1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 2e-3, steps)
    scale = DIMENSIONS ** 0.5
    mean = target[~unseen].mean(0)
    for step in range(steps):
        chosen = train[torch.randint(len(train), (256,))]
        with_text = nn.functional.normalize(texts[chosen[:, 1]] + 0.02 * torch.randn(256, DIMENSIONS), dim=1)
        with_image = nn.functional.normalize(images[chosen[:, 0]] + 0.04 * torch.randn(256, DIMENSIONS), dim=1)
        wanted = target[chosen[:, 0]]
        if step % 2 == 1:
            wanted = wanted.reshape(-1, 3, SIDE, SIDE).flip(3).flatten(1)
        loss = ((model(with_text * scale) - wanted) ** 2).mean() + 0.5 * ((model(with_image * scale) - wanted) ** 2).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        if step % 500 == 0 or step == steps - 1:
            model.eval()
            with torch.no_grad():
                by_text = ((model(texts[test[:, 1]] * scale) - target[test[:, 0]]) ** 2).mean()
                by_mean = ((mean - target[test[:, 0]]) ** 2).mean()
            model.train()
            print(json.dumps({"step": step, "loss": loss.item(), "held_out_by_text": by_text.item(), "held_out_mean_picture": by_mean.item()}), flush=True)
    model.eval()
    with torch.no_grad():
        model[0].weight.mul_(scale)
    export(model, options.package / "layout.onnx")


if __name__ == "__main__":
    main()
