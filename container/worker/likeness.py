"""What the recipes of one batch share, and in which order the images are rendered."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from worker.recipe import Lora, Recipe
from worker.shard import Image

TextLength = Callable[[Recipe], int]
"""Tokens of a recipe's embedding: in one batch a short prompt would be padded to a long one's, and
that is another picture."""


class Likeness(NamedTuple):
    width: int
    height: int
    steps: int
    guidance: float
    scheduler: str
    strength: float | None
    """Of a start image; None without one."""
    loras: tuple[Lora, ...]
    text_length: int


def likeness(recipe: Recipe, text_length: TextLength) -> Likeness:
    return Likeness(
        recipe.width,
        recipe.height,
        recipe.steps,
        recipe.guidance,
        recipe.scheduler,
        recipe.start.strength if recipe.start else None,
        recipe.loras,
        text_length(recipe),
    )


def put_alike_together(images: Iterable[Image], of: Callable[[Image], Likeness]) -> list[Image]:
    """In shard order, but each image directly after those alike, and each set of LoRAs in one go:
    the fewest batches, and the fewest changes of the weights."""
    sets: dict[tuple[Lora, ...], dict[Likeness, list[Image]]] = {}
    for image in images:
        alike = of(image)
        sets.setdefault(alike.loras, {}).setdefault(alike, []).append(image)
    return [image for groups in sets.values() for group in groups.values() for image in group]
