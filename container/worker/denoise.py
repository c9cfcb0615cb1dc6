"""One batch from noise to latents: diffusers' own loop, fed so that the device never waits for us.

What would make a GPU wait inside that loop, and what is done about it:
  timesteps on the device   schedulers of UNets index host tables with them, a round trip per step:
                            they stay on the host, and the denoiser gets its copy without a wait
  queueing without end      all steps would seem over at once: StepQueue stays one step ahead
  an ancestral sampler      draws its step noise on the host; its copy does wait
"""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from worker.lora import Wardrobe
from worker.noise import draw_noise, make_generator
from worker.pipeline import Model
from worker.prompts import PromptEncoder
from worker.recipe import Recipe
from worker.start_image import StartImages

OnStep = Callable[[int, int], None]
"""Called with (steps done, steps in all); may raise to abandon the batch."""


@dataclass(frozen=True)
class Extras:
    """What only some recipes need. Without them such a recipe is a ValueError."""

    starts: StartImages | None = None
    wardrobe: Wardrobe | None = None


class DenoisingLoop:
    def __init__(
        self, model: Model, extras: Extras | None = None, encoder: PromptEncoder | None = None
    ) -> None:
        """`encoder`: one that knows some of the prompts already."""
        self._model = model
        self._extras = extras or Extras()
        self.encoder = encoder or PromptEncoder(model)

    def run(self, recipes: Sequence[Recipe], on_step: OnStep) -> torch.Tensor:
        """Latents (n, channels, height / scale, width / scale) in the denoiser's dtype, scaled as
        the denoiser knows them. On a GPU the last kernels may still be queued.

        The recipes are alike (likeness.py). Raises what on_step raises.
        """
        first, pipe = recipes[0], self._model.pipe
        self._put_on(first)
        generators = [make_generator(recipe) for recipe in recipes]
        pipe.scheduler = self._model.make_scheduler(first)
        if not self._model.is_flow:
            keep_times_on_host(pipe.scheduler)
        # Outside of the inference mode: what they make is kept for later batches.
        embeddings = self.encoder.encode(
            [recipe.prompt for recipe in recipes], [recipe.negative_prompt for recipe in recipes]
        )
        call, beginning = self._begin(recipes, generators)
        with torch.inference_mode():
            latents = call(
                **embeddings,
                **beginning,
                generator=generators,
                num_inference_steps=first.steps,
                guidance_scale=first.guidance,
                output_type="latent",
                callback_on_step_end=report_steps(on_step, self._model.device),
            ).images
            return unpack(pipe, latents, first)

    def _begin(
        self, recipes: Sequence[Recipe], generators: Sequence[torch.Generator]
    ) -> tuple[Any, dict[str, Any]]:
        """The pipeline to call, and what it begins with: noise, or pictures and their own noise."""
        first = recipes[0]
        if first.start is None:
            latents = self._draw_all(recipes, generators)
            size = {"width": first.width, "height": first.height}
            return self._model.pipe, {"latents": latents, **size}
        starts = self._extras.starts
        if starts is None:
            raise ValueError("Expected no start image: this renderer was given no way to read one.")
        arguments = starts.arguments(recipes)
        return starts.pipe(), arguments

    def _put_on(self, recipe: Recipe) -> None:
        if self._extras.wardrobe is None:
            if recipe.loras:
                raise ValueError("Expected no LoRAs: this renderer was given no way to read them.")
        elif self._extras.wardrobe.put_on(recipe.loras):
            # They may be LoRAs of the text encoders, too.
            self.encoder.forget()

    def _draw_all(
        self, recipes: Sequence[Recipe], generators: Sequence[torch.Generator]
    ) -> torch.Tensor:
        pipe, denoiser = self._model.pipe, self._model.denoiser
        channels = denoiser.config.in_channels // (4 if is_packed(pipe) else 1)
        noise = torch.cat(
            [
                draw_noise(recipe, generator, channels=channels, scale=pipe.vae_scale_factor)
                for recipe, generator in zip(recipes, generators, strict=True)
            ]
        )
        return to_device(pack(pipe, noise), self._model.device).to(denoiser.dtype)


def is_packed(pipe: Any) -> bool:
    """FLUX takes squares of 2 x 2 latents as one token of four times the channels."""
    return hasattr(pipe, "_pack_latents")


def pack(pipe: Any, noise: torch.Tensor) -> torch.Tensor:
    return pipe._pack_latents(noise, *noise.shape) if is_packed(pipe) else noise


def unpack(pipe: Any, latents: torch.Tensor, recipe: Recipe) -> torch.Tensor:
    if not is_packed(pipe):
        return latents
    return pipe._unpack_latents(latents, recipe.height, recipe.width, pipe.vae_scale_factor)


def to_device(tensor: torch.Tensor, device: torch.device) -> torch.Tensor:
    """Queued like any other work: a plain copy waits for everything that was queued before it."""
    if device.type == "cuda":
        tensor = tensor.pin_memory()
    return tensor.to(device, non_blocking=True)


def keep_times_on_host(scheduler: Any) -> None:
    """Whatever device the pipeline asks for. The numbers are the same ones."""
    set_timesteps = scheduler.set_timesteps

    @functools.wraps(set_timesteps)
    def on_host(*args: Any, **kwargs: Any) -> Any:
        return set_timesteps(*args, **{**kwargs, "device": "cpu"})

    scheduler.set_timesteps = on_host


def report_steps(on_step: OnStep, device: torch.device) -> Callable[..., dict[str, Any]]:
    queue = StepQueue(device)

    def report(pipe: Any, step: int, _timestep: Any, tensors: dict[str, Any]) -> dict[str, Any]:
        queue.wait_for_last_but_one()
        on_step(step + 1, pipe.num_timesteps)
        return tensors

    return report


class StepQueue:
    """Keeps the CPU at most one step ahead of the GPU.

    The pipeline calls back when a step's work is queued, not done: without waiting, all steps would
    seem over at once and no notice could be obeyed. Waiting for the last but one keeps the GPU fed.
    """

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._previous: torch.cuda.Event | None = None

    def wait_for_last_but_one(self) -> None:
        if self._device.type != "cuda":
            return
        event = torch.cuda.Event(blocking=True)  # waiting must not take a core from the PNGs
        event.record()
        if self._previous is not None:
            self._previous.synchronize()
        self._previous = event
