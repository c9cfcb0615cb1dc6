import pytest
import torch

from worker.trouble import classify


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (torch.OutOfMemoryError("CUDA out of memory."), "outOfMemory"),
        (RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling"), "outOfMemory"),
        (torch.AcceleratorError("CUDA error: an illegal memory access"), "deviceLost"),
        (RuntimeError("shapes cannot be multiplied"), "other"),
        (KeyError("euler-b"), "other"),
    ],
)
def test_a_failure_is_of_memory_of_the_device_or_other(error: Exception, kind: str) -> None:
    assert classify(error).kind == kind
