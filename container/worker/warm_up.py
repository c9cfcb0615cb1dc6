"""What the first batch of a kind takes longer than its later ones: compiling, mostly."""

import statistics
from collections.abc import Hashable

from worker.compute_batch import Size


class WarmUp:
    def __init__(self) -> None:
        self._first: dict[tuple[Hashable, Size], list[float]] = {}

    def begin(self, kind: Hashable, size: Size) -> list[float]:
        """Append the seconds since the batch's start at the end of each step."""
        key = kind, size
        return self._first.setdefault(key, []) if key not in self._first else []

    @property
    def seconds(self) -> float:
        """Of all kinds: what the steps took above their median, as the first of them compile."""
        return sum(excess(times) for times in self._first.values())

    def seconds_of(self, size: Size) -> float:
        return sum(excess(times) for (_, of), times in self._first.items() if of == size)


def excess(times: list[float]) -> float:
    if len(times) < 3:
        return 0.0
    steps = [end - begin for begin, end in zip([0.0, *times], times, strict=False)]
    return max(0.0, sum(steps) - len(steps) * statistics.median(steps))
