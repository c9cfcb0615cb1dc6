"""Models in memory, for tests that need torch."""

import functools
from pathlib import Path

import torch

from builders import manifest_of
from random_models import SD, make_pipeline
from worker.pipeline import Model, load_model
from worker.recipe import Recipe
from worker.render import Renderer

TINY = Path(__file__).parents[3] / "models" / "tiny"


@functools.cache
def load(folder: Path, pipeline: str = SD) -> Model:
    """Shared: a test leaves it as it was."""
    return load_model(folder, manifest_of(folder, pipeline=pipeline), 1)


def fresh_model(scratch: Path, pipeline: str = SD) -> Model:
    """One that a test may change."""
    torch.set_num_threads(1)
    pipe = make_pipeline(pipeline, scratch / "tokenizer")
    for part in pipe.components.values():
        if isinstance(part, torch.nn.Module):
            part.eval()  # T5 has dropout
    return Model(pipe, torch.device("cpu"), pipe.scheduler.config)


def no_hook(done: int, of: int) -> None:
    pass


def pixels_of(renderer: Renderer, recipes: list[Recipe], batch: int) -> list[bytes]:
    pictures = renderer.render(recipes, batch, no_hook).wait()
    return [picture.tobytes() for picture in pictures if picture is not None]
