"""How the weights of a network are moved: AdamW with a warm-up and a linear decay (Loshchilov and Hutter 2019)."""

from __future__ import annotations

import torch

from rag.cross_encoder import Network

WARM_UP = 0.06  # of the steps, in which the learning rate rises
CLIP = 1.0  # the greatest norm of the gradient
_DECAY = 0.01


def optimiser_for(network: Network, rate: float) -> torch.optim.Optimizer:
    """AdamW; matrices decay, the rest doesn't."""
    matrices = [p for p in network.parameters() if p.dim() > 1]
    others = [p for p in network.parameters() if p.dim() == 1]
    return torch.optim.AdamW(
        [{"params": matrices, "weight_decay": _DECAY}, {"params": others, "weight_decay": 0.0}], lr=rate
    )


def rate_at(step: int, steps: int, most: float) -> float:
    """The learning rate of a step, counted from 1."""
    return most * min(step / steps / WARM_UP, (1 - (step - 1) / steps) / (1 - WARM_UP))
