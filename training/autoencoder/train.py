"""Trains the autoencoder. From the project's folder:

    python -m training.autoencoder.train --corpus CORPUS --work WORK --minutes 45

Started again with the same --work it goes on from the last checkpoint; one is written every few minutes
and when the process is asked to end (SIGTERM). The schedule follows the time trained, not the steps, so
that a slow or busy machine still ends with a small learning rate; `--steps` follows the steps instead,
for a run that can be repeated.
"""

import argparse
import copy
import csv
import json
import math
import os
import signal
import threading
import time
from pathlib import Path

import torch

from training.autoencoder.losses import pixel_loss
from training.autoencoder.measure import measure, to_pixels
from training.autoencoder.network import Autoencoder
from training.autoencoder.optimisers import optimisers_for
from training.autoencoder.perceptual import PerceptualLoss
from training.pictures import Corpus, flipped_batch, open_corpus

CURVE_COLUMNS = ["step", "seconds", "rate", "absolute", "square", "gradient", "perceptual", "psnr_mean", "codes_used"]

LOG_EVERY_STEPS = 20
WARM_UP_STEPS = 50
AVERAGE_DECAY = 0.995
LONGEST_STEP_SECONDS = 300
"""A step counts for no longer, so that a computer put to sleep does not run down the schedule."""

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


def save(path: Path, state: dict) -> None:
    """Writes a checkpoint whole or not at all."""
    unfinished = path.with_suffix(".unfinished")
    torch.save(state, unfinished)
    os.replace(unfinished, path)


class Run:
    """One run's state: the model, its moving average, the optimisers, and how far it has come."""

    def __init__(self, chosen: argparse.Namespace) -> None:
        torch.manual_seed(chosen.seed)
        self.chosen = chosen
        self.model = Autoencoder().to(memory_format=torch.channels_last)
        self.average = copy.deepcopy(self.model)
        self.optimisers = optimisers_for(self.model, chosen.rate)
        self.perceptual = PerceptualLoss() if chosen.perceptual > 0 else None
        self.step = 0
        self.seconds = 0.0
        self.checkpoint_path = chosen.work / f"{chosen.name}.pt"
        self.curve_path = chosen.work / f"{chosen.name}.csv"
        if self.checkpoint_path.exists():
            self.resume()

    def resume(self) -> None:
        """Takes up the checkpoint."""
        state = torch.load(self.checkpoint_path)
        self.model.load_state_dict(state["model"])
        self.average.load_state_dict(state["average"])
        for optimiser, saved in zip(self.optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(saved)
        self.step, self.seconds = state["step"], state["seconds"]
        print(f"going on from step {self.step}, {self.seconds / 60:.1f} minutes trained", flush=True)

    def save(self) -> None:
        """Writes the checkpoint."""
        state = {
            "model": self.model.state_dict(),
            "average": self.average.state_dict(),
            "optimisers": [optimiser.state_dict() for optimiser in self.optimisers],
            "step": self.step,
            "seconds": self.seconds,
        }
        save(self.checkpoint_path, state)

    def progress(self) -> float:
        """0 at the start to 1 at the end of the schedule."""
        if self.chosen.steps is not None:
            return self.step / self.chosen.steps
        return self.seconds / 60 / self.chosen.minutes

    def rate(self) -> float:
        """Linear warm-up, then a half cosine (Loshchilov and Hutter 2017, arXiv:1608.03983) to a hundredth."""
        warm = min(1.0, (self.step + 1) / WARM_UP_STEPS)
        cosine = 0.5 + 0.5 * math.cos(math.pi * min(1.0, self.progress()))
        return self.chosen.rate * warm * (0.01 + 0.99 * cosine)

    def follow(self) -> None:
        """Moves the average towards the model, faster in the first steps."""
        decay = min(AVERAGE_DECAY, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            torch._foreach_lerp_(list(self.average.parameters()), list(self.model.parameters()), 1 - decay)


def train_step(run: Run, corpus: Corpus) -> dict[str, float]:
    """One step on one batch; answers the parts of the loss."""
    chosen = run.chosen
    rate = run.rate()
    for optimiser in run.optimisers:
        for group in optimiser.param_groups:
            group["lr"] = rate
    wanted = to_pixels(flipped_batch(corpus, chosen.batch, chosen.seed, run.step))
    unrounded = torch.rand(chosen.batch, generator=torch.Generator().manual_seed(run.step)) < UNROUNDED_SHARE
    with torch.autocast("cpu", torch.bfloat16):
        drawn = run.model(wanted, unrounded).float()
    pixels = pixel_loss(drawn, wanted)
    parts = {"absolute": pixels.absolute, "square": pixels.square, "gradient": pixels.gradient}
    total = pixels.total()
    if run.perceptual is not None and run.progress() >= PERCEPTUAL_FROM:
        parts["perceptual"] = run.perceptual(drawn[::PERCEPTUAL_ONE_IN], wanted[::PERCEPTUAL_ONE_IN])
        total = total + chosen.perceptual * parts["perceptual"]
    total.backward()
    for optimiser in run.optimisers:
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
    return {"rate": rate} | {name: part.item() for name, part in parts.items()}


def log(run: Run, parts: dict[str, float]) -> None:
    """Adds one line to the curve."""
    is_new = not run.curve_path.exists()
    with open(run.curve_path, "a", newline="") as file:
        writer = csv.DictWriter(file, CURVE_COLUMNS)
        if is_new:
            writer.writeheader()
        values = {"step": run.step, "seconds": round(run.seconds, 1)}
        writer.writerow(values | {name: f"{value:.5g}" for name, value in parts.items()})


def main() -> None:
    chosen = arguments()
    torch.set_num_threads(chosen.threads)
    corpus = open_corpus(chosen.corpus, chosen.work)
    run = Run(chosen)
    last_measured = run.seconds
    asked_to_stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: asked_to_stop.set())
    while run.progress() < 1 and not asked_to_stop.is_set():
        started = time.monotonic()
        parts = train_step(run, corpus)
        run.step += 1
        run.follow()
        run.seconds += min(time.monotonic() - started, LONGEST_STEP_SECONDS)
        if run.seconds - last_measured > chosen.measure_seconds or run.progress() >= 1:
            last_measured = run.seconds
            run.save()
            figures = measure(run.average, corpus).as_dict()
            print(json.dumps({"step": run.step, "seconds": round(run.seconds)} | figures), flush=True)
            log(run, parts | {name: figures[name] for name in ("psnr_mean", "codes_used")})
        elif run.step % LOG_EVERY_STEPS == 0:
            log(run, parts)
    run.save()


if __name__ == "__main__":
    main()
