"""As much of torch as the self-check asks, on numpy: a GPU of any kind, also a broken one."""

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np


class Tensor:
    def __init__(self, values: np.ndarray, multiply: Callable[[Any, Any], np.ndarray]) -> None:
        self.values, self._multiply = values, multiply
        self._on_gpu = False

    def _like(self, values: np.ndarray) -> "Tensor":
        return Tensor(values, self._multiply)

    def __mod__(self, number: int) -> "Tensor":
        return self._like(self.values % number)

    def __matmul__(self, other: "Tensor") -> "Tensor":
        times = self._multiply if self._on_gpu else np.matmul
        return self._like(times(self.values, other.values))

    def reshape(self, *shape: int) -> "Tensor":
        return self._like(self.values.reshape(shape))

    def to(self, device: str, dtype: Any) -> "Tensor":
        moved = self._like(self.values.astype(dtype))
        moved._on_gpu = device == "cuda"
        return moved

    def cpu(self) -> "Tensor":
        return self._like(self.values)

    def long(self) -> "Tensor":
        return self._like(self.values.astype(np.int64))


def refuse() -> None:
    raise RuntimeError("CUDA driver initialization failed\nsee the manual")


def a_torch(
    *,
    available: bool = True,
    capability: tuple[int, int] = (8, 9),
    architectures: Sequence[str] = ("sm_75", "sm_80", "sm_86", "sm_90", "sm_100", "sm_120"),
    multiply: Callable[[Any, Any], np.ndarray] = np.matmul,
    mps: bool = False,
) -> Any:
    return SimpleNamespace(
        float16=np.float16,
        arange=lambda count: Tensor(np.arange(count), multiply),
        equal=lambda one, other: np.array_equal(one.values, other.values),
        device=lambda name: name,
        backends=SimpleNamespace(mps=SimpleNamespace(is_available=lambda: mps)),
        cuda=SimpleNamespace(
            is_available=lambda: available,
            init=refuse,
            get_device_name=lambda: "NVIDIA L4",
            get_device_capability=lambda: capability,
            get_arch_list=lambda: list(architectures),
        ),
    )
