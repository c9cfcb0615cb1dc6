"""A folder of weights in diffusers' layout, as either side loads it."""

from pathlib import Path

import torch

from worker.kinds import KINDS
from worker.log import Log
from worker.manifest import Manifest, ModelFile
from worker.pipeline import Model
from worker.self_check import choose_device


def manifest_of(folder: Path, pipeline: str, dtype: str) -> Manifest:
    """Of files whose bytes nobody has to check: the folder was written a moment ago, or is the
    repository's."""
    files = tuple(
        ModelFile(path.relative_to(folder).as_posix(), path.stat().st_size, "")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    )
    return Manifest("measured", "here", pipeline, dtype, files)


def load_plain(folder: Path, manifest: Manifest) -> Model:
    """By diffusers' own `from_pretrained`, onto the worker's device and in its dtype."""
    kind, device = KINDS[manifest.pipeline], choose_device(Log())
    dtype = torch.float32 if device.type == "cpu" else getattr(torch, manifest.dtype)
    pipe = kind.pipeline.from_pretrained(
        str(folder), dtype=dtype, use_safetensors=True, local_files_only=True, **kind.options
    ).to(device)
    pipe.set_progress_bar_config(disable=True)
    return Model(pipe, device, pipe.scheduler.config)
