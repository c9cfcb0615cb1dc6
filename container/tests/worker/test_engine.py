"""The model made fast, with its compute batches."""

from pathlib import Path

import torch

from builders import recipe_of
from loading import fresh_model
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
