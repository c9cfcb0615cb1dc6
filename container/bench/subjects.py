"""What is measured: plain diffusers, and the worker's engine with its delivery."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch

from worker.compute_batch import Layout, Layouts, size_of
from worker.delivery import Delivery
from worker.engine import Engine
from worker.finish import Finisher
from worker.log import Log
from worker.pipeline import Model
from worker.recipe import Recipe
from worker.safety import Safety
from worker.shard import Image
from worker.stop import Stop
from worker.upload import Uploader


class SilentLog(Log):
    def _write(self, level: str, message: str, fields: dict[str, Any]) -> None:
        pass


class MemoryBucket:
    """Takes pictures in no time: what is measured is the device and what holds it up here."""

    def __init__(self) -> None:
        self.first_at: float | None = None

    def put_once(self, key: str, body: bytes, content_type: str) -> bool:
        self.first_at = self.first_at or time.perf_counter()
        return True


class Plain:
    """What a person writes: a pipeline in the same dtype with the same scheduler, called with lists
    of prompts. torch's SDPA is diffusers' default. It ends at PIL pictures, without PNG or upload:
    the worker's time holds both."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def render(self, recipes: Sequence[Recipe], batch: int) -> float:
        """Seconds."""
        start = time.perf_counter()
        for index in range(0, len(recipes), batch):
            self._call(recipes[index : index + batch])
        return time.perf_counter() - start

    def _call(self, recipes: Sequence[Recipe]) -> None:
        first = recipes[0]
        self._model.pipe.scheduler = self._model.make_scheduler(first)
        self._model.pipe(
            prompt=[recipe.prompt for recipe in recipes],
            generator=[torch.Generator("cpu").manual_seed(recipe.seed) for recipe in recipes],
            width=first.width,
            height=first.height,
            num_inference_steps=first.steps,
            guidance_scale=first.guidance,
        )


@dataclass(frozen=True)
class Run:
    seconds: float
    first_image_seconds: float
    warm_up_seconds: float


class Ours:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def batch_of(self, recipe: Recipe) -> int:
        return self._engine.layouts.of(recipe).compute_batch

    def render(self, recipes: Sequence[Recipe], batch: int) -> Run:
        """To the last picture in the (memory) bucket."""
        start = time.perf_counter()
        bucket: Any = MemoryBucket()
        log = SilentLog()
        uploader = Uploader(bucket, log)
        delivery = Delivery(
            self._engine.renderer,
            Finisher(Safety(None).settle, uploader, log),
            Layouts(lambda recipe: self._layout(recipe, batch)),
            Stop(),
            log,
        )
        delivery.deliver([Image(recipe.hash(), recipe) for recipe in recipes])
        uploads = uploader.drain()
        if delivery.failed or len(uploads) != len(recipes):
            raise RuntimeError(f"Expected {len(recipes)} pictures, got {delivery.failed}")
        end, first = time.perf_counter(), bucket.first_at
        return Run(end - start, (first or end) - start, delivery.warm_up.seconds)

    def _layout(self, recipe: Recipe, batch: int) -> Layout:
        found = self._engine.layouts.of(recipe)
        at_once = batch if found.decode_batch == found.compute_batch else found.decode_batch
        self._engine.renderer.decode_batches[size_of(recipe)] = min(at_once, batch)
        return Layout(batch, min(at_once, batch))


def some_recipes(like: Recipe, count: int, begin: int) -> list[Recipe]:
    """Each with a prompt of its own: what is remembered of an earlier prompt helps nobody."""
    names = [f"{like.prompt} {number}" for number in range(begin, begin + count)]
    return [replace(like, prompt=name, seed=begin + index) for index, name in enumerate(names)]
