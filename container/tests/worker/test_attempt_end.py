"""The name of every end, whatever was raised."""

import pytest
import torch

from builders import an_attempt, an_environment
from worker import run_attempt as module
from worker.bucket import BucketError
from worker.errors import (
    GenerationFailed,
    GpuOutOfMemory,
    InvalidJob,
    JobCanceled,
    WorkerError,
    WorkerLost,
)


@pytest.mark.parametrize(
    ("error", "end"),
    [
        (JobCanceled("SIGTERM received."), JobCanceled),
        (BucketError("Could not read `a`"), InvalidJob),
        (torch.OutOfMemoryError("CUDA out of memory."), GpuOutOfMemory),
        (torch.AcceleratorError("CUDA error: an illegal memory access"), WorkerLost),
        (KeyError("euler-b"), GenerationFailed),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else type(value).__name__,
)
def test_an_attempt_ends_by_a_name_of_the_list(
    error: Exception, end: type[WorkerError], monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(_: module.Attempt) -> None:
        raise error

    monkeypatch.setattr(module, "work", work)
    found = module.end_of(an_attempt(an_environment()))
    assert type(found) is end
    assert len(str(found).splitlines()) == 1
