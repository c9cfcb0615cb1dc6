"""The model in memory. Importing this module imports torch and diffusers (seconds)."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import diffusers
import torch
import transformers
from diffusers.pipelines.stable_diffusion.pipeline_stable_diffusion import (
    StableDiffusionPipeline,
)
from diffusers.pipelines.stable_diffusion_xl.pipeline_stable_diffusion_xl import (
    StableDiffusionXLPipeline,
)

from worker.errors import GpuOutOfMemory, WeightsUnavailable, one_line
from worker.manifest import Manifest
from worker.out_of_memory import is_out_of_memory
from worker.recipe import Recipe
from worker.schedulers import SCHEDULERS
from worker.weights import distrust


@dataclass(frozen=True)
class Model:
    pipe: Any
    device: torch.device
    scheduler_config: Any
    """The model's own scheduler's."""

    @property
    def device_name(self) -> str:
        return torch.cuda.get_device_name(self.device) if self.device.type == "cuda" else "cpu"

    def make_scheduler(self, recipe: Recipe) -> Any:
        """Fresh for each batch: schedulers keep state. Raises KeyError for an unknown name."""
        choice = SCHEDULERS[recipe.scheduler]
        scheduler_class = getattr(diffusers, choice.class_name)
        return scheduler_class.from_config(self.scheduler_config, **choice.options)


def load_stable_diffusion(folder: Path, dtype: torch.dtype) -> Any:
    # use_safetensors=None would fall back to pickle. The checker would turn pictures black and
    # store them under the recipe's hash: it does not run inside the pipeline.
    return StableDiffusionPipeline.from_pretrained(
        str(folder),
        dtype=dtype,
        use_safetensors=True,
        local_files_only=True,
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def load_stable_diffusion_xl(folder: Path, dtype: torch.dtype) -> Any:
    # Its VAE overflows in half precision; the pipeline itself decodes in float32 then. The marker
    # would depend on whether some package is installed: never.
    return StableDiffusionXLPipeline.from_pretrained(
        str(folder),
        dtype=dtype,
        use_safetensors=True,
        local_files_only=True,
        add_watermarker=False,
    )


# By name, not getattr(diffusers, name): the manifest says which of these, not which code.
PIPELINES: dict[str, Callable[[Path, torch.dtype], Any]] = {
    "StableDiffusionPipeline": load_stable_diffusion,
    "StableDiffusionXLPipeline": load_stable_diffusion_xl,
}


def load_model(folder: Path, manifest: Manifest, threads: int) -> Model:
    """Raises WeightsUnavailable if the files do not load, GpuOutOfMemory if they do not fit."""
    torch.set_num_threads(threads)
    # Progress bars are for terminals; in a log each turn of one is a line.
    diffusers.utils.logging.disable_progress_bar()
    transformers.utils.logging.disable_progress_bar()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    load = PIPELINES.get(manifest.pipeline)
    if load is None:
        raise WeightsUnavailable(
            f"Expected the manifest's `pipeline` to be one of {', '.join(PIPELINES)}, "
            f"got `{manifest.pipeline}`."
        )
    # CPUs compute half precision slowly or not at all.
    dtype = getattr(torch, manifest.dtype) if device.type == "cuda" else torch.float32
    try:
        pipe = load(folder, dtype).to(device)
    except Exception as error:
        if is_out_of_memory(error):
            raise GpuOutOfMemory(f"The weights alone do not fit: {one_line(error)}") from error
        distrust(folder)
        raise WeightsUnavailable(
            f"Expected `{manifest.id}@{manifest.revision}` to load, got {one_line(error)}"
        ) from error
    pipe.set_progress_bar_config(disable=True)
    return Model(pipe, device, pipe.scheduler.config)
