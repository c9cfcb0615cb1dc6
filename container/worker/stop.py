"""When to stop: told by a Spot notice or by SIGTERM, asked by everything that takes time."""

import math
import time
from collections.abc import Callable

from worker.errors import JobCanceled, SpotInterrupted

# EC2 takes the instance at the announced time; uploads and the record need the last seconds.
STOP_BEFORE_SECONDS = 25


class Stop:
    """Set from the poller's thread and the signal handler, read by all others."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._is_canceled = False
        self._interrupted_at: float | None = None

    def cancel(self) -> None:
        """Called by a signal handler: a plain flag, since main might hold any lock just then."""
        self._is_canceled = True

    def announce(self, interrupted_at: float) -> None:
        """A Spot notice for this time (seconds since the epoch)."""
        self._interrupted_at = interrupted_at

    def seconds_left(self) -> float:
        """Seconds of rendering left; infinite without a notice."""
        if self._interrupted_at is None:
            return math.inf
        return self._interrupted_at - STOP_BEFORE_SECONDS - self._now()

    def check(self, seconds_needed: float = 0) -> None:
        """Raises JobCanceled after SIGTERM, SpotInterrupted if `seconds_needed` do not fit."""
        if self._is_canceled:
            raise JobCanceled("SIGTERM received. Images that were not finished are left out.")
        left = self.seconds_left()
        if left <= seconds_needed:
            raise SpotInterrupted(
                f"Spot notice: {max(left, 0):.1f} s left to render, "
                f"the next piece of work needs {seconds_needed:.1f} s."
            )
