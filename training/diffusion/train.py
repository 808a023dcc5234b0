"""Trains the drawing network. From the project's folder:

    python -m training.diffusion.train --corpus CORPUS --work WORK --minutes 90

Started again with the same --work it goes on from the last checkpoint; one is written every few minutes
and when the process is asked to end (SIGTERM).
"""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from training.conditions import open_conditions
from training.diffusion.network import DrawingNetwork
from training.diffusion.weights import exported_weights
from training.latents import open_latents
from training.pictures import batch_rows, open_corpus
from training.run import Run, run_arguments

WARM_UP_STEPS = 100
AVERAGE_DECAY = 0.998


def flow_loss(model: DrawingNetwork, pictures: Tensor, condition: Tensor, random: torch.Generator) -> Tensor:
    """Squared error of the velocity from picture to noise on the straight line between them; times are
    drawn logit-normally (Esser et al. 2024, arXiv:2403.03206, section 3.1)."""
    noise = torch.randn(pictures.shape, generator=random)
    time = torch.sigmoid(torch.randn(len(pictures), generator=random))
    mixed = torch.lerp(pictures, noise, time.view(-1, 1, 1, 1))
    with torch.autocast("cpu", torch.bfloat16):
        velocity = model(mixed, time, condition).float()
    return (velocity - (noise - pictures)).square().mean()


def main() -> None:
    parser = run_arguments(__doc__.splitlines()[0], "diffusion", batch=128, rate=2e-3)
    parser.add_argument("--begin-with", type=Path, help="graph of an earlier export, in the place of random weights")
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    corpus = open_corpus(chosen.corpus, chosen.work)
    conditions = open_conditions(corpus, chosen.corpus, chosen.work, chosen.encoder)
    latents = open_latents(corpus, chosen.work, chosen.autoencoder)
    torch.manual_seed(chosen.seed)
    model = DrawingNetwork()
    if chosen.begin_with is not None:
        model.load_state_dict(exported_weights(chosen.begin_with))
    run = Run(chosen, model, WARM_UP_STEPS, AVERAGE_DECAY)

    def loss_of_step() -> Tensor:
        rows = batch_rows(corpus.training, chosen.batch, chosen.seed, run.step)
        random = np.random.default_rng([chosen.seed, run.step, 2])
        pictures = latents.batch(rows, random.random(len(rows)) < 0.5)
        condition = conditions.drawn_from(rows, random)
        return flow_loss(run.model, pictures, condition, torch.Generator().manual_seed(run.step))

    @torch.no_grad()
    def held_out_loss() -> float:
        """The averaged network's, always with the same noise and texts."""
        rows = np.tile(corpus.held_out, 8)
        pictures = latents.batch(rows, np.zeros(len(rows), bool))
        condition = conditions.drawn_from(rows, np.random.default_rng(0))
        return flow_loss(run.average, pictures, condition, torch.Generator().manual_seed(0)).item()

    run.train(loss_of_step, held_out_loss)


if __name__ == "__main__":
    main()
