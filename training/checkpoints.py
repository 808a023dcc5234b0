"""Checkpoints that are whole or absent, and the schedule shared by the training runs."""

import csv
import math
import os
from pathlib import Path

import torch


def save_checkpoint(path: Path, state: dict) -> None:
    """Writes a checkpoint whole or not at all."""
    unfinished = path.with_suffix(".unfinished")
    torch.save(state, unfinished)
    os.replace(unfinished, path)


def scheduled_rate(peak: float, step: int, warm_up_steps: int, progress: float) -> float:
    """Linear warm-up, then a half cosine (Loshchilov and Hutter 2017, arXiv:1608.03983) to a hundredth."""
    warm = min(1.0, (step + 1) / warm_up_steps)
    cosine = 0.5 + 0.5 * math.cos(math.pi * min(1.0, progress))
    return peak * warm * (0.01 + 0.99 * cosine)


def add_to_curve(path: Path, columns: list[str], values: dict[str, float]) -> None:
    """Adds one line to a curve's CSV file, with the names first."""
    is_new = not path.exists()
    with open(path, "a", newline="") as file:
        writer = csv.DictWriter(file, columns)
        if is_new:
            writer.writeheader()
        writer.writerow({name: f"{value:.6g}" for name, value in values.items()})
