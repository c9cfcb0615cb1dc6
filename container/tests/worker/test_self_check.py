import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import faults
from builders import an_environment, images
from fake_torch import a_torch
from place import Place
from worker import self_check
from worker.errors import WorkerNeverStarted
from worker.log import Log
from worker.self_check import Gpu, find_architecture_problem, find_version
from worker.settings import read_settings

WHEEL = ("sm_75", "sm_80", "sm_86", "sm_90", "sm_100", "sm_120")
OPEN = "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.95.05  Release Build  (x)\n"
CLOSED = "NVRM version: NVIDIA UNIX x86_64 Kernel Module  570.86.15  Thu Jan 23\nGCC version: 12"


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def make(torch: Any, driver: str = "580.95.05") -> None:
        monkeypatch.setitem(sys.modules, "torch", torch)
        monkeypatch.setattr(self_check, "read_driver", lambda: driver)

    return make


@pytest.mark.parametrize(
    ("text", "version"), [(OPEN, "580.95.05"), (CLOSED, "570.86.15"), ("580.178\n", "580.178")]
)
def test_reads_the_driver_from_the_kernels_words(text: str, version: str) -> None:
    assert find_version(text) == version


def test_asks_nvidia_smi_where_the_kernel_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(self_check, "KERNEL_MODULE", tmp_path / "none")
    monkeypatch.setattr(self_check, "ASK_DRIVER", ("echo", "590.11.02"))
    assert self_check.read_driver() == "590.11.02"
    monkeypatch.setattr(self_check, "ASK_DRIVER", ("no-such-program",))
    assert self_check.read_driver() == ""


@pytest.mark.parametrize("driver", ["", "550.163.01", "579.99"])
def test_refuses_a_driver_too_old_without_asking_torch(
    machine: Callable[..., None], driver: str
) -> None:
    machine(None, driver)  # importing it would raise
    with pytest.raises(WorkerNeverStarted, match=rf">= `580`, got `{driver or 'none'}`. To fix: "):
        self_check.require_gpu(Log())


@pytest.mark.parametrize("capability", [(7, 5), (8, 0), (8, 6), (8, 9), (9, 0), (10, 0), (12, 0)])
def test_takes_every_gpu_that_the_wheel_has_code_for(capability: tuple[int, int]) -> None:
    assert find_architecture_problem(Gpu("GPU", capability, WHEEL)) == ""


@pytest.mark.parametrize(
    ("capability", "architectures"),
    [
        ((7, 0), WHEEL),  # V100: CUDA 13 dropped it
        ((11, 0), WHEEL),
        ((9, 0), ["sm_86", "compute_86"]),
        ((8, 0), ["sm_86"]),
        ((9, 1), ["sm_90a"]),
    ],
)
def test_refuses_a_gpu_without_code(capability: tuple[int, int], architectures: list[str]) -> None:
    problem = find_architecture_problem(Gpu("Tesla", capability, architectures))
    assert f"got Tesla (sm_{capability[0]}{capability[1]}). To fix: " in problem


def test_takes_code_for_exactly_this_gpu() -> None:
    assert find_architecture_problem(Gpu("H100", (9, 0), ["sm_90a"])) == ""


def test_takes_a_gpu_that_multiplies_right(machine: Callable[..., None]) -> None:
    machine(a_torch())
    assert self_check.require_gpu(Log()) == "580.95.05"


def slightly_wrong(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    product = left @ right
    product[3, 4] += 1
    return product


def illegal(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    raise RuntimeError("CUDA error: an illegal instruction\nwas encountered")


@pytest.mark.parametrize(
    ("torch", "words"),
    [
        (a_torch(available=False), "is_available.*RuntimeError: CUDA driver initialization failed"),
        (a_torch(capability=(7, 0)), "sm_70"),
        (a_torch(multiply=slightly_wrong), "other numbers than the CPU"),
        (a_torch(multiply=illegal), "RuntimeError: CUDA error: an illegal instruction was"),
    ],
)
def test_refuses_a_gpu_that_does_not_compute_in_one_line(
    machine: Callable[..., None], torch: Any, words: str
) -> None:
    machine(torch)
    with pytest.raises(WorkerNeverStarted, match=words) as caught:
        self_check.require_gpu(Log())
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("torch", "device"),
    [
        (a_torch(), "cuda"),
        (a_torch(available=False, mps=True), "mps"),
        (a_torch(available=False), "cpu"),
        (a_torch(capability=(6, 1)), "cpu"),
    ],
)
def test_a_laptop_takes_the_best_that_works(
    machine: Callable[..., None], torch: Any, device: str
) -> None:
    machine(torch)
    assert self_check.choose_device(Log()) == device


@pytest.mark.parametrize(
    ("pool", "endpoint", "expects"),
    [
        ("use1-az4/g6.xlarge/spot", "", True),
        ("use1-az4/p5.4xlarge/on-demand", "", True),
        ("use1-az4/g6.xlarge/spot", "http://127.0.0.1:4510", False),
        ("use1-az4/c7i.xlarge/spot", "", False),
        ("local", "", False),
    ],
)
def test_a_gpu_is_expected_where_the_pool_has_one_on_aws(
    pool: str, endpoint: str, expects: bool
) -> None:
    environment = an_environment(POOL=pool, AWS_ENDPOINT_URL=endpoint)
    assert read_settings(environment).expects_gpu is expects


def test_an_attempt_without_its_gpu_ends_with_86_before_a_byte_is_fetched(place: Place) -> None:
    place.put_shard(images(1))
    on_aws = {"AWS_ENDPOINT_URL": "", "AWS_ENDPOINT_URL_S3": place.environment["AWS_ENDPOINT_URL"]}
    worker = place.start(faults.without_driver, **on_aws)
    assert worker.wait() == 86, worker.output()
    record = place.record()
    assert (record["outcome"], record["phases"]["loadSeconds"]) == ("WorkerNeverStarted", 0)
    assert record["message"].startswith("Expected an NVIDIA driver >= `580`, got `none`.")


@pytest.mark.skipif(not shutil.which("nvidia-smi"), reason="needs an NVIDIA GPU")
def test_this_machines_gpu_passes() -> None:
    code = "from worker.self_check import require_gpu; from worker.log import Log; "
    command = [sys.executable, "-c", f"{code}require_gpu(Log())"]
    subprocess.run(command, cwd=Path(__file__).parents[2], check=True, timeout=120)
