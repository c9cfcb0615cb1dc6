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
    return isinstance(error, torch.AcceleratorError) and not is_out_of_memory(error)


def free_memory(*, drop_graphs: bool = False) -> None:
    """Call it outside of the except block: the traceback holds the tensors.

    `drop_graphs`: gives back the private pools of CUDA graphs too, and with them what is compiled;
    another compute batch would be compiled anew anyway.
    """
    gc.collect()
    if drop_graphs:
        torch.compiler.reset()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
