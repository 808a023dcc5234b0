"""Trains the drawing network. From the project's folder, after the autoencoder:

    python -m training.diffusion.train --corpus CORPUS --work WORK --autoencoder autoencoder --minutes 90

Started again with the same --work it goes on from the last checkpoint; one is written every few minutes
and when the process is asked to end (SIGTERM).
"""

import argparse
import json
import signal
import threading
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from training.conditions import Conditions, open_conditions
from training.diffusion.latents import Latents, open_latents
from training.diffusion.network import DrawingNetwork
from training.pictures import Corpus, batch_rows, open_corpus
from training.run import Run

CURVE_COLUMNS = ["step", "seconds", "rate", "loss", "held_out_loss"]
LOG_EVERY_STEPS = 20
WARM_UP_STEPS = 100
AVERAGE_DECAY = 0.998

TEXT_SHARE, PICTURE_SHARE = 0.55, 0.35
"""Shares of training pictures drawn from one of their texts' embeddings and from their own; the rest from nothing,
for classifier-free guidance (arXiv:2207.12598). Text serves directly: a prior would be a third model to bundle."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, required=True, help="folder with pictures-NN.tar and captions.jsonl")
    parser.add_argument("--work", type=Path, required=True, help="folder for checkpoints and curve")
    parser.add_argument("--encoder", type=Path, default=Path("resources/models/starter"), help="encoder package")
    parser.add_argument("--autoencoder", default="autoencoder", help="name of the autoencoder's run in the work folder")
    parser.add_argument("--name", default="diffusion", help="name of this run's files in the work folder")
    parser.add_argument("--minutes", type=float, required=True, help="time to train, over all resumptions")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--save-seconds", type=float, default=240)
    return parser.parse_args()


def conditions_for(rows: np.ndarray, conditions: Conditions, random: np.random.Generator) -> Tensor:
    """float [batch, 384]: for each picture one of its texts, itself, or nothing."""
    chosen = np.zeros((len(rows), conditions.pictures.shape[1]), np.float32)
    kind = random.random(len(rows))
    for place, row in enumerate(rows):
        first, end = conditions.text_rows[row], conditions.text_rows[row + 1]
        if kind[place] < TEXT_SHARE and end > first:
            chosen[place] = conditions.texts[random.integers(first, end)]
        elif kind[place] < TEXT_SHARE + PICTURE_SHARE:
            chosen[place] = conditions.pictures[row]
    return torch.from_numpy(chosen)


def flow_loss(model: DrawingNetwork, pictures: Tensor, condition: Tensor, random: torch.Generator) -> Tensor:
    """Squared error of the velocity from picture to noise on the straight line between them; times are
    drawn logit-normally (Esser et al. 2024, arXiv:2403.03206, section 3.1)."""
    noise = torch.randn(pictures.shape, generator=random)
    time = torch.sigmoid(torch.randn(len(pictures), generator=random))
    mixed = torch.lerp(pictures, noise, time.view(-1, 1, 1, 1))
    with torch.autocast("cpu", torch.bfloat16):
        velocity = model(mixed, time, condition).float()
    return (velocity - (noise - pictures)).square().mean()


def train_step(run: Run, corpus: Corpus, latents: Latents, conditions: Conditions) -> dict[str, float]:
    """One step on one batch; answers rate and loss."""
    chosen = run.chosen
    rate = run.set_rate()
    rows = batch_rows(corpus.training, chosen.batch, chosen.seed, run.step)
    random = np.random.default_rng([chosen.seed, run.step, 2])
    pictures = latents.batch(rows, random.random(len(rows)) < 0.5)
    condition = conditions_for(rows, conditions, random)
    loss = flow_loss(run.model, pictures, condition, torch.Generator().manual_seed(run.step))
    loss.backward()
    torch.nn.utils.clip_grad_norm_(run.model.parameters(), 1.0)
    run.take_step()
    return {"rate": rate, "loss": loss.item()}


@torch.no_grad()
def held_out_loss(run: Run, corpus: Corpus, latents: Latents, conditions: Conditions) -> float:
    """The averaged network's loss on the held-out pictures, always with the same noise and texts."""
    rows = np.tile(corpus.held_out, 8)
    pictures = latents.batch(rows, np.zeros(len(rows), bool))
    condition = conditions_for(rows, conditions, np.random.default_rng(0))
    return flow_loss(run.average, pictures, condition, torch.Generator().manual_seed(0)).item()


def main() -> None:
    chosen = arguments()
    torch.set_num_threads(chosen.threads)
    corpus = open_corpus(chosen.corpus, chosen.work)
    conditions = open_conditions(corpus, chosen.corpus, chosen.work, chosen.encoder)
    latents = open_latents(corpus, chosen.work, chosen.autoencoder)
    torch.manual_seed(chosen.seed)
    run = Run(chosen, DrawingNetwork(), WARM_UP_STEPS, AVERAGE_DECAY)
    last_saved = run.seconds
    asked_to_stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: asked_to_stop.set())
    losses: list[float] = []
    while run.progress() < 1 and not asked_to_stop.is_set():
        started = time.monotonic()
        parts = train_step(run, corpus, latents, conditions)
        losses.append(parts["loss"])
        run.count(time.monotonic() - started)
        if run.step % LOG_EVERY_STEPS == 0:
            values = {"rate": parts["rate"], "loss": float(np.mean(losses))}
            losses.clear()
            if run.seconds - last_saved > chosen.save_seconds:
                last_saved = run.seconds
                run.save()
                values["held_out_loss"] = held_out_loss(run, corpus, latents, conditions)
                print(json.dumps({"step": run.step, "seconds": round(run.seconds)} | values), flush=True)
            run.log(CURVE_COLUMNS, values)
    run.save()


if __name__ == "__main__":
    main()
