"""Trains the autoencoder. From the project's folder:

    python -m training.autoencoder.train --corpus CORPUS --work WORK --minutes 45

Started again with the same --work it goes on from the last checkpoint; one is written every few minutes
and when the process is asked to end (SIGTERM). The schedule follows the time trained, not the steps, so
that a slow or busy machine still ends with a small learning rate; `--steps` follows the steps instead,
for a run that can be repeated.
"""

import argparse
import json
import signal
import threading
import time
from pathlib import Path

import torch

from training.autoencoder.losses import pixel_loss
from training.autoencoder.measure import measure, to_pixels
from training.autoencoder.network import Autoencoder
from training.autoencoder.perceptual import PerceptualLoss
from training.pictures import Corpus, flipped_batch, open_corpus
from training.run import Run

CURVE_COLUMNS = ["step", "seconds", "rate", "absolute", "square", "gradient", "perceptual", "psnr_mean", "codes_used"]

LOG_EVERY_STEPS = 20
WARM_UP_STEPS = 50
AVERAGE_DECAY = 0.995
PERCEPTUAL_FROM = 0.6
"""Progress at which the perceptual loss sets in: before that the pictures are too coarse to judge."""

PERCEPTUAL_ONE_IN = 4
"""The perceptual loss looks at one picture in this many: its depthwise convolutions are slow to differentiate."""

UNROUNDED_SHARE = 1 / 8
"""Share of training pictures whose latents skip the rounding, so that the decoder also draws what lies
between the codes: a generator may then work on continuous latents, by gradient or by diffusion."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, required=True, help="folder with pictures-NN.tar")
    parser.add_argument("--work", type=Path, required=True, help="folder for unpacked pictures, checkpoints, curve")
    parser.add_argument("--name", default="autoencoder", help="name of this run's files in the work folder")
    parser.add_argument("--minutes", type=float, help="time to train, over all resumptions")
    parser.add_argument("--steps", type=int, help="steps to train, instead of --minutes")
    parser.add_argument("--batch", type=int, default=24)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--perceptual", type=float, default=0.0, help="weight of the perceptual loss; 0 leaves it out")
    parser.add_argument("--measure-seconds", type=float, default=300)
    chosen = parser.parse_args()
    if (chosen.minutes is None) == (chosen.steps is None):
        parser.error("give one of --minutes and --steps")
    return chosen


def train_step(run: Run, corpus: Corpus, perceptual: PerceptualLoss | None) -> dict[str, float]:
    """One step on one batch; answers the parts of the loss."""
    chosen = run.chosen
    rate = run.set_rate()
    wanted = to_pixels(flipped_batch(corpus, chosen.batch, chosen.seed, run.step))
    unrounded = torch.rand(chosen.batch, generator=torch.Generator().manual_seed(run.step)) < UNROUNDED_SHARE
    with torch.autocast("cpu", torch.bfloat16):
        drawn = run.model(wanted, unrounded).float()
    pixels = pixel_loss(drawn, wanted)
    parts = {"absolute": pixels.absolute, "square": pixels.square, "gradient": pixels.gradient}
    total = pixels.total()
    if perceptual is not None and run.progress() >= PERCEPTUAL_FROM:
        parts["perceptual"] = perceptual(drawn[::PERCEPTUAL_ONE_IN], wanted[::PERCEPTUAL_ONE_IN])
        total = total + chosen.perceptual * parts["perceptual"]
    total.backward()
    run.take_step()
    return {"rate": rate} | {name: part.item() for name, part in parts.items()}


def main() -> None:
    chosen = arguments()
    torch.set_num_threads(chosen.threads)
    corpus = open_corpus(chosen.corpus, chosen.work)
    torch.manual_seed(chosen.seed)
    run = Run(chosen, Autoencoder().to(memory_format=torch.channels_last), WARM_UP_STEPS, AVERAGE_DECAY)
    perceptual = PerceptualLoss() if chosen.perceptual > 0 else None
    last_measured = run.seconds
    asked_to_stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: asked_to_stop.set())
    while run.progress() < 1 and not asked_to_stop.is_set():
        started = time.monotonic()
        parts = train_step(run, corpus, perceptual)
        run.count(time.monotonic() - started)
        if run.seconds - last_measured > chosen.measure_seconds or run.progress() >= 1:
            last_measured = run.seconds
            run.save()
            figures = measure(run.average, corpus).as_dict()
            print(json.dumps({"step": run.step, "seconds": round(run.seconds)} | figures), flush=True)
            run.log(CURVE_COLUMNS, parts | {name: figures[name] for name in ("psnr_mean", "codes_used")})
        elif run.step % LOG_EVERY_STEPS == 0:
            run.log(CURVE_COLUMNS, parts)
    run.save()


if __name__ == "__main__":
    main()
