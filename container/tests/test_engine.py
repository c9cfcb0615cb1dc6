"""The engine on models of random weights: batches, decoding, compiling; and its bench."""

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import bench_checks
import compile_checks
import delivery_checks
import engine_checks
import pytest
from place import PROCESSES
from random_xl_model import make_random_xl_model

Check = Callable[[Path], None]
CHECKS: list[Check] = [
    *engine_checks.CHECKS,
    *compile_checks.CHECKS,
    *delivery_checks.CHECKS,
    *bench_checks.CHECKS,
]


@pytest.fixture(scope="module")
def child(fork_server: None) -> Iterator[Any]:
    """Runs a function where torch is imported already."""
    with ProcessPoolExecutor(1, mp_context=PROCESSES) as pool:
        yield lambda work, *arguments: pool.submit(work, *arguments).result(60)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_engine(child: Any, tmp_path: Path, check: Check) -> None:
    child(check, tmp_path)


def test_only_the_vae_of_xl_leaves_half_precision(child: Any, tmp_path: Path) -> None:
    child(make_random_xl_model, tmp_path / "model", tmp_path / "xl")
    child(engine_checks.only_the_vae_of_xl_leaves_half_precision, tmp_path, tmp_path / "model")
