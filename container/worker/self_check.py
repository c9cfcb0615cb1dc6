"""Can this image compute on this machine's GPU? Asked before gigabytes of weights are fetched.

A host whose driver is too old or whose GPU fell off the bus does not say so: `is_available()` is
False and everything would run on its four CPU cores, a hundred times slower, at the GPU's price.
Where a pool promises a GPU that is WorkerNeverStarted, and the shard goes to another pool; on a
laptop it is the CPU.
Unmeasured: no GPU was at hand when this was written; the rules stand in tests with made-up GPUs.
"""

import re
import subprocess
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from worker.errors import WorkerNeverStarted, one_line
from worker.log import Log

# CUDA 13.x runs on any driver from 580 on (minor-version compatibility); the wheel is CUDA 13.2.
OLDEST_DRIVER = 580
KERNEL_MODULE = Path("/proc/driver/nvidia/version")
ASK_DRIVER = ("nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader")
SIDE = 64


@dataclass(frozen=True)
class Gpu:
    name: str
    capability: tuple[int, int]
    architectures: Sequence[str]
    """What the wheel has code for: `sm_75`, `sm_90a`, `compute_120`, …"""


def require_gpu(log: Log) -> str:
    """The driver's version, if all is well. Raises WorkerNeverStarted with one clear line."""
    driver = read_driver()
    problem = find_driver_problem(driver)
    if problem:
        raise WorkerNeverStarted(problem)
    import torch  # only now: it takes seconds, and an old driver is known without it

    problem = find_cuda_problem(torch)
    if problem:
        raise WorkerNeverStarted(f"{problem} Driver {driver}.")
    log.info(f"{torch.cuda.get_device_name()} passed the self-check", phase="start", driver=driver)
    return driver


def choose_device(log: Log) -> Any:
    """The best torch.device that works here: CUDA, else MPS, else the CPU."""
    import torch

    if torch.cuda.is_available():
        problem = find_cuda_problem(torch)
        if not problem:
            return torch.device("cuda")
        log.warn(f"The GPU is left aside: {problem}", phase="load")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def read_driver() -> str:
    """`580.95.05`, or an empty text without a driver of NVIDIA's."""
    try:
        return find_version(KERNEL_MODULE.read_text())
    except OSError:
        pass
    try:
        answer = subprocess.run(ASK_DRIVER, capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return find_version(answer.stdout)


def find_version(text: str) -> str:
    """`NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.95.05  Release Build …`"""
    found = re.search(r"\b\d{3,4}\.\d+(\.\d+)?\b", text)
    return found[0] if found else ""


def find_driver_problem(driver: str) -> str:
    if driver and int(driver.split(".")[0]) >= OLDEST_DRIVER:
        return ""
    return (
        f"Expected an NVIDIA driver >= `{OLDEST_DRIVER}`, got `{driver or 'none'}`. "
        "To fix: use the AMI family ECS_AL2023_NVIDIA."
    )


def find_cuda_problem(torch: Any) -> str:
    """Asks the device itself; an empty text if it computes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the same problem as text, on another line
        if not torch.cuda.is_available():
            return f"Expected `torch.cuda.is_available()`, got False{reason_of(torch)}."
        gpu = Gpu(
            torch.cuda.get_device_name(),
            torch.cuda.get_device_capability(),
            torch.cuda.get_arch_list(),
        )
        return find_architecture_problem(gpu) or find_matmul_problem(torch, gpu.name)


def reason_of(torch: Any) -> str:
    try:
        torch.cuda.init()
    except Exception as error:  # what CUDA says differs by its version
        return f" ({one_line(error)})"
    return ""


def find_architecture_problem(gpu: Gpu) -> str:
    """Code for sm_86 runs on 8.6 and 8.9, never on 9.0; that for `sm_90a` on 9.0 only.

    `compute_*` is left out: PTX made by CUDA 13.2 may not be compiled by a driver of 13.0.
    """
    major, minor = gpu.capability
    for name in gpu.architectures:
        match = re.fullmatch(r"sm_(\d+)(\d)([af]?)", name)
        if not match or int(match[1]) != major:
            continue
        if int(match[2]) == minor or (int(match[2]) < minor and match[3] != "a"):
            return ""
    return (
        f"Expected a GPU of {', '.join(gpu.architectures)}, got {gpu.name} (sm_{major}{minor}). "
        "To fix: leave its instance type out of `spot-diffusion:instanceTypes`."
    )


def find_matmul_problem(torch: Any, name: str) -> str:
    """Small integers: products and sums below 2048 are exact in half precision, on any unit."""
    try:
        left = (torch.arange(SIDE * SIDE) % 5).reshape(SIDE, SIDE)
        right = (torch.arange(SIDE * SIDE) % 3).reshape(SIDE, SIDE)
        found = (left.to("cuda", torch.float16) @ right.to("cuda", torch.float16)).cpu()
    except Exception as error:  # any: CUDA's errors are RuntimeErrors of many kinds
        return f"Expected {name} to multiply two matrices, got {one_line(error)}."
    if torch.equal(found.long(), left.long() @ right.long()):
        return ""
    return f"Expected {name} to multiply two matrices right, got other numbers than the CPU."
