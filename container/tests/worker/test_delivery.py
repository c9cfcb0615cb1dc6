"""What happens to batches, with a renderer that takes no time."""

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import torch

from builders import recipe_of
from worker.compilation import Mode
from worker.compute_batch import Layout, Layouts, Size
from worker.delivery import Delivery
from worker.errors import SpotInterrupted
from worker.finish import Finisher
from worker.log import Log
from worker.recipe import Recipe
from worker.safety import Safety, Verdict
from worker.shard import Image
from worker.stop import Stop


def images_of(count: int, **overrides: Any) -> list[Image]:
    recipes = [recipe_of(**{"seed": n, **overrides}) for n in range(count)]
    return [Image(recipe.hash(), recipe) for recipe in recipes]


class Ready:
    """Pictures of one colour each, the recipe's seed."""

    def __init__(self, recipes: Sequence[Recipe]) -> None:
        self._recipes = recipes

    def wait(self) -> list[np.ndarray | None]:
        return [
            None if recipe.steps == 13 else np.full((8, 8, 3), recipe.seed % 251, np.uint8)
            for recipe in self._recipes
        ]


class FakeRenderer:
    """Renders in no time; remembers what it was asked for."""

    def __init__(self, fails_above: int = 99) -> None:
        self.batches: list[tuple[list[int], int]] = []
        self.mode = Mode()
        self.fails_above = fails_above

    def mode_of(self, size: Size) -> Mode:
        return self.mode

    def text_length(self, recipe: Recipe) -> int:
        return 0

    def render(self, recipes: Sequence[Recipe], size: int, on_step: Any) -> Ready:
        self.batches.append(([recipe.seed for recipe in recipes], size))
        if size > self.fails_above:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        for done in (1, 2, 3, 4):
            on_step(done, 4)
        return Ready(recipes)


class FakeUploader:
    def __init__(self) -> None:
        self.pictures: list[Any] = []
        self.is_open = threading.Event()
        self.is_open.set()

    def submit(self, picture: Any) -> None:
        self.is_open.wait(20)
        self.pictures.append(picture)


def delivery_of(renderer: Any, uploader: Any, stop: Stop | None = None, check: Any = None) -> Any:
    safety = Safety(check)
    finisher = Finisher(safety.settle, uploader, Log())
    layouts = Layouts(lambda recipe: Layout(4, 4))
    finished: list[int] = []
    rendered: list[Size] = []
    delivery: Any = Delivery(
        renderer,
        finisher,
        layouts,
        stop or Stop(),
        Log(),
        on_rendered=rendered.append,
        on_finished=finished.append,
    )
    delivery.rendered, delivery.finished, delivery.safety = rendered, finished, safety
    return delivery


def test_the_device_goes_on_while_pictures_wait_for_the_bucket() -> None:
    renderer, uploader = FakeRenderer(), FakeUploader()
    uploader.is_open.clear()
    delivery = delivery_of(renderer, uploader)
    worker = threading.Thread(target=delivery.deliver, args=(images_of(16),))
    worker.start()
    worker.join(0.5)
    # The first batch is stuck at the bucket, the second is rendered, and no third one is begun.
    assert worker.is_alive() and len(renderer.batches) == 2
    uploader.is_open.set()
    worker.join(20)
    assert [picture.image.recipe.seed for picture in uploader.pictures] == list(range(16))
    assert sum(delivery.finished) == 16


def test_memory_that_runs_out_halves_the_batch_and_loses_nothing() -> None:
    renderer, uploader = FakeRenderer(fails_above=1), FakeUploader()
    delivery = delivery_of(renderer, uploader)
    delivery.deliver(images_of(3))
    assert [size for _, size in renderer.batches] == [4, 2, 1, 1, 1]
    assert [picture.image.recipe.seed for picture in uploader.pictures] == [0, 1, 2]
    assert (delivery.compute_batch, delivery.failed) == (1, {})


def test_a_picture_says_what_made_it_and_not_what_came_after() -> None:
    renderer: Any = FakeRenderer()
    uploader, render = FakeUploader(), renderer.render
    renderer.mode = Mode(compiled="whole")

    def tire(recipes: Any, size: int, on_step: Any) -> Any:
        if renderer.batches:
            # Memory runs out, and the compiler fails in the very batch.
            renderer.fails_above, renderer.mode = 2, Mode()
        return render(recipes, size, on_step)

    renderer.render = tire
    delivery_of(renderer, uploader).deliver(images_of(6))
    made = [(*picture.layout, picture.mode) for picture in uploader.pictures]
    assert made == [(4, 4, "compiled-whole")] * 4 + [(2, 1, "plain")] * 2


def test_what_failed_does_not_count_as_rendered() -> None:
    renderer = FakeRenderer(fails_above=2)
    delivery = delivery_of(renderer, FakeUploader())
    delivery.deliver([*images_of(4), *images_of(1, width=72)])
    assert [size for _, size in renderer.batches] == [4, 2, 2, 4, 2]
    assert delivery.rendered == [Size(64, 64), Size(64, 64), Size(72, 64)]


def test_a_flagged_picture_is_rendered_again_with_the_next_seed_or_blocked() -> None:
    def check(pictures: Sequence[np.ndarray]) -> list[Verdict]:
        return [Verdict(bool(picture[0, 0, 0] in (1, 2)), "nsfw 0.98") for picture in pictures]

    lenient = images_of(2, safety={"policy": "reseed", "tries": 2})
    renderer, uploader = FakeRenderer(), FakeUploader()
    delivery = delivery_of(renderer, uploader, check=check)
    delivery.deliver([*lenient, images_of(3)[2]])
    first, again = renderer.batches
    assert first == ([0, 1, 2], 4)
    assert again[1] == 4 and len(again[0]) == 1 and again[0][0] not in (0, 1, 2)
    seeds = {picture.image.hash: picture.effective_seed for picture in uploader.pictures}
    assert seeds == {lenient[0].hash: None, lenient[1].hash: again[0][0]}
    assert list(delivery.safety.blocked) == [images_of(3)[2].hash]
    assert sum(delivery.finished) == 3


def test_a_checker_that_fails_keeps_its_batch_from_the_bucket() -> None:
    def check(pictures: Sequence[np.ndarray]) -> list[Verdict]:
        if len(pictures) > 1:
            raise RuntimeError("shapes cannot be multiplied")
        return [Verdict(False)]

    renderer, uploader = FakeRenderer(), FakeUploader()
    delivery = delivery_of(renderer, uploader, check=check)
    delivery.deliver(images_of(2))
    assert [seeds for seeds, _ in renderer.batches] == [[0, 1], [0], [1]]
    assert len(uploader.pictures) == 2


def test_a_picture_that_is_no_number_fails_alone() -> None:
    bad, good = images_of(1, steps=13), images_of(2)
    uploader = FakeUploader()
    delivery = delivery_of(FakeRenderer(), uploader)
    delivery.deliver([*bad, *good])
    assert list(delivery.failed) == [bad[0].hash]
    assert "NaN" in delivery.failed[bad[0].hash]
    assert len(uploader.pictures) == 2


def test_a_batch_that_is_abandoned_is_never_uploaded() -> None:
    now = 1000.0
    stop, uploader = Stop(lambda: now), FakeUploader()
    renderer: Any = FakeRenderer()
    render = renderer.render

    def announce(recipes: Any, size: int, on_step: Any) -> Any:
        if renderer.batches:
            stop.announce(now)
        return render(recipes, size, on_step)

    renderer.render = announce
    delivery = delivery_of(renderer, uploader, stop)
    with pytest.raises(SpotInterrupted):
        delivery.deliver(images_of(12))
    # What was rendered before the notice is finished all the same.
    assert [picture.image.recipe.seed for picture in uploader.pictures] == [0, 1, 2, 3]
