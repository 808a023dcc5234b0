"""Reads the weights of an exported drawing network back, so that training can go on where its checkpoint is gone."""

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from training.diffusion.network import DrawingNetwork

MULTIPLIED = (".attend_in", ".attend_out", ".feed_in", ".feed_out")
"""Matrices of a block that the exporter transposes and renames, in the order in which the graph multiplies by them."""


def exported_weights(graph_path: Path) -> dict[str, Tensor]:
    """The state of a `DrawingNetwork`, float32 of the float16 that is stored; raises ValueError if the graph is not one."""
    graph = onnx.load(graph_path).graph
    stored = {weight.name.removesuffix("_half"): numpy_helper.to_array(weight) for weight in graph.initializer}
    unnamed = iter(
        stored[node.input[1]]
        for node in graph.node
        if node.op_type == "MatMul" and stored.get(node.input[1], np.zeros(0)).ndim == 2
    )
    expected = DrawingNetwork().state_dict()
    blocks = sorted({name.split(".")[1] for name in expected if name.startswith("blocks.")}, key=int)
    renamed = ["token_in", *(f"blocks.{block}{part}" for block in blocks for part in MULTIPLIED), "token_out"]
    for name in renamed:
        stored[f"{name}.weight"] = next(unnamed, np.zeros((0, 0))).T
    for name, weight in expected.items():
        if name not in stored or stored[name].shape != tuple(weight.shape):
            raise ValueError(f"{graph_path} has no {name} of the shape {tuple(weight.shape)}.")
    return {name: torch.from_numpy(stored[name].astype(np.float32)) for name in expected}
