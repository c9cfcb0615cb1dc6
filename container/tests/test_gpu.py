"""What only a CUDA device can show. Not run yet: no GPU was at hand."""

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import gpu_checks
import pytest
from place import PROCESSES

pytestmark = pytest.mark.skipif(
    not Path("/dev/nvidiactl").exists(), reason="needs an NVIDIA GPU, this machine has none"
)


@pytest.fixture(scope="module")
def child(fork_server: None) -> Iterator[Any]:
    with ProcessPoolExecutor(1, mp_context=PROCESSES) as pool:
        yield lambda work, *arguments: pool.submit(work, *arguments).result(300)


@pytest.mark.parametrize("check", gpu_checks.CHECKS, ids=lambda check: check.__name__)
def test_on_a_gpu(child: Any, tmp_path: Path, check: Callable[[Path], None]) -> None:
    child(check, tmp_path)
