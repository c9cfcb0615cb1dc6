"""A finished picture, as the checker leaves it and the uploader takes it."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from worker.compute_batch import Layout
from worker.shard import Image

Look = Literal["passed", "unchecked", "off"]
"""`unchecked`: the policy asks for a look, but there is no checker for the model in the bucket."""


UNKNOWN = Layout(0, 0)


@dataclass(frozen=True)
class Picture:
    image: Image
    """With the recipe as it was asked for, its own seed included."""
    pixels: np.ndarray
    """(height, width, 3) uint8 RGB"""
    look: Look = "unchecked"
    effective_seed: int | None = None
    """The seed that made it, where it is not the recipe's."""
    seconds: float = 0
    """Its share of the time of its batch."""
    layout: Layout = UNKNOWN
    mode: str = ""
    """How its size was made fast when it was made (compilation.py)."""

    def without_pixels(self) -> "Picture":
        return replace(self, pixels=np.empty((0, 0, 3), np.uint8))
