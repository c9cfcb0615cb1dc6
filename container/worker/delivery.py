"""Renders what is missing, batch by batch, and hands each picture to the uploader.

What can go wrong in a batch, and what follows:
  out of memory        half the compute batch from here on, down to 1, then GpuOutOfMemory
  the device is lost   GenerationFailed at once: only a new process helps
  anything else        its images once more, each alone; one that fails alone is recorded as failed
                       and the others go on
  notice or SIGTERM    the batch is abandoned (a half-done picture is never uploaded)
"""

import time
from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

from worker.errors import GenerationFailed, GpuOutOfMemory, WorkerError, one_line
from worker.log import Log
from worker.out_of_memory import free_memory, is_device_lost, is_out_of_memory
from worker.recipe import Recipe
from worker.render import Renderer
from worker.shard import Image
from worker.stop import Stop
from worker.upload import Picture, Uploader


class Likeness(NamedTuple):
    """What the recipes of one batch share."""

    width: int
    height: int
    steps: int
    guidance: float
    scheduler: str


class Trouble(NamedTuple):
    """A failure without its exception, whose traceback would keep the batch's tensors alive."""

    kind: str
    text: str


def likeness(recipe: Recipe) -> Likeness:
    return Likeness(recipe.width, recipe.height, recipe.steps, recipe.guidance, recipe.scheduler)


def put_alike_together(images: Iterable[Image]) -> list[Image]:
    """In shard order, but each image directly after those alike: the fewest batches."""
    groups: dict[Likeness, list[Image]] = {}
    for image in images:
        groups.setdefault(likeness(image.recipe), []).append(image)
    return [image for group in groups.values() for image in group]


class Delivery:
    def __init__(
        self, renderer: Renderer, uploader: Uploader, stop: Stop, log: Log, compute_batch: int
    ) -> None:
        self._renderer = renderer
        self._uploader = uploader
        self._stop = stop
        self._log = log
        self._batch_seconds: dict[Likeness, float] = {}
        self._alone: set[str] = set()
        self._waiting: deque[Image] = deque()
        self.compute_batch = compute_batch
        self.failed: dict[str, str] = {}
        """Message by image hash."""

    def deliver(self, images: Iterable[Image]) -> None:
        """Raises SpotInterrupted, JobCanceled, GpuOutOfMemory, or GenerationFailed (device lost).

        Images that could not be rendered stand in `failed` afterwards.
        """
        self._waiting.extend(put_alike_together(images))
        while self._waiting:
            batch = self._take_batch()
            self._stop.check(self._batch_seconds.get(likeness(batch[0].recipe), 0))
            trouble = self._render(batch)
            if trouble:
                self._settle(batch, trouble)

    def _take_batch(self) -> list[Image]:
        batch = [self._waiting.popleft()]
        if batch[0].hash in self._alone:
            return batch
        alike = likeness(batch[0].recipe)
        while self._waiting and len(batch) < self.compute_batch:
            following = self._waiting[0]
            if likeness(following.recipe) != alike or following.hash in self._alone:
                break
            batch.append(self._waiting.popleft())
        return batch

    def _render(self, batch: list[Image]) -> Trouble | None:
        recipes = [image.recipe for image in batch]
        start = time.perf_counter()

        def on_step(done: int, of: int) -> None:
            elapsed = time.perf_counter() - start
            expected = self._batch_seconds.get(likeness(recipes[0]), elapsed * of / done)
            self._stop.check(max(expected - elapsed, 0))

        try:
            pictures = self._renderer.render(recipes, self.compute_batch, on_step)
        except WorkerError:
            raise
        except Exception as error:
            return classify(error)
        seconds = time.perf_counter() - start
        self._batch_seconds[likeness(recipes[0])] = seconds
        for image, pixels in zip(batch, pictures, strict=True):
            self._uploader.submit(Picture(image, pixels, round(seconds / len(batch), 3)))
        self._log.info(
            f"Rendered {len(batch)}, {len(self._waiting)} to go",
            phase="render",
            seconds=round(seconds, 3),
        )
        return None

    def _settle(self, batch: list[Image], trouble: Trouble) -> None:
        if trouble.kind == "deviceLost":
            raise GenerationFailed(f"The device failed: {trouble.text}")
        if trouble.kind == "outOfMemory":
            self._shrink(trouble)
        elif len(batch) == 1:
            self.failed[batch[0].hash] = trouble.text
            self._log.error(trouble.text, phase="render", hash=batch[0].hash)
            return
        else:
            self._log.warn(f"Batch failed, trying each alone: {trouble.text}", phase="render")
            self._alone.update(image.hash for image in batch)
        self._waiting.extendleft(reversed(batch))

    def _shrink(self, trouble: Trouble) -> None:
        free_memory()
        if self.compute_batch == 1:
            raise GpuOutOfMemory(f"A single image does not fit: {trouble.text}")
        self.compute_batch //= 2
        # Other batch sizes take other times: what was measured no longer counts.
        self._batch_seconds.clear()
        self._log.warn(
            f"Out of memory, compute batch is now {self.compute_batch}: {trouble.text}",
            phase="render",
        )


def classify(error: Exception) -> Trouble:
    if is_device_lost(error):
        return Trouble("deviceLost", one_line(error))
    if is_out_of_memory(error):
        return Trouble("outOfMemory", one_line(error))
    return Trouble("generation", one_line(error))
