"""How long a model takes to load: ours beside diffusers' own `from_pretrained`, from the same disk.

For the bench, never part of a job: `python -m bench.measure_load FOLDER PIPELINE DTYPE` prints
JSON; FOLDER holds a model as save_pretrained writes it. Each takes turns from a cold page cache;
imports are not counted, and every page of the weights is touched within the time.
"""

import gc
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from bench.folder import load_plain, manifest_of
from bench.probes import forget_file
from worker.log import Log
from worker.manifest import Manifest
from worker.pipeline import Model, load_model
from worker.self_check import choose_device

TURNS = 5


def measure_load(folder: Path, manifest: Manifest, turns: int = TURNS) -> dict[str, Any]:
    """Medians in seconds, and bytes; `cold` says that the page cache was emptied of the files."""
    files = [folder / file.path for file in manifest.files]
    ours, baseline = [], []
    for _ in range(turns + 1):
        baseline.append(seconds_of(lambda: load_plain(folder, manifest), files))
        ours.append(
            seconds_of(lambda: load_model(folder, manifest, torch.get_num_threads()), files)
        )
    # The first turn of each also imports what is imported late.
    return {
        "loadSeconds": round(statistics.median(ours[1:]), 3),
        "baselineLoadSeconds": round(statistics.median(baseline[1:]), 3),
        "bytes": sum(file.bytes for file in manifest.files),
        "cold": hasattr(os, "posix_fadvise"),
        "device": choose_device(Log()).type,
    }


def seconds_of(load: Callable[[], Model], files: list[Path]) -> float:
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    for file in files:
        forget_file(file)
    start = time.perf_counter()
    model = load()
    touch(model)
    return time.perf_counter() - start


def touch(model: Model) -> None:
    if model.device.type == "cuda":
        torch.cuda.synchronize()
        return
    modules = [m for m in model.pipe.components.values() if isinstance(m, torch.nn.Module)]
    for parameter in (p for module in modules for p in module.parameters()):
        parameter.data.reshape(-1).view(torch.uint8)[::4096].sum()


if __name__ == "__main__":
    target = Path(sys.argv[1])
    print(json.dumps(measure_load(target, manifest_of(target, *sys.argv[2:4]))))
