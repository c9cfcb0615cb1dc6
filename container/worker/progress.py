"""How far an attempt is: a log line every few seconds, an object in the bucket every fifteen.

Lifecycle: the renderer's thread calls done() after each batch; finish() once at the end. Writing is
the matter of a thread of its own: the GPU never waits for S3, and a write that fails is no failure.
The object lies beside the attempt's record, where the worker may write anyway.
"""

import json
import math
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from worker.bucket import Bucket, BucketError
from worker.clock import iso_now
from worker.errors import ServiceUnavailable
from worker.log import Log
from worker.settings import Settings

LOG_SECONDS = 5
WRITE_SECONDS = 15
# The speed is that of the last minute: the first batch pays for the warm-up and would spoil it.
WINDOW_SECONDS = 60
# Batches are reported as they are collected, at times two at once: that is no speed.
SHORTEST_SECONDS = 1


@dataclass(frozen=True)
class State:
    done: int
    total: int
    images_per_second: float | None
    """None until a batch has ended a while after the first."""

    @property
    def seconds_left(self) -> float | None:
        left = self.total - self.done
        if not left or not self.images_per_second:
            return None if left else 0.0
        return left / self.images_per_second

    def to_json(self) -> dict[str, Any]:
        return {
            "done": self.done,
            "total": self.total,
            "imagesPerSecond": rounded(self.images_per_second),
            "secondsLeft": rounded(self.seconds_left),
        }


def rounded(value: float | None) -> float | None:
    """Three digits that matter: 0.0123 images/s on a CPU, 123 on a large GPU."""
    if not value:
        return value
    return round(value, max(0, 2 - math.floor(math.log10(abs(value)))))


class Progress:
    def __init__(
        self,
        total: int,
        log: Log,
        write: Callable[[dict[str, Any]], None],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._total, self._log, self._write, self._now = total, log, write, now
        self._done = 0
        self._batches: deque[tuple[float, int]] = deque()
        self._logged_at = self._written_at = -math.inf
        self._writer: threading.Thread | None = None

    def done(self, images: int) -> None:
        """After each batch, with how many of its images are finished for good (0 is allowed)."""
        self._done += images
        now = self._now()
        self._batches.append((now, self._done))
        while now - self._batches[0][0] > WINDOW_SECONDS and len(self._batches) > 2:
            self._batches.popleft()
        if now - self._logged_at >= LOG_SECONDS:
            self._logged_at = now
            self._log.info("Progress", phase="render", **self.state.to_json())
        if now - self._written_at >= WRITE_SECONDS and not self._is_writing:
            self._written_at = now
            self._writer = threading.Thread(target=self._write, args=(self.state.to_json(),))
            self._writer.daemon = True  # never keeps a process alive that has nothing else to do
            self._writer.start()

    def finish(self) -> None:
        """Says the last word in the log; the attempt's record holds the rest."""
        if self._batches:
            self._log.info("Progress", phase="render", **self.state.to_json())

    @property
    def state(self) -> State:
        return State(self._done, self._total, self._speed() if self._batches else None)

    @property
    def _is_writing(self) -> bool:
        return self._writer is not None and self._writer.is_alive()

    def _speed(self) -> float | None:
        (start, before), (end, after) = self._batches[0], self._batches[-1]
        return (after - before) / (end - start) if end - start >= SHORTEST_SECONDS else None


def make_progress(total: int, settings: Settings, bucket: Bucket, log: Log) -> Progress:
    who = {"jobId": settings.job_id, "shard": settings.shard, "attempt": settings.attempt}

    def write(state: dict[str, Any]) -> None:
        body = json.dumps({"version": 1, **who, **state, "at": iso_now()}).encode()
        try:
            bucket.put(settings.progress_key, body, "application/json")
        except (BucketError, ServiceUnavailable) as error:
            log.warn(f"No progress object: {error}", phase="render")

    return Progress(total, log, write)
