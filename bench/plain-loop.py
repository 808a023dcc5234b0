"""The plain loop people write first: Pillow and onnxruntime, one picture at a time, same model.

Prints pictures a second over the folder given. The yardstick of `npm run bench -- --python`.
"""

import os
import pathlib
import sys
import time

# As in the program itself: from 1.29 on the runtime reports to its maker unless told not to.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import numpy
import onnxruntime
from PIL import Image, ImageOps

model_path, folder = sys.argv[1:3]
session = onnxruntime.InferenceSession(model_path)
paths = sorted(path for path in pathlib.Path(folder).rglob("*") if path.suffix.lower() in {".jpg", ".jpeg"})


def embed(path):
    picture = ImageOps.exif_transpose(Image.open(path)).convert("RGB").resize((256, 256), Image.BILINEAR)
    pixels = (numpy.asarray(picture, numpy.float32) - 127) / 128
    return session.run(None, {"pixel_values": pixels.transpose(2, 0, 1)[None]})[0][0]


embed(paths[0])
started = time.perf_counter()
vectors = numpy.stack([embed(path) for path in paths])
print(len(vectors) / (time.perf_counter() - started))
