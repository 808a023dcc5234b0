"""The optimiser: Muon for the inner convolutions and matrices, AdamW for the rest.

Muon (Jordan et al. 2024, https://kellerjordan.github.io/posts/muon/) replaces each matrix of momentum
by the nearest orthogonal one, so that every direction of the matrix learns at the same pace. A
convolution counts as the matrix [channels out, channels in x height x width].
"""

import torch
from torch import Tensor, nn

NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)
"""Coefficients of the quintic iteration, from the page above."""


def orthogonalised(matrix: Tensor, iterations: int = 5) -> Tensor:
    """About U V^T for matrix = U S V^T, float [rows, columns], by Newton-Schulz in bfloat16."""
    a, b, c = NEWTON_SCHULZ
    current = matrix.bfloat16()
    is_tall = current.shape[0] > current.shape[1]
    if is_tall:
        current = current.T
    current = current / (current.norm() + 1e-7)
    for _ in range(iterations):
        gram = current @ current.T
        current = a * current + (b * gram + c * gram @ gram) @ current
    return (current.T if is_tall else current).to(matrix.dtype)


class Muon(torch.optim.Optimizer):
    """Momentum 0.95 in Nesterov's form, decoupled weight decay. The step is scaled to the size that AdamW
    takes (0.2 x sqrt of the longer side, Liu et al. 2025, arXiv:2502.16982), so that one rate suits both."""

    def __init__(self, weights: list[nn.Parameter], lr: float, momentum: float = 0.95, decay: float = 0.01) -> None:
        super().__init__(weights, {"lr": lr, "momentum": momentum, "decay": decay})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:
        for group in self.param_groups:
            for weight in group["params"]:
                if weight.grad is None:
                    continue
                state = self.state[weight]
                if "momentum" not in state:
                    state["momentum"] = torch.zeros_like(weight)
                state["momentum"].lerp_(weight.grad, 1 - group["momentum"])
                ahead = weight.grad.lerp(state["momentum"], group["momentum"])
                matrix = ahead.reshape(len(ahead), -1)
                scale = 0.2 * max(matrix.shape) ** 0.5
                weight.mul_(1 - group["lr"] * group["decay"])
                weight.add_(orthogonalised(matrix).reshape(weight.shape), alpha=-group["lr"] * scale)


def optimisers_for(model: nn.Module, rate: float) -> list[torch.optim.Optimizer]:
    """Muon takes the weights with at least 32 channels on both sides; AdamW takes edges and biases."""
    inner = [p for p in model.parameters() if p.ndim in (2, 4) and min(p.shape[0], p.shape[1]) >= 32]
    inner_ids = {id(p) for p in inner}
    rest = [p for p in model.parameters() if id(p) not in inner_ids]
    return [Muon(inner, rate), torch.optim.AdamW(rest, rate, betas=(0.9, 0.99), weight_decay=0.0)]
