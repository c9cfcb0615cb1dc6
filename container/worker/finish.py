"""What happens to a batch after the device: wait for it, look at it, hand it to the uploader.

Lifecycle: begin() per batch, collect() between batches, close() at the end, also after a failure:
what was rendered is finished. All of it happens in one thread of its own, so that the device has
the next batch to compute meanwhile. At most WAITING_BATCHES are on their way: a checker or a bucket
that is slower than the device holds it up instead of filling the memory.
"""

import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np

from worker.compute_batch import Layout
from worker.decode import Pictures
from worker.log import Log
from worker.safety import Settled
from worker.shard import Image
from worker.trouble import Trouble, classify
from worker.upload import Uploader

WAITING_BATCHES = 2
NOT_A_NUMBER = "ArithmeticError: the picture holds values that are no numbers (NaN)"

Settle = Callable[[Sequence[Image], Sequence[np.ndarray]], Settled]
"""Looks at the pictures of a batch (safety.py)."""


@dataclass(frozen=True)
class Batch:
    images: Sequence[Image]
    pictures: Pictures
    began_at: float
    """time.perf_counter() when its first step was queued."""
    layout: Layout
    mode: str


@dataclass
class Finished:
    images: Sequence[Image]
    seconds: float = 0
    """From its begin to its last picture on the host."""
    again: list[Image] = field(default_factory=list)
    """With the next seed: the checker flagged the last one."""
    broken: list[Image] = field(default_factory=list)
    """Their pictures hold no numbers."""
    trouble: Trouble | None = None
    """None of the batch was handed over."""


class Finisher:
    def __init__(self, settle: Settle, uploader: Uploader, log: Log) -> None:
        self._settle, self._uploader, self._log = settle, uploader, log
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="finish")
        self._begun: deque[Future[Finished]] = deque()
        self._last_done_at = 0.0

    def begin(self, batch: Batch) -> None:
        self._begun.append(self._thread.submit(self._finish, batch))

    def collect(self, leave: int) -> list[Finished]:
        """What is finished, in order; waits until at most `leave` batches are on their way."""
        finished = []
        while self._begun and (len(self._begun) > leave or self._begun[0].done()):
            finished.append(self._begun.popleft().result())
        return finished

    def close(self) -> list[Finished]:
        finished = self.collect(leave=0)
        self._thread.shutdown()
        return finished

    def _finish(self, batch: Batch) -> Finished:
        try:
            return self._hand_over(batch)
        except Exception as error:
            trouble = classify(error)
        return Finished(batch.images, trouble=trouble)

    def _hand_over(self, batch: Batch) -> Finished:
        pairs = list(zip(batch.images, batch.pictures.wait(), strict=True))
        done_at = time.perf_counter()
        finished = Finished(batch.images, seconds=done_at - batch.began_at)
        # The device's time alone: while one batch is decoded, the next one has begun.
        own_seconds = done_at - max(batch.began_at, self._last_done_at)
        self._last_done_at = done_at
        finished.broken = [image for image, pixels in pairs if pixels is None]
        whole = [(image, pixels) for image, pixels in pairs if pixels is not None]
        settled = self._settle([image for image, _ in whole], [pixels for _, pixels in whole])
        finished.again = settled.again
        share = round(own_seconds / len(pairs), 3)
        for picture in settled.delivered:
            made = replace(picture, seconds=share, layout=batch.layout, mode=batch.mode)
            self._uploader.submit(made)
        self._log.info(
            f"Rendered {len(pairs)}, handed over {len(settled.delivered)}",
            phase="render",
            seconds=round(own_seconds, 3),
        )
        return finished
