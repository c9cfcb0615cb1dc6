"""The noise an image starts from: a function of its seed alone."""

import torch

from worker.recipe import Recipe


def make_generator(recipe: Recipe) -> torch.Generator:
    """On the CPU, so that every GPU draws the same numbers."""
    return torch.Generator("cpu").manual_seed(recipe.seed)


def draw_noise(
    recipe: Recipe, generator: torch.Generator, *, channels: int, scale: int
) -> torch.Tensor:
    """Standard normal latents (1, channels, height / scale, width / scale), float32, on the CPU.

    Drawn in float32 whatever the model computes in: a rounded draw equals the rounded float32 one,
    and so all dtypes start from the same picture. The generator goes on to draw the step noise.
    """
    shape = (1, channels, recipe.height // scale, recipe.width // scale)
    return torch.randn(shape, generator=generator, dtype=torch.float32)
