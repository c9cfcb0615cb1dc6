"""The compute batch that fits a GPU: resident weights, plus what one more picture takes.

    peak of n pictures = fixed + n * each      measured at n = 1 and n = 2, by torch's own counter

Two lines, denoising and decoding, never at work at once. All numbers are of the device's total
memory and of what torch allocates, not of what happens to be free: the same GPU type, model and
size give the same batch. Unmeasured on a GPU so far.
"""

import gc
from collections.abc import Callable
from dataclasses import dataclass, replace

import torch

from worker.compute_batch import Layout
from worker.free_memory import free_memory
from worker.recipe import Recipe
from worker.render import Renderer
from worker.trouble import is_out_of_memory

# The CUDA context and cuDNN's and cuBLAS' own workspaces (about 1 GB), which torch does not count,
# and holes between allocations.
USABLE = 0.92
CONTEXT_BYTES = 1 << 30
# 16 pictures of 512 x 512, 4 of 1024 x 1024: beyond that a GPU is busy all the same, while a short
# last batch computes ever more padding.
PIXELS_AT_ONCE = 16 * 512 * 512
PROBE_STEPS = 2


@dataclass(frozen=True)
class Line:
    """Bytes above the resident ones that a number of pictures takes at its peak."""

    of_one: int
    of_two: int

    def of(self, pictures: int) -> int:
        each = max(self.of_two - self.of_one, 0)
        return self.of_one + (pictures - 1) * each


def most_useful_batch(recipe: Recipe) -> int:
    return max(1, PIXELS_AT_ONCE // (recipe.width * recipe.height))


def fit_layout(
    total: int, resident: int, denoising: Line, decoding: Line, *, most: int, keeps_graphs: bool
) -> Layout:
    """The largest power of two up to `most` that fits; 1 if nothing does (then it is tried).

    Decoding is done singly where decoding the batch at once does not fit. CUDA graphs keep the
    memory of the denoising (`keeps_graphs`), so that decoding comes on top of it.
    """
    room = int(total * USABLE) - CONTEXT_BYTES - resident
    batch = 1
    while batch * 2 <= most and denoising.of(batch * 2) <= room:
        batch *= 2
    while True:
        left = room - (denoising.of(batch) if keeps_graphs else 0)
        if decoding.of(batch) <= left:
            return Layout(batch, batch)
        if decoding.of(1) <= left or batch == 1:
            return Layout(batch, 1)
        batch //= 2


class Probe:
    """Finds the layout of a size on a CUDA device, with two steps of one and of two pictures."""

    def __init__(
        self, renderer: Renderer, device: torch.device, *, keeps_graphs: bool, check: Callable
    ) -> None:
        """`check` is called at every step: it may raise to end the attempt."""
        self._renderer, self._device = renderer, device
        self._keeps_graphs, self._check = keeps_graphs, check

    def find(self, recipe: Recipe) -> Layout:
        """Layout(1, 1) where two pictures do not fit. Raises what a single picture raises."""
        resident = torch.cuda.memory_allocated(self._device)
        total = torch.cuda.get_device_properties(self._device).total_memory
        one = self._peaks(recipe, 1)
        two = self._try_two(recipe)
        free_memory()
        if two is None:
            return Layout(1, 1)
        lines = (Line(first, second) for first, second in zip(one, two, strict=True))
        most = most_useful_batch(recipe)
        return fit_layout(total, resident, *lines, most=most, keeps_graphs=self._keeps_graphs)

    def _try_two(self, recipe: Recipe) -> tuple[int, int] | None:
        try:
            return self._peaks(recipe, 2)
        except Exception as error:
            if not is_out_of_memory(error):
                raise
        return None

    def _peaks(self, recipe: Recipe, pictures: int) -> tuple[int, int]:
        """Bytes of denoising and of decoding, above what was allocated before."""
        recipes = [replace(recipe, steps=PROBE_STEPS)] * pictures
        before = self._start()
        with torch.compiler.set_stance("force_eager"):
            latents = self._renderer.denoise(recipes, lambda done, of: self._check())
        denoising = self._peak() - before
        before = self._start()
        self._renderer.decode(latents, recipes).wait()
        return denoising, self._peak() - before

    def _start(self) -> int:
        gc.collect()
        torch.cuda.reset_peak_memory_stats(self._device)
        return torch.cuda.memory_allocated(self._device)

    def _peak(self) -> int:
        torch.cuda.synchronize(self._device)
        return torch.cuda.max_memory_allocated(self._device)
