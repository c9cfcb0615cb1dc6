"""The safety policy: what happens to a picture that the checker flags. Pure, and no torch.

A recipe's `safety`   absent: a flagged picture is blocked
                      {"policy": "reseed", "tries": n}: up to n more seeds, then blocked
                      {"policy": "off"}: nobody looks
A blocked picture is neither uploaded nor painted black: the record says so, with the reason.
The seeds tried follow from the recipe's own seed, so that every run tries the same ones; the one
that made the picture is in the record and in the PNG.
"""

import hashlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from worker.picture import Look, Picture
from worker.recipe import Recipe
from worker.shard import Image


@dataclass(frozen=True)
class Verdict:
    is_flagged: bool
    reason: str = ""
    """For people, e.g. `nsfw 0.98`; empty where nothing was flagged."""


Checker = Callable[[Sequence[np.ndarray]], list[Verdict]]
"""Pictures (height, width, 3) uint8 RGB, left as they are; one verdict each, in their order."""


def needs_checker(recipes: Sequence[Recipe]) -> bool:
    return not all(is_off(recipe) for recipe in recipes)


def derive_seed(seed: int, attempt: int) -> int:
    """The seed of the `attempt`-th further try (from 1): 32 bits of SHA-256 over `seed/attempt`."""
    digest = hashlib.sha256(f"{seed}/{attempt}".encode()).digest()
    return int.from_bytes(digest[:4], "big")


@dataclass
class Settled:
    """What becomes of a batch."""

    delivered: list[Picture] = field(default_factory=list)
    again: list[Image] = field(default_factory=list)
    """To be rendered like any other: under their own hash, with the next seed in the recipe."""


class Safety:
    """Remembers which image is at which try. Safe to share between threads."""

    def __init__(self, checker: Checker | None) -> None:
        self._checker = checker
        self._asked: dict[str, Image] = {}
        self._tries: dict[str, int] = {}
        self._lock = threading.Lock()
        self.blocked: dict[str, str] = {}
        """Reason by image hash."""

    def settle(self, batch: Sequence[Image], pictures: Sequence[np.ndarray]) -> Settled:
        """Looks at the pictures of a batch. Raises what the checker raises, with nothing settled.

        `batch` may hold images of an earlier `again`, together with others or alone.
        """
        looks = self._look(batch, pictures)
        settled = Settled()
        with self._lock:
            for image, pixels, look in zip(batch, pictures, looks, strict=True):
                if isinstance(look, Verdict):
                    self._decide(image, pixels, look, settled)
                else:
                    settled.delivered.append(Picture(image, pixels, look))
        return settled

    def _look(self, batch: Sequence[Image], pictures: Sequence[np.ndarray]) -> list[Verdict | Look]:
        unseen = [is_off(image.recipe) for image in batch]
        if self._checker is None:
            return ["off" if off else "unchecked" for off in unseen]
        shown = [pixels for pixels, off in zip(pictures, unseen, strict=True) if not off]
        verdicts = iter(self._checker(shown) if shown else [])
        return ["off" if off else next(verdicts) for off in unseen]

    def _decide(self, image: Image, pixels: np.ndarray, verdict: Verdict, into: Settled) -> None:
        asked = self._asked.setdefault(image.hash, image)
        tried = self._tries.get(image.hash, 0)
        if not verdict.is_flagged:
            seed = derive_seed(asked.recipe.seed, tried) if tried else None
            into.delivered.append(Picture(asked, pixels, "passed", seed))
        elif tried < tries_of(asked.recipe):
            self._tries[image.hash] = tried + 1
            recipe = replace(asked.recipe, seed=derive_seed(asked.recipe.seed, tried + 1))
            into.again.append(Image(image.hash, recipe))
        else:
            more = f", as were {tried} other seeds" if tried else ""
            self.blocked[image.hash] = f"flagged by the safety checker ({verdict.reason}){more}"


def is_off(recipe: Recipe) -> bool:
    return recipe.safety is not None and recipe.safety.policy == "off"


def tries_of(recipe: Recipe) -> int:
    """Further seeds after the recipe's own."""
    return (recipe.safety.tries if recipe.safety else None) or 0
