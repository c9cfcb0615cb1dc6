"""What a failure means: too little memory, a lost device, or anything else.

Needs no torch: an error of torch's can only come from one that is imported already.
"""

import sys
from typing import Literal, NamedTuple

from worker.errors import one_line

# cuBLAS and cuDNN report a failed allocation as a plain RuntimeError.
ALLOCATION_MARKS = ("CUBLAS_STATUS_ALLOC_FAILED", "CUDNN_STATUS_ALLOC_FAILED")


class Trouble(NamedTuple):
    """A failure without its exception, whose traceback would keep the batch's tensors alive."""

    kind: Literal["deviceLost", "outOfMemory", "other"]
    text: str


def classify(error: BaseException) -> Trouble:
    if is_out_of_memory(error):
        return Trouble("outOfMemory", one_line(error))
    if is_of_torch(error, "AcceleratorError"):
        # Sticky: every later call on the device fails too, only a new process helps.
        return Trouble("deviceLost", one_line(error))
    return Trouble("other", one_line(error))


def is_out_of_memory(error: BaseException) -> bool:
    if is_of_torch(error, "OutOfMemoryError"):
        return True
    return isinstance(error, RuntimeError) and any(mark in str(error) for mark in ALLOCATION_MARKS)


def is_of_torch(error: BaseException, name: str) -> bool:
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(error, getattr(torch, name))
