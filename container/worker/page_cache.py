"""Brings files into the page cache while they are mapped and used.

A mapped file that is not cached arrives by page faults, one after another; several threads that
read ahead of them bring it sooner (decision 0020). One that was just downloaded is cached, and
reading it again would only cost.
"""

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

READERS = 32
READ_BYTES = 2 << 20
SAMPLES = 16


@contextmanager
def reading_ahead(files: Iterable[Path], check: Callable[[], None]) -> Iterator[None]:
    """Within it the files may be used as they come; at its end they are there.

    Raises what check raises, between reads."""
    failed = threading.Event()
    with ThreadPoolExecutor(READERS) as pool:
        ends = [
            pool.submit(read, file, start, end, failed, check)
            for file in files
            for start, end in stretches(file)
        ]
        try:
            yield
        except BaseException:
            failed.set()
            raise
        for one in ends:
            one.result()


def stretches(file: Path) -> list[tuple[int, int]]:
    size = file.stat().st_size
    if is_cached(file, size):
        return []
    each = -(-size // READERS)
    return [(start, min(start + each, size)) for start in range(0, size, each)]


def read(
    file: Path, start: int, end: int, failed: threading.Event, check: Callable[[], None]
) -> None:
    buffer = bytearray(READ_BYTES)
    descriptor = os.open(file, os.O_RDONLY)
    try:
        while start < end and not failed.is_set():
            check()
            count = os.preadv(descriptor, [buffer], start)
            start += count or end
    except BaseException:
        failed.set()
        raise
    finally:
        os.close(descriptor)


def is_cached(file: Path, size: int) -> bool:
    """By SAMPLES bytes, asked for without waiting for the disk. Where the system cannot say it:
    yes, since a mapped file works either way."""
    if not hasattr(os, "RWF_NOWAIT") or size == 0:
        return True
    descriptor = os.open(file, os.O_RDONLY)
    try:
        for index in range(SAMPLES):
            os.preadv(descriptor, [bytearray(1)], (size - 1) * index // SAMPLES, os.RWF_NOWAIT)
    except BlockingIOError:
        return False
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return True
