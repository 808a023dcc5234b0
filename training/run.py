"""What every training run has: the model and its moving average, checkpoints, the schedule, the curve."""

import argparse
import copy
import csv
import json
import math
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import nn

from training.optimisers import optimisers_for

LONGEST_STEP_SECONDS = 300
"""A step counts for no longer, so that a computer put to sleep does not run down the schedule."""

CURVE_COLUMNS = ["step", "seconds", "rate", "loss", "held_out_loss"]
LOG_EVERY_STEPS = 20


def run_arguments(description: str, name: str, batch: int, rate: float) -> argparse.ArgumentParser:
    """What a drawing network's training is told, with the given defaults."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--corpus", type=Path, required=True, help="folder with pictures-NN.tar and captions.jsonl")
    parser.add_argument("--work", type=Path, required=True, help="folder for checkpoints and curve")
    parser.add_argument("--encoder", type=Path, default=Path("resources/models/starter"), help="encoder package")
    parser.add_argument(
        "--autoencoder", type=Path, default=Path("resources/models/sketch-autoencoder"), help="autoencoder package"
    )
    parser.add_argument("--name", default=name, help="name of this run's files in the work folder")
    parser.add_argument("--minutes", type=float, required=True, help="time to train, over all resumptions")
    parser.add_argument("--batch", type=int, default=batch)
    parser.add_argument("--rate", type=float, default=rate)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--save-seconds", type=float, default=240)
    return parser


class Run:
    """One run's state. `chosen` has seed, rate, work, name, and minutes or steps as the schedule's length."""

    def __init__(self, chosen: argparse.Namespace, model: nn.Module, warm_up_steps: int, average_decay: float) -> None:
        self.chosen = chosen
        self.model = model
        self.average = copy.deepcopy(model)
        self.optimisers = optimisers_for(model, chosen.rate)
        self.warm_up_steps = warm_up_steps
        self.average_decay = average_decay
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
        """Writes the checkpoint, whole or not at all."""
        unfinished = self.checkpoint_path.with_suffix(".unfinished")
        state = {
            "model": self.model.state_dict(),
            "average": self.average.state_dict(),
            "optimisers": [optimiser.state_dict() for optimiser in self.optimisers],
            "step": self.step,
            "seconds": self.seconds,
        }
        torch.save(state, unfinished)
        os.replace(unfinished, self.checkpoint_path)

    def progress(self) -> float:
        """0 at the start to 1 at the end of the schedule."""
        steps = getattr(self.chosen, "steps", None)
        if steps is not None:
            return self.step / steps
        return self.seconds / 60 / self.chosen.minutes

    def set_rate(self) -> float:
        """Linear warm-up, then a half cosine (Loshchilov and Hutter 2017, arXiv:1608.03983) to a hundredth."""
        warm = min(1.0, (self.step + 1) / self.warm_up_steps)
        cosine = 0.5 + 0.5 * math.cos(math.pi * min(1.0, self.progress()))
        rate = self.chosen.rate * warm * (0.01 + 0.99 * cosine)
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = rate
        return rate

    def take_step(self) -> None:
        """Moves the weights along the gradients that were computed."""
        for optimiser in self.optimisers:
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)

    def count(self, seconds: float) -> None:
        """A step was done: the average follows, faster in the first steps."""
        self.step += 1
        decay = min(self.average_decay, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            torch._foreach_lerp_(list(self.average.parameters()), list(self.model.parameters()), 1 - decay)
        self.seconds += min(seconds, LONGEST_STEP_SECONDS)

    def log(self, columns: list[str], values: dict[str, float]) -> None:
        """Adds one line to the curve, with the names first."""
        is_new = not self.curve_path.exists()
        with open(self.curve_path, "a", newline="") as file:
            writer = csv.DictWriter(file, columns)
            if is_new:
                writer.writeheader()
            known = {"step": self.step, "seconds": round(self.seconds, 1)}
            writer.writerow(known | {name: f"{value:.5g}" for name, value in values.items()})

    def train(self, loss_of_step: Callable[[], torch.Tensor], held_out_loss: Callable[[], float]) -> None:
        """Steps until the schedule's end, or until the process is asked to end (SIGTERM), with a line of the curve every
        20 steps and a checkpoint, measured on the held-out pictures, every few minutes. `loss_of_step` answers the
        model's loss on the batch of the current step."""
        last_saved = self.seconds
        asked_to_stop = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: asked_to_stop.set())
        losses: list[float] = []
        while self.progress() < 1 and not asked_to_stop.is_set():
            started = time.monotonic()
            rate = self.set_rate()
            loss = loss_of_step()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            self.take_step()
            losses.append(loss.item())
            self.count(time.monotonic() - started)
            if self.step % LOG_EVERY_STEPS == 0:
                values = {"rate": rate, "loss": float(np.mean(losses))}
                losses.clear()
                if self.seconds - last_saved > self.chosen.save_seconds:
                    last_saved = self.seconds
                    self.save()
                    values["held_out_loss"] = held_out_loss()
                    print(json.dumps({"step": self.step, "seconds": round(self.seconds)} | values), flush=True)
                self.log(CURVE_COLUMNS, values)
        self.save()
