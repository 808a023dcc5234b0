"""Stores the weights of an ONNX graph as float16, widened again where the graph uses them."""

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
