"""The target of a child process: the worker as `python -m worker` would run it."""

import os
import sys
from collections.abc import Callable, Sequence


def run_worker(
    environment: dict[str, str], output: str, faults: Sequence[Callable[[], None]]
) -> None:
    sink = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(sink, 1)
    os.dup2(sink, 2)
    os.environ.clear()
    os.environ.update(environment)
    for fault in faults:
        fault()
    from worker.__main__ import main

    sys.exit(main())
