"""The latent space: principal components of 4x4 patches.

A picture (3, 64, 64) is cut into 16x16 patches of 48 numbers; the 8 strongest directions are kept.
Latent channels keep their natural relative scale (overall deviation 1): whitened, they make the
denoiser spend itself on the weak ones, which are mostly noise.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from models.training.captions import SEEN, draw_examples

CHANNELS = 8
FIT_SEED, FIT_PICTURES = 1, 1500


def cut_patches(pictures: Tensor) -> Tensor:
    """(n, 3, 64, 64) to (n, 48, 16, 16). In two halvings, as the encoder's two strides do it."""
    return functional.pixel_unshuffle(functional.pixel_unshuffle(pictures, 2), 2)


@dataclass(frozen=True)
class PatchBasis:
    mean: Tensor
    """(48,)"""
    axes: Tensor
    """(48, 8), orthonormal columns, strongest first."""
    deviation: Tensor
    """(8,) standard deviation along each axis."""

    @property
    def scales(self) -> Tensor:
        """(8,) deviation of each latent channel; their mean square is 1."""
        return self.deviation / self.deviation.square().mean().sqrt()

    def encode(self, pictures: Tensor) -> Tensor:
        """(n, 3, 64, 64) in [-1, 1] to latents (n, 8, 16, 16)."""
        weights = self.axes / self.deviation * self.scales
        centred = cut_patches(pictures) - self.mean.view(1, -1, 1, 1)
        return torch.einsum("npyx,pc->ncyx", centred, weights).contiguous()

    def save(self, file: Path) -> None:
        np.savez(file, mean=self.mean, axes=self.axes, deviation=self.deviation)


def load_basis(file: Path) -> PatchBasis:
    stored = np.load(file)
    return PatchBasis(*(torch.from_numpy(stored[key]) for key in ("mean", "axes", "deviation")))


def fit_basis(count: int = FIT_PICTURES) -> PatchBasis:
    rng = np.random.default_rng(FIT_SEED)
    pictures = torch.from_numpy(draw_examples(SEEN, count, rng).pictures)
    patches = cut_patches(pictures).permute(0, 2, 3, 1).flatten(0, 2)
    mean = patches.mean(0)
    centred = patches - mean
    _, vectors = torch.linalg.eigh((centred.T @ centred / len(centred)).double())
    axes = vectors.flip(1)[:, :CHANNELS].float()
    # Eigenvectors have no sign of their own: the largest entry is made positive.
    axes = axes * axes.gather(0, axes.abs().argmax(0, keepdim=True)).sign()
    return PatchBasis(mean, axes, (centred @ axes).std(0))
