"""How the model is made fast: memory layout, fused projections, torch.compile; and where it is not.

Attention is torch's SDPA already (diffusers' default for all these models). Everything here is
lossless up to rounding; the name of the mode is recorded, because the last bits depend on it.

Gotchas
  CPU            nothing: both layouts made the tiny model slower (docs/performance.md)
  LoRAs          a fused projection ignores a LoRA on one of its parts, and a LoRA recompiles: plain
  capability     Inductor takes 7.x, Triton does not support it and may end the process: >= 8.0
  shapes         dynamic=False: a compute batch is fixed, so there is one graph per size; sizes with
                 too few pictures to pay for theirs run without (the stance)
  CUDA graphs    the output lies in the graph's own memory until the next replay: it is copied,
                 since some schedulers keep it; the graphs' pools go with torch.compiler.reset()
"""

import contextlib
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import torch

from worker.compute_batch import Size, size_of
from worker.log import Log
from worker.pipeline import Model
from worker.recipe import Recipe

Choice = Literal["auto", "always", "never"]

# Assumed, not measured: 60 to 90 s of compiling on four vCPUs, repaid by 15 % of 1.5 s per picture.
# What the ledger learns replaces it (learned.py).
BREAK_EVEN_IMAGES = 400
LEAST_CAPABILITY = (8, 0)
# diffusers names them for FLUX; SD 3.5 names none.
REPEATED_BLOCKS = {"SD3Transformer2DModel": ["JointTransformerBlock"]}

# diffusers' fused processor of SD 3 expects text in every attention; the second one of SD 3.5
# medium's dual layers has none (0.42.1: AttributeError).
NOT_FUSABLE = frozenset({"SD3Transformer2DModel"})


@dataclass(frozen=True)
class Mode:
    channels_last: bool = False
    fused_qkv: bool = False
    compiled: Literal["none", "whole", "blocks"] = "none"
    cuda_graphs: bool = False

    @property
    def name(self) -> str:
        """Recorded: pictures of the same mode have the same bits."""
        parts = {
            "channels-last": self.channels_last,
            "fused-qkv": self.fused_qkv,
            f"compiled-{self.compiled}": self.compiled != "none",
            "cuda-graphs": self.cuda_graphs,
        }
        return "+".join(name for name, is_on in parts.items() if is_on) or "plain"


@dataclass(frozen=True)
class Circumstances:
    device: str
    """`cuda`, `cpu`, `mps`"""
    capability: tuple[int, int]
    denoiser: str
    """Its class."""
    has_loras: bool
    has_compiler: bool
    """A C compiler: Triton builds a stub when it is first used."""


def find_circumstances(model: Model, recipes: Iterable[Recipe]) -> Circumstances:
    device = model.device.type
    return Circumstances(
        device=device,
        capability=torch.cuda.get_device_capability(model.device) if device == "cuda" else (0, 0),
        denoiser=type(model.denoiser).__name__,
        has_loras=any(recipe.loras for recipe in recipes),
        has_compiler=any(shutil.which(name) for name in (os.environ.get("CC", "cc"), "gcc")),
    )


def choose_mode(around: Circumstances, choice: Choice, *, pays: bool) -> Mode:
    """`pays`: some size has enough pictures for a compilation."""
    is_cuda, is_unet = around.device == "cuda", around.denoiser.startswith("UNet")
    is_plain = around.has_loras or not (is_cuda or choice == "always")
    if is_plain:
        return Mode(channels_last=is_cuda and is_unet)
    can_compile = around.has_compiler and (not is_cuda or around.capability >= LEAST_CAPABILITY)
    compiles = can_compile and choice != "never" and (pays or choice == "always")
    how: Literal["whole", "blocks"] = "whole" if is_unet else "blocks"
    return Mode(
        channels_last=is_unet,
        fused_qkv=is_cuda,
        compiled=how if compiles else "none",
        # Replaying pays where launching is what takes the time: a UNet has hundreds of kernels.
        cuda_graphs=compiles and is_cuda and is_unet,
    )


def sizes_that_pay(recipes: Iterable[Recipe], learned: Mapping[str, int]) -> frozenset[Size]:
    """The sizes with enough pictures; each is a compilation of its own.

    `learned`: how many are enough, by `<width>x<height>`, where it was measured.
    """
    counts = Counter(size_of(recipe) for recipe in recipes)
    return frozenset(
        size for size, count in counts.items() if count >= learned.get(str(size), BREAK_EVEN_IMAGES)
    )


class Compilation:
    """The mode of the loaded model, and which sizes run compiled."""

    def __init__(
        self, mode: Mode | None = None, sizes: frozenset[Size] | None = None, log: Log | None = None
    ) -> None:
        """`sizes`: those that run compiled; None for all."""
        self.mode = mode or Mode()
        self._sizes = sizes
        self._log = log

    def is_compiled(self, size: Size) -> bool:
        return self.mode.compiled != "none" and (self._sizes is None or size in self._sizes)

    def mode_of(self, size: Size) -> Mode:
        """What the pictures of the size are made with."""
        if self.is_compiled(size):
            return self.mode
        return replace(self.mode, compiled="none", cuda_graphs=False)

    def stance(self, size: Size) -> Any:
        """A context in which the denoiser runs compiled, or as it is."""
        if self.mode.compiled == "none" or self.is_compiled(size):
            return contextlib.nullcontext()
        return torch.compiler.set_stance("force_eager")

    def give_up(self, reason: str) -> None:
        """The compiler failed: what it should have made faster still works without."""
        self._sizes = frozenset()
        if self._log:
            self._log.warn(f"Not compiled: {reason}", phase="render")


def apply_mode(model: Model, mode: Mode, backend: Any = "inductor") -> None:
    """Changes the model in place; once per model. `backend`: torch.compile's."""
    pipe, denoiser = model.pipe, model.denoiser
    if mode.channels_last:
        denoiser.to(memory_format=torch.channels_last)
        pipe.vae.to(memory_format=torch.channels_last)
    if mode.fused_qkv:
        pipe.vae.fuse_qkv_projections()
        if type(denoiser).__name__ not in NOT_FUSABLE:
            denoiser.fuse_qkv_projections()
    if mode.compiled == "blocks":
        blocks = REPEATED_BLOCKS.get(type(denoiser).__name__)
        if blocks:
            denoiser._repeated_blocks = blocks
        denoiser.compile_repeated_blocks(fullgraph=True, dynamic=False, backend=backend)
    if not model.is_flow:
        forward = denoiser.forward
        if mode.compiled == "whole":
            forward = compile_whole(forward, mode, backend)
        denoiser.forward = UnetCall(forward, mode)


def compile_whole(forward: Callable[..., Any], mode: Mode, backend: Any) -> Callable[..., Any]:
    options: dict[str, Any] = {"mode": "reduce-overhead"} if mode.cuda_graphs else {}
    return torch.compile(forward, fullgraph=True, dynamic=False, backend=backend, **options)


class UnetCall:
    """What stands between the pipeline's loop and the (compiled) UNet."""

    def __init__(self, forward: Callable[..., Any], mode: Mode) -> None:
        self._forward = forward
        self._mode = mode

    def __call__(self, sample: torch.Tensor, timestep: torch.Tensor, *args: Any, **kw: Any) -> Any:
        # The loop keeps the time on the host (denoise.py). A plain copy would wait for the device,
        # and a host tensor inside the graph would rule out CUDA graphs. In float32, which the UNet
        # makes of it anyway: the schedulers' int64 and float32 would compile twice.
        timestep = timestep.to(sample.device, torch.float32, non_blocking=True)
        if self._mode.channels_last:
            # The first step's latents come in another order of strides: that would compile twice.
            sample = sample.contiguous(memory_format=torch.channels_last)
        if not self._mode.cuda_graphs:
            return self._forward(sample, timestep, *args, **kw)
        torch.compiler.cudagraph_mark_step_begin()
        return tuple(output.clone() for output in self._forward(sample, timestep, *args, **kw))
