"""Which files of a model are there: written by the download, waited for by the load."""

import threading
from collections.abc import Callable, Iterable
from pathlib import Path

LOOK_SECONDS = 0.2


class Arrivals:
    def __init__(self, folder: Path, paths: Iterable[str] = ()) -> None:
        """`paths`: of those that are there already, relative to the folder."""
        self.folder = folder
        self._there = set(paths)
        self._problem: BaseException | None = None
        self._changed = threading.Condition()

    def arrive(self, path: str) -> None:
        with self._changed:
            self._there.add(path)
            self._changed.notify_all()

    def fail(self, problem: BaseException) -> None:
        """Nothing arrives any more: whoever waits for more gets the problem."""
        with self._changed:
            self._problem = problem
            self._changed.notify_all()

    def wait_for(self, paths: Iterable[str], check: Callable[[], None] = lambda: None) -> None:
        """Raises what the download failed with, and what check raises."""
        wanted = set(paths)
        with self._changed:
            while not wanted <= self._there:
                if self._problem is not None:
                    raise self._problem
                check()
                self._changed.wait(LOOK_SECONDS)
