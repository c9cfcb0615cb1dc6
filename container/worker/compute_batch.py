"""The compute batch: how many pictures are computed together, one number per size.

It is found once per (model, size, GPU), by the VRAM (memory_layout.py) or, on a CPU, by the
setting; a later attempt gets it told (`remembered`), since the bits of a picture depend on it.
Running out of memory halves it, for its size and from there on.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from worker.recipe import Recipe


class Size(NamedTuple):
    """Pixels."""

    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"


class Layout(NamedTuple):
    compute_batch: int
    decode_batch: int
    """How many of them the VAE decodes at once."""


def size_of(recipe: Recipe) -> Size:
    return Size(recipe.width, recipe.height)


class Layouts:
    def __init__(
        self,
        find: Callable[[Recipe], Layout],
        remembered: Mapping[str, Layout] | None = None,
        use: Callable[[Size, Layout], None] = lambda size, layout: None,
    ) -> None:
        """`remembered`: by `<width>x<height>`. `use` is told each layout before it is used."""
        self._find = find
        self._remembered = remembered or {}
        self._use = use
        self._known: dict[Size, Layout] = {}

    def of(self, recipe: Recipe) -> Layout:
        """Raises what `find` raises."""
        size = size_of(recipe)
        if size not in self._known:
            self._keep(size, self._remembered.get(str(size)) or self._find(recipe))
        return self._known[size]

    def halve(self, recipe: Recipe) -> Layout | None:
        """What follows when memory ran out; None if a single picture did not fit.

        Pictures are decoded singly from then on: what failed may have been the decoding.
        """
        compute_batch = self.of(recipe).compute_batch
        if compute_batch == 1:
            return None
        size = size_of(recipe)
        self._keep(size, Layout(compute_batch // 2, 1))
        return self._known[size]

    @property
    def known(self) -> Mapping[Size, Layout]:
        return self._known

    def _keep(self, size: Size, layout: Layout) -> None:
        self._known[size] = layout
        self._use(size, layout)
