"""Writes the autoencoder's layers as ONNX graphs, node by node, with names that say what each one is.

Written by hand rather than traced, so that the graphs hold nothing but Conv, Sigmoid, Mul, Add, Tanh,
Clip, SpaceToDepth, DepthToSpace, and Cast for the weights: all easy to differentiate, with no shapes
computed along the way. Weights are stored as float16 and widened by Cast; all arithmetic is float32.
"""

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from training.autoencoder.network import Decoder, Encoder, Quantiser, Residual

OPSET = 17
INTERMEDIATE_REPRESENTATION = 9


class Graph:
    """A chain of nodes under construction. Every method takes the name of a value and answers a new one."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.casts: list[onnx.NodeProto] = []
        self.initialisers: list[onnx.TensorProto] = []

    def node(self, operator: str, inputs: list[str], name: str, **attributes: object) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [name], name=name, **attributes))
        return name

    def constant(self, name: str, value: np.ndarray) -> str:
        """A float32 initialiser, for the few small numbers."""
        self.initialisers.append(numpy_helper.from_array(np.asarray(value, np.float32), name))
        return name

    def weight(self, name: str, value: torch.Tensor) -> str:
        """A float16 initialiser and the Cast that widens it."""
        narrow = value.detach().contiguous().numpy().astype(np.float16)
        if not np.isfinite(narrow).all():
            raise ValueError(f"{name} does not fit float16")
        self.initialisers.append(numpy_helper.from_array(narrow, f"{name}.float16"))
        self.casts.append(helper.make_node("Cast", [f"{name}.float16"], [name], name=name, to=TensorProto.FLOAT))
        return name

    def scaled(self, value: str, name: str, factor: np.ndarray, addend: np.ndarray) -> str:
        """value x factor + addend."""
        product = self.node("Mul", [value, self.constant(f"{name}.factor", factor)], f"{name}.product")
        return self.node("Add", [product, self.constant(f"{name}.addend", addend)], name)

    def silu(self, value: str, name: str) -> str:
        gate = self.node("Sigmoid", [value], f"{name}.gate")
        return self.node("Mul", [value, gate], name)

    def convolution(self, value: str, name: str, layer: nn.Conv2d, input_order: np.ndarray | None = None) -> str:
        """input_order: the layer's input channels, int [channels in], in the order in which they arrive."""
        weight = layer.weight if input_order is None else layer.weight[:, torch.from_numpy(input_order)]
        pads = [layer.padding[0]] * 4
        inputs = [value, self.weight(f"{name}.weight", weight), self.weight(f"{name}.bias", layer.bias)]
        return self.node("Conv", inputs, name, kernel_shape=list(layer.kernel_size), pads=pads)

    def residual(self, value: str, name: str, block: Residual) -> str:
        first = self.convolution(self.silu(value, f"{name}.silu1"), f"{name}.first", block.first)
        second = self.convolution(self.silu(first, f"{name}.silu2"), f"{name}.second", block.second)
        return self.node("Add", [value, second], name)

    def layers(self, value: str, name: str, layers: nn.Sequential) -> str:
        input_order = None
        for number, layer in enumerate(layers):
            at = f"{name}.{number}"
            if isinstance(layer, Residual):
                value = self.residual(value, at, layer)
            elif isinstance(layer, nn.Conv2d):
                value = self.convolution(value, at, layer, input_order)
                input_order = None
            elif isinstance(layer, nn.SiLU):
                value = self.silu(value, at)
            elif isinstance(layer, nn.PixelShuffle):
                value = self.node("DepthToSpace", [value], at, blocksize=layer.upscale_factor, mode="CRD")
            elif isinstance(layer, nn.PixelUnshuffle):
                value = self.node("SpaceToDepth", [value], at, blocksize=layer.downscale_factor)
                input_order = space_to_depth_order(layers[number + 1], layer.downscale_factor)
            else:
                raise TypeError(f"{at}: no ONNX form is written here for {type(layer).__name__}")
        return value

    def model(self, title: str, given: tuple[str, list], answered: tuple[str, list]) -> onnx.ModelProto:
        given_info = helper.make_tensor_value_info(given[0], TensorProto.FLOAT, given[1])
        answered_info = helper.make_tensor_value_info(answered[0], TensorProto.FLOAT, answered[1])
        graph = helper.make_graph(self.casts + self.nodes, title, [given_info], [answered_info], self.initialisers)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
        model.ir_version = INTERMEDIATE_REPRESENTATION
        onnx.checker.check_model(model, full_check=True)
        return model


def space_to_depth_order(following: nn.Conv2d, block: int) -> np.ndarray:
    """PyTorch unshuffles to channels [channel, row, column], ONNX to [row, column, channel]; the convolution
    that follows takes the difference into its weights."""
    channels = following.in_channels // block**2
    return np.arange(following.in_channels).reshape(channels, block, block).transpose(1, 2, 0).reshape(-1)


def encoder_graph(encoder: Encoder, quantiser: Quantiser) -> onnx.ModelProto:
    """pixels float32 [batch, 3, 128, 128] in 0..1 -> latents float32 [batch, 4, 16, 16], not rounded."""
    graph = Graph()
    centred = graph.scaled("pixels", "centred", np.array(2.0), np.array(-1.0))
    features = graph.layers(centred, "encoder", encoder.layers)
    shifted = graph.node("Add", [features, graph.constant("quantiser.shift", quantiser.shift.numpy())], "shifted")
    bounded = graph.node("Tanh", [shifted], "bounded")
    factor = (quantiser.reach / quantiser.half_width).numpy()
    addend = (-quantiser.offset / quantiser.half_width).numpy()
    graph.scaled(bounded, "latents", factor, addend)
    return graph.model("encoder", ("pixels", ["batch", 3, 128, 128]), ("latents", ["batch", 4, 16, 16]))


def decoder_graph(decoder: Decoder) -> onnx.ModelProto:
    """latents float32 [batch, 4, 16, 16] -> pixels float32 [batch, 3, 128, 128], clipped to 0..1."""
    graph = Graph()
    drawn = graph.layers("latents", "decoder", decoder.layers)
    unclipped = graph.scaled(drawn, "unclipped_pixels", np.array(0.5), np.array(0.5))
    limits = [graph.constant("black", np.array(0.0)), graph.constant("white", np.array(1.0))]
    graph.node("Clip", [unclipped, *limits], "pixels")
    return graph.model("decoder", ("latents", ["batch", 4, 16, 16]), ("pixels", ["batch", 3, 128, 128]))
