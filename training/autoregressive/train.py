"""Trains the network that draws code by code. From the project's folder:

    python -m training.autoregressive.train --corpus CORPUS --work WORK --minutes 80

Started again with the same --work it goes on from the last checkpoint; one is written every few minutes
and when the process is asked to end (SIGTERM).
"""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from training.autoregressive.network import CodeByCode, to_codes, to_groups
from training.conditions import open_conditions
from training.latents import open_latents
from training.pictures import batch_rows, open_corpus
from training.run import Run, run_arguments

WARM_UP_STEPS = 60
AVERAGE_DECAY = 0.99

PICTURE_NOISE = 0.4
"""Length of the noise added to a picture's embedding, beside 1 of the embedding itself."""


def code_loss(model: CodeByCode, codes: Tensor, condition: Tensor) -> Tensor:
    """Mean cross-entropy of the codes int64 [batch, 16, 16], in nats a code (of nothing known: ln 1,000 = 6.9)."""
    with torch.autocast("cpu", torch.bfloat16):
        logits = model(codes, condition)
    return functional.cross_entropy(logits.float().flatten(0, 2), to_groups(codes).flatten())


def main() -> None:
    chosen = run_arguments(__doc__.splitlines()[0], "autoregressive", batch=64, rate=3e-3).parse_args()
    torch.set_num_threads(chosen.threads)
    corpus = open_corpus(chosen.corpus, chosen.work)
    conditions = open_conditions(corpus, chosen.corpus, chosen.work, chosen.encoder)
    latents = open_latents(corpus, chosen.work, chosen.autoencoder)
    torch.manual_seed(chosen.seed)
    run = Run(chosen, CodeByCode(), WARM_UP_STEPS, AVERAGE_DECAY)

    def loss_of_step() -> Tensor:
        rows = batch_rows(corpus.training, chosen.batch, chosen.seed, run.step)
        random = np.random.default_rng([chosen.seed, run.step, 2])
        codes = to_codes(latents.digits(rows, random.random(len(rows)) < 0.5))
        return code_loss(run.model, codes, conditions.drawn_from(rows, random, PICTURE_NOISE))

    @torch.no_grad()
    def held_out_loss() -> float:
        """The averaged network's, always with the same texts."""
        codes = to_codes(latents.digits(corpus.held_out, np.zeros(len(corpus.held_out), bool)))
        condition = conditions.drawn_from(corpus.held_out, np.random.default_rng(0), PICTURE_NOISE)
        return code_loss(run.average, codes, condition).item()

    run.train(loss_of_step, held_out_loss)


if __name__ == "__main__":
    main()
