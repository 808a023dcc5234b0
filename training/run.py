"""What every training run has: the model and its moving average, checkpoints, the schedule, the curve."""

import argparse
import copy
import csv
import math
import os
from pathlib import Path

import torch
from torch import nn

from training.optimisers import optimisers_for

LONGEST_STEP_SECONDS = 300
"""A step counts for no longer, so that a computer put to sleep does not run down the schedule."""


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
