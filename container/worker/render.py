"""One batch through the pipeline.

The compute batch has a fixed size: on a CPU (and in cuBLAS) the bits of a picture depend on the
number of pictures computed together, but at a fixed number not on which they are or in what order.
So a short batch is padded by repetition, and each distinct prompt is encoded alone.
Source: shared/notes/worker.md, section 6 (measured).
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch

from worker.noise import draw_noise, make_generator
from worker.pipeline import Model
from worker.prompts import PromptEncoder
from worker.recipe import Recipe

OnStep = Callable[[int, int], None]
"""Called with (steps done, steps in all); may raise to abandon the batch."""


class Renderer:
    def __init__(self, model: Model) -> None:
        self._model = model
        self._encoder = PromptEncoder(model)

    def render(
        self, recipes: Sequence[Recipe], compute_batch: int, on_step: OnStep
    ) -> list[np.ndarray]:
        """Pictures (height, width, 3) uint8 RGB, one per recipe, all computed together.

        The recipes (at most compute_batch) share size, steps, guidance and scheduler.
        Raises what on_step raises, ArithmeticError for NaN, and whatever torch raises.
        """
        padded = [*recipes, *[recipes[-1]] * (compute_batch - len(recipes))]
        first, pipe = padded[0], self._model.pipe
        generators = [make_generator(recipe) for recipe in padded]
        pipe.scheduler = self._model.make_scheduler(first)
        pictures = pipe(
            **self._encoder.encode(
                [recipe.prompt for recipe in padded], [recipe.negative_prompt for recipe in padded]
            ),
            latents=self._draw_all(padded, generators),
            generator=generators,
            width=first.width,
            height=first.height,
            num_inference_steps=first.steps,
            guidance_scale=first.guidance,
            output_type="np",
            callback_on_step_end=self._report_steps(on_step),
        ).images
        return [to_rgb(picture) for picture in pictures[: len(recipes)]]

    def _draw_all(
        self, recipes: Sequence[Recipe], generators: Sequence[torch.Generator]
    ) -> torch.Tensor:
        pipe = self._model.pipe
        shape = {"channels": pipe.unet.config.in_channels, "scale": pipe.vae_scale_factor}
        noise = [
            draw_noise(recipe, generator, **shape)
            for recipe, generator in zip(recipes, generators, strict=True)
        ]
        return torch.cat(noise).to(self._model.device, pipe.unet.dtype)

    def _report_steps(self, on_step: OnStep) -> Callable[..., dict[str, Any]]:
        queue = StepQueue(self._model.device)

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
        event = torch.cuda.Event()
        event.record()
        if self._previous is not None:
            self._previous.synchronize()
        self._previous = event


def to_rgb(picture: np.ndarray) -> np.ndarray:
    """(height, width, 3) float32 in [0, 1] to uint8, rounded as diffusers does for PIL.

    Raises ArithmeticError for a picture with NaN, which a cast would silently turn black.
    """
    if not np.isfinite(picture).all():
        raise ArithmeticError("the picture holds values that are no numbers (NaN)")
    return (picture * 255).round().astype(np.uint8)
