"""The model made fast, with its compute batches."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import torch

from builders import recipe_of
from loading import fresh_model
from worker.compilation import Mode
from worker.compute_batch import Layout, Size
from worker.engine import Engine, RenderOptions
from worker.learned import Learned
from worker.log import Log


def test_a_cpu_computes_as_it_is_told(tmp_path: Path) -> None:
    options = RenderOptions(compute_batch=3, learned=Learned({"72x64": Layout(2, 1)}))
    recipes = [recipe_of(seed=seed) for seed in range(1000)]
    engine = Engine(fresh_model(tmp_path), recipes, options, log=Log())
    assert engine.mode.name == "plain"
    assert engine.layouts.of(recipe_of()) == Layout(3, 3)
    assert engine.layouts.of(recipe_of(width=72)) == Layout(2, 1)
    assert engine.renderer.decode_batches == {Size(64, 64): 3, Size(72, 64): 1}
    assert engine.layouts.known == {Size(64, 64): Layout(3, 3), Size(72, 64): Layout(2, 1)}
    assert not torch.is_inference_mode_enabled()


class Caches:
    """Of what was compiled; remembers what is kept, by size and compute batch."""

    def __init__(self, there: frozenset[tuple[Size, int]] = frozenset()) -> None:
        self.kept: list[tuple[Size, int]] = []
        self._there = there

    def open(self, mode: Mode, size: Size, layout: Layout) -> Any:
        key = size, layout.compute_batch
        return SimpleNamespace(load=lambda: key in self._there, save=lambda: self.kept.append(key))


def engine_that_compiles(tmp_path: Path, caches: Caches) -> Engine:
    options = RenderOptions(compute_batch=4, compile="always")
    model = fresh_model(tmp_path)
    return Engine(model, [recipe_of()], options, log=Log(), open_cache=caches.open)


def test_what_is_compiled_is_kept_once_its_own_size_and_layout_were_rendered(
    tmp_path: Path,
) -> None:
    caches, small, wide = Caches(), Size(64, 64), Size(72, 64)
    engine = engine_that_compiles(tmp_path, caches)
    engine.layouts.of(recipe_of())
    engine.layouts.of(recipe_of(width=72))
    engine.keep_compiled(small)
    assert caches.kept == [(small, 4)]
    engine.layouts.halve(recipe_of(width=72))  # memory ran out in the first batch of this size
    engine.keep_compiled(small)
    assert caches.kept == [(small, 4)]
    for _ in range(2):
        engine.keep_compiled(wide)
    assert caches.kept == [(small, 4), (wide, 2)]


def test_nothing_is_kept_where_the_compiler_failed_or_the_bucket_has_it(tmp_path: Path) -> None:
    size = Size(64, 64)
    caches = Caches(frozenset({(size, 2)}))
    engine = engine_that_compiles(tmp_path, caches)
    engine.layouts.of(recipe_of())
    engine.layouts.halve(recipe_of())
    engine.keep_compiled(size)
    engine.layouts.of(recipe_of(width=72))
    engine.compilation.give_up("no compiler found")
    engine.keep_compiled(Size(72, 64))
    assert caches.kept == []
