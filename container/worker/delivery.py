"""Renders what is missing, batch by batch, and has each finished while the next is computed.

What can go wrong in a batch, and what follows:
  out of memory        half the compute batch from here on, down to 1, then GpuOutOfMemory
  the device is lost   WorkerLost at once: only a new process helps
  anything else        its images once more, each alone; one that fails alone is recorded as failed
                       and the others go on
  notice or SIGTERM    the batch is abandoned (a half-done picture is never uploaded), those already
                       rendered are finished
"""

import time
from collections import deque
from collections.abc import Callable, Iterable

from worker.compute_batch import Layouts, Size, size_of
from worker.errors import GpuOutOfMemory, WorkerError, WorkerLost
from worker.finish import NOT_A_NUMBER, WAITING_BATCHES, Batch, Finished, Finisher
from worker.free_memory import free_memory
from worker.likeness import Likeness, likeness, put_alike_together
from worker.log import Log
from worker.render import Renderer
from worker.shard import Image
from worker.stop import Stop
from worker.trouble import Trouble, classify
from worker.warm_up import WarmUp


class Delivery:
    def __init__(
        self,
        renderer: Renderer,
        finisher: Finisher,
        layouts: Layouts,
        stop: Stop,
        log: Log,
        *,
        on_rendered: Callable[[Size], None] = lambda size: None,
        on_finished: Callable[[int], None] = lambda images: None,
    ) -> None:
        """`on_rendered` is told the size of each batch that the renderer gave back, `on_finished`
        how many images are finished for good, after each batch."""
        self._renderer, self._finisher, self._layouts = renderer, finisher, layouts
        self._stop, self._log = stop, log
        self._on_rendered, self._on_finished = on_rendered, on_finished
        self._batch_seconds: dict[Likeness, float] = {}
        self._alone: set[str] = set()
        self._waiting: deque[Image] = deque()
        self.warm_up = WarmUp()
        self.failed: dict[str, str] = {}
        """Message by image hash."""
        self.compute_batch = 0
        """The one last used."""

    def deliver(self, images: Iterable[Image]) -> None:
        """Raises SpotInterrupted, JobCanceled, GpuOutOfMemory or WorkerLost.

        Images that could not be rendered stand in `failed` afterwards.
        """
        self._waiting.extend(put_alike_together(images, self._likeness))
        try:
            while self._waiting or self._settle_finished(leave=0):
                self._render_next()
        finally:
            for finished in self._finisher.close():
                self._report(finished)

    def _settle_finished(self, leave: int) -> bool:
        """Whether images wait: some of a finished batch may have to be rendered again."""
        for finished in self._finisher.collect(leave):
            if finished.trouble:
                self._settle(list(finished.images), finished.trouble)
            else:
                self._batch_seconds[self._likeness(finished.images[0])] = finished.seconds
                self._waiting.extendleft(reversed(finished.again))
            self._report(finished)
        return bool(self._waiting)

    def _report(self, finished: Finished) -> None:
        for image in finished.broken:
            self.failed[image.hash] = NOT_A_NUMBER
        if not finished.trouble:
            self._on_finished(len(finished.images) - len(finished.again))

    def _render_next(self) -> None:
        first = self._waiting[0]
        trouble = self._find_layout(first)
        batch = self._take_batch()
        self._stop.check(self._batch_seconds.get(self._likeness(first), 0))
        trouble = trouble or self._render(batch)
        if trouble:
            self._settle(batch, trouble)
        self._settle_finished(leave=WAITING_BATCHES - 1)

    def _find_layout(self, image: Image) -> Trouble | None:
        """May render a probe. Raises GpuOutOfMemory if a single picture does not fit."""
        try:
            self.compute_batch = self._layouts.of(image.recipe).compute_batch
            return None
        except WorkerError:
            raise
        except Exception as error:
            trouble = classify(error)
        if trouble.kind == "outOfMemory":
            raise GpuOutOfMemory(f"A single image does not fit: {trouble.text}")
        return trouble

    def _take_batch(self) -> list[Image]:
        batch = [self._waiting.popleft()]
        if batch[0].hash in self._alone:
            return batch
        alike = self._likeness(batch[0])
        while self._waiting and len(batch) < self.compute_batch:
            following = self._waiting[0]
            if self._likeness(following) != alike or following.hash in self._alone:
                break
            batch.append(self._waiting.popleft())
        return batch

    def _render(self, batch: list[Image]) -> Trouble | None:
        recipes, alike = [image.recipe for image in batch], self._likeness(batch[0])
        size = size_of(recipes[0])
        start = time.perf_counter()
        expected_seconds = self._batch_seconds.get(alike)
        times = self.warm_up.begin((alike, self.compute_batch), size)

        def on_step(done: int, of: int) -> None:
            elapsed = time.perf_counter() - start
            times.append(elapsed)
            expected = elapsed * of / done if expected_seconds is None else expected_seconds
            self._stop.check(max(expected - elapsed, 0))

        try:
            pictures = self._renderer.render(recipes, self.compute_batch, on_step)
        except WorkerError:
            raise
        except Exception as error:
            return classify(error)
        # At least that long; the finisher knows when a GPU was really done.
        self._batch_seconds.setdefault(alike, time.perf_counter() - start)
        mode = self._renderer.mode_of(size).name
        layout = self._layouts.of(recipes[0])
        self._finisher.begin(Batch(batch, pictures, start, layout, mode))
        self._on_rendered(size)
        return None

    def _settle(self, batch: list[Image], trouble: Trouble) -> None:
        if trouble.kind == "deviceLost":
            raise WorkerLost(f"The device failed: {trouble.text}")
        if trouble.kind == "outOfMemory":
            self._shrink(batch[0], trouble)
        elif len(batch) == 1:
            self.failed[batch[0].hash] = trouble.text
            self._log.error(trouble.text, phase="render", hash=batch[0].hash)
            self._on_finished(1)
            return
        else:
            self._log.warn(f"Batch failed, trying each alone: {trouble.text}", phase="render")
            self._alone.update(image.hash for image in batch)
        self._waiting.extendleft(reversed(batch))

    def _shrink(self, image: Image, trouble: Trouble) -> None:
        free_memory(drop_graphs=True)
        layout = self._layouts.halve(image.recipe)
        if layout is None:
            raise GpuOutOfMemory(f"A single image does not fit: {trouble.text}")
        # Other batch sizes take other times: what was measured no longer counts.
        self._batch_seconds.clear()
        self._log.warn(
            f"Out of memory, compute batch of {size_of(image.recipe)} is now "
            f"{layout.compute_batch}: {trouble.text}",
            phase="render",
        )

    def _likeness(self, image: Image) -> Likeness:
        return likeness(image.recipe, self._renderer.text_length)
