"""Telling "does not fit" from other failures, and making room again."""

import gc

import torch

# cuBLAS and cuDNN report a failed allocation as a plain RuntimeError.
ALLOCATION_MARKS = ("CUBLAS_STATUS_ALLOC_FAILED", "CUDNN_STATUS_ALLOC_FAILED")


def is_out_of_memory(error: BaseException) -> bool:
    if isinstance(error, torch.OutOfMemoryError):
        return True
    return isinstance(error, RuntimeError) and any(mark in str(error) for mark in ALLOCATION_MARKS)


def is_device_lost(error: BaseException) -> bool:
    """After such an error every later call on the device fails: only a new process helps."""
    return isinstance(error, torch.AcceleratorError)


def free_memory() -> None:
    """Call it outside of the except block: the traceback holds the tensors."""
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
