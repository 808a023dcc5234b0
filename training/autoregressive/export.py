"""Exports a trained network that draws code by code as a model package and checks it. From the project's folder:

    python -m training.autoregressive.export --work WORK --package resources/models/sketch-autoregressive

Writes three graphs and `model.json` into the package. The autoencoder's package draws the pixels.
"""

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from torch import Tensor, nn

from training.autoregressive import network
from training.autoregressive.network import CodeByCode, codes_around, to_groups
from training.narrow import byte_rounded, with_byte_weights, with_half_weights

LARGEST_DIFFERENCE = 2e-3
"""Between ONNX Runtime, group after group with the kept past, and PyTorch on all groups at once; logits of deviation 2."""

GRAPHS = {"condition": "onnx/condition.onnx", "group": "onnx/group.onnx", "code": "onnx/code.onnx"}
DEFAULTS = {"guidance": 5.0, "temperature": 0.9, "topK": 250, "topP": 0.97, "candidates": 4}


class CodeOfTable(nn.Module):
    """A table of vectors as one weight, in the place of the sum it was trained as."""

    def __init__(self, table: Tensor) -> None:
        super().__init__()
        self.table = nn.Parameter(table)

    def forward(self) -> Tensor:
        return self.table


@torch.no_grad()
def for_export(model: CodeByCode) -> CodeByCode:
    """Tables summed once, and the weights rounded to the float16 in which they will be stored."""
    for part, name in ((model.group, "codes"), (model.code, "codes"), (model.code, "outputs")):
        setattr(part, name, CodeOfTable(getattr(part, name)()))
    for weight in model.parameters():
        weight.copy_(weight.half().float())
    return model.eval()


def trained_average(checkpoint_path: Path) -> CodeByCode:
    """The run's averaged weights."""
    model = CodeByCode()
    model.load_state_dict(torch.load(checkpoint_path)["average"])
    return model


@torch.no_grad()
def export_graphs(model: CodeByCode, package: Path) -> None:
    """Writes the three graphs; raises ValueError if drawing with them differs from the model."""
    (package / "onnx").mkdir(parents=True, exist_ok=True)
    batch = torch.export.Dim("batch", min=1, max=128)
    earlier = torch.export.Dim("earlier", min=1, max=network.CONDITION_TOKENS + network.GROUPS)
    condition = example_conditions(3)
    plan, gains, past = model.condition(condition)
    around = torch.full((3, 1, len(network.NEIGHBOURS) * network.CODES_A_GROUP), network.NO_CODE)
    hidden, present = model.group(around, plan[:, :1], gains, past)
    drawn = torch.full((3, network.CODES_A_GROUP - 1), network.NO_CODE)
    first = {0: batch}
    parts = (
        ("condition", model.condition, (condition,), ["condition"], ["plan", "gains", "past"], (first,)),
        (
            "group",
            model.group,
            (around, plan[:, :1], gains, present),
            ["around", "plan", "gains", "past"],
            ["hidden", "present"],
            (first, first, {2: batch}, {2: batch, 4: earlier}),
        ),
        (
            "code",
            model.code,
            (hidden[:, 0], drawn, torch.zeros(1, dtype=torch.int64)),
            ["hidden", "drawn", "place"],
            ["logits"],
            (first, first, {}),
        ),
    )
    for name, part, given, inputs, outputs, shapes in parts:
        program = torch.onnx.export(
            part,
            given,
            dynamo=True,
            input_names=inputs,
            output_names=outputs,
            dynamic_shapes=shapes,
            opset_version=18,
            verbose=False,
        )
        program.optimize()
        graph = with_byte_weights(program.model_proto) if name == "condition" else program.model_proto
        onnx.save(with_half_weights(graph), package / GRAPHS[name])
    for layer in (layer for layer in model.condition.children() if isinstance(layer, nn.Linear)):
        if layer is not model.condition.planned:
            numbers, scales = byte_rounded(layer.weight.numpy())
            layer.weight.copy_(torch.from_numpy(numbers * scales[:, None]))
    check(model, package)


def example_conditions(batch: int) -> Tensor:
    """Float [batch, 384], unit length; the last one zeros."""
    generator = torch.Generator().manual_seed(batch)
    conditions = nn.functional.normalize(torch.randn(batch, network.CONDITION, generator=generator), dim=1)
    conditions[-1] = 0
    return conditions


def check(model: CodeByCode, package: Path) -> None:
    """Draws given codes with the graphs, one group after another, and compares every logit."""
    run = {name: onnxruntime.InferenceSession(package / file).run for name, file in GRAPHS.items()}
    for batch in (1, 4):
        codes = torch.randint(0, network.CODES, (batch, network.SIDE, network.SIDE), generator=torch.Generator().manual_seed(batch))
        condition = example_conditions(batch)
        expected = model(codes, condition).numpy()
        groups = to_groups(codes).numpy()
        around = codes_around(torch.from_numpy(groups)).numpy()
        plan, gains, past = run["condition"](None, {"condition": condition.numpy()})
        difference = 0.0
        for group in range(network.GROUPS):
            one = slice(group, group + 1)
            hidden, past = run["group"](None, {"around": around[:, one], "plan": plan[:, one], "gains": gains, "past": past})
            for place in range(network.CODES_A_GROUP):
                drawn = groups[:, group, :-1].copy()
                drawn[:, place:] = network.NO_CODE
                given = {"hidden": hidden[:, 0], "drawn": drawn, "place": np.array([place])}
                logits = run["code"](None, given)[0]
                difference = max(difference, float(np.abs(logits - expected[:, group, place]).max()))
        print(f"the graphs' logits differ from PyTorch's by at most {difference:.2e} for {batch}")
        if difference > LARGEST_DIFFERENCE:
            raise ValueError(f"the graphs' logits differ by {difference}, more than {LARGEST_DIFFERENCE}")


def write_manifest(package: Path, identity: dict[str, str], defaults: dict[str, float]) -> None:
    """`model.json` for the graphs that are there."""
    manifest = {
        "format": 1,
        "kind": "code-by-code",
        **identity,
        "autoencoder": "afterimage-sketch-autoencoder-1",
        "encoder": "afterimage-starter-1",
        "codes": {
            "levels": list(network.LEVELS),
            "size": [network.SIDE, network.SIDE],
            "group": network.GROUP,
            "neighbours": [list(offset) for offset in network.NEIGHBOURS],
            "none": network.NO_CODE,
        },
        "condition": {
            "file": GRAPHS["condition"],
            "input": "condition",
            "outputs": {"plan": "plan", "gains": "gains", "past": "past"},
            "dimensions": network.CONDITION,
            "none": "zeros",
        },
        "group": {
            "file": GRAPHS["group"],
            "inputs": {"around": "around", "plan": "plan", "gains": "gains", "past": "past"},
            "outputs": {"hidden": "hidden", "present": "present"},
        },
        "code": {
            "file": GRAPHS["code"],
            "inputs": {"hidden": "hidden", "drawn": "drawn", "place": "place"},
            "output": "logits",
        },
        "defaults": defaults,
        "sha256": {file: hashlib.sha256((package / file).read_bytes()).hexdigest() for file in GRAPHS.values()},
    }
    (package / "model.json").write_text(json.dumps(manifest, indent=2) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, required=True, help="folder the training worked in")
    parser.add_argument("--name", default="autoregressive", help="name of the run to export")
    parser.add_argument("--package", type=Path, required=True, help="folder of the model package to write")
    chosen = parser.parse_args()
    torch.set_num_threads(2)
    export_graphs(for_export(trained_average(chosen.work / f"{chosen.name}.pt")), chosen.package)
    identity = {
        "id": "afterimage-sketch-autoregressive-1",
        "version": "2",
        "title": "Afterimage sketch, code by code",
        "licence": "Apache-2.0; see README.md for training data",
    }
    write_manifest(chosen.package, identity, DEFAULTS)


if __name__ == "__main__":
    main()
