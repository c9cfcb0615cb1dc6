"""Single numbers: the error of one call of the denoiser, how busy the GPU is, a cold disk."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from worker.pipeline import Model


def relative_error_of_one_call(plain: Model, ours: Model, call: Callable[[], Any]) -> float:
    """|ours - plain| / |plain| of the output, both given what `call` gives the plain denoiser.

    With random weights a picture means nothing, and its largest error is that of one pixel.
    """
    seen: list[tuple[Any, Any]] = []

    def keep(_module: Any, args: Any, kwargs: Any) -> None:
        if not seen:
            seen.append((args, kwargs))

    hook = plain.denoiser.register_forward_pre_hook(keep, with_kwargs=True)
    try:
        call()
    finally:
        hook.remove()
    (args, kwargs) = seen[0]
    with torch.no_grad():
        outputs = [model.denoiser(*args, **kwargs)[0].double() for model in (plain, ours)]
    return float((outputs[1] - outputs[0]).norm() / outputs[0].norm())


def gpu_busy_fraction(render: Callable[[], Any]) -> float:
    """The share of the time, from the first kernel to the last, in which one was at work.

    By the profiler, which costs the host time: the true share is rather higher.
    """
    from torch.profiler import ProfilerActivity, profile

    with profile(activities=[ProfilerActivity.CUDA]) as profiler:
        render()
        torch.cuda.synchronize()
    spans = sorted(
        (event.time_range.start, event.time_range.end)
        for event in profiler.events() or []
        if event.device_type.name == "CUDA"
    )
    return covered(spans) if spans else 0.0


def covered(spans: list[tuple[float, float]]) -> float:
    """The share of [first start, last end] that the spans (sorted by start) cover."""
    busy, until = 0.0, spans[0][0]
    for start, end in spans:
        busy += max(0.0, end - max(start, until))
        until = max(until, end)
    whole = until - spans[0][0]
    return busy / whole if whole else 1.0


def forget_files(folder: Path) -> None:
    """Drops the folder's pages from the page cache, so that loading reads the disk."""
    for path in folder.rglob("*"):
        if path.is_file():
            forget_file(path)


def forget_file(path: Path) -> None:
    """Of clean pages only, hence the sync; without the call (macOS) nothing is cold."""
    if not hasattr(os, "posix_fadvise"):
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(descriptor)
