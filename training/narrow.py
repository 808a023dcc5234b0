"""Stores the weights of an ONNX graph as float16 or int8, widened again where the graph uses them."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SMALLEST = 256
"""Weights with fewer numbers stay as they are: they cost nothing and may be exact constants."""


def with_half_weights(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same graph with float32 initialisers stored as float16 behind a Cast, which ONNX Runtime folds at load.
    What the exporter noted of its source files is left out."""
    graph = model.graph
    for part in (model, graph, *graph.node, *graph.value_info, *graph.input, *graph.output, *graph.initializer):
        del part.metadata_props[:]
        part.ClearField("doc_string")
    casts = []
    for weight in list(graph.initializer):
        values = numpy_helper.to_array(weight)
        if weight.data_type != TensorProto.FLOAT or values.size < SMALLEST:
            continue
        narrow = f"{weight.name}_half"
        graph.initializer.remove(weight)
        graph.initializer.append(numpy_helper.from_array(values.astype(np.float16), narrow))
        casts.append(helper.make_node("Cast", [narrow], [weight.name], f"widen_{weight.name}", to=TensorProto.FLOAT))
    for cast in reversed(casts):
        graph.node.insert(0, cast)
    onnx.checker.check_model(model)
    return model


def byte_rounded(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whole numbers int8 [rows, columns] and a scale float32 [rows], whose product is nearest to the weight. The scales are
    float16's, so that `with_half_weights` leaves them as they are."""
    scales = (np.abs(weight).max(1) / 127).astype(np.float16).astype(np.float32)
    scales = np.maximum(scales, np.float32(1e-7))
    return np.clip(np.rint(weight / scales[:, None]), -127, 127).astype(np.int8), scales


def with_byte_weights(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same graph with the large matrices of its Gemm nodes, [outputs, inputs], as int8 behind a DequantizeLinear: for
    graphs that run once, where the widening costs nothing that counts. Before `with_half_weights`."""
    graph = model.graph
    names = {
        node.input[1]
        for node in graph.node
        if node.op_type == "Gemm" and any(one.name == "transB" and one.i == 1 for one in node.attribute)
    }
    for weight in list(graph.initializer):
        values = numpy_helper.to_array(weight)
        if weight.name not in names or values.size < SMALLEST:
            continue
        numbers, scales = byte_rounded(values)
        byte, scale = f"{weight.name}_byte", f"{weight.name}_scale"
        graph.initializer.remove(weight)
        graph.initializer.extend([numpy_helper.from_array(numbers, byte), numpy_helper.from_array(scales, scale)])
        widen = helper.make_node("DequantizeLinear", [byte, scale], [weight.name], f"widen_{weight.name}", axis=0)
        graph.node.insert(0, widen)
    return model
