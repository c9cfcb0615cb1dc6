"""Modes and compiling, with backends that compile nothing."""

from pathlib import Path
from typing import Any

import pytest
import torch

from builders import recipe_of
from loading import fresh_model, no_hook, pixels_of
from random_models import FLUX, SD3
from worker.compilation import (
    Circumstances,
    Compilation,
    Mode,
    apply_mode,
    choose_mode,
    sizes_that_pay,
)
from worker.compute_batch import Size
from worker.render import Renderer
from worker.schedulers import SCHEDULERS


class Backend:
    """Counts what it is asked to compile, and runs it as it is."""

    def __init__(self) -> None:
        self.graphs = 0

    def __call__(self, graph: Any, inputs: Any) -> Any:
        self.graphs += 1
        return graph.forward


def renderer_of(tmp_path: Path, backend: Any, sizes: Any = None) -> Any:
    torch.compiler.reset()
    model, mode = fresh_model(tmp_path), Mode(channels_last=True, compiled="whole")
    apply_mode(model, mode, backend)
    return Renderer(model, Compilation(mode, sizes))


def test_one_size_is_one_graph(tmp_path: Path) -> None:
    backend = Backend()
    renderer = renderer_of(tmp_path, backend)
    # Another scheduler, another guidance above 1, a padded batch: the same shapes.
    for overrides in (
        {},
        {"scheduler": "pndm"},
        {"scheduler": "euler"},
        {"guidance": 7},
        {"steps": 6},
    ):
        renderer.render([recipe_of(**overrides)], 2, no_hook)
    assert backend.graphs == 1
    renderer.render([recipe_of(width=72)], 2, no_hook)
    assert backend.graphs == 2


def test_a_size_that_does_not_pay_runs_as_it_is(tmp_path: Path) -> None:
    backend = Backend()
    renderer = renderer_of(tmp_path, backend, frozenset({Size(64, 64)}))
    renderer.render([recipe_of(width=72)], 2, no_hook)
    assert backend.graphs == 0
    renderer.render([recipe_of()], 2, no_hook)
    assert backend.graphs == 1
    names = [renderer.mode_of(size).name for size in (Size(72, 64), Size(64, 64))]
    assert names == ["channels-last", "channels-last+compiled-whole"]


def test_a_compiler_that_fails_is_done_without(tmp_path: Path) -> None:
    def broken(graph: Any, inputs: Any) -> Any:
        raise RuntimeError("no compiler found")

    renderer = renderer_of(tmp_path, broken)
    (picture,) = renderer.render([recipe_of()], 2, no_hook).wait()
    assert picture is not None and picture.std() > 0
    assert not renderer._compilation.is_compiled((64, 64))
    assert renderer.mode_of(Size(64, 64)).name == "channels-last"


def test_a_prepared_denoiser_is_the_same_up_to_rounding(tmp_path: Path) -> None:
    plain, ours = fresh_model(tmp_path), fresh_model(tmp_path)
    apply_mode(ours, Mode(channels_last=True, fused_qkv=True))
    ours.pipe.unet.load_state_dict(plain.pipe.unet.state_dict(), strict=False)
    inputs = (torch.randn(2, 4, 16, 16), torch.tensor(500), torch.randn(2, 16, 16))
    with torch.no_grad():
        expected, found = (model.pipe.unet(*inputs).sample for model in (plain, ours))
    assert (found - expected).norm() / expected.norm() < 1e-5


@pytest.mark.parametrize("pipeline", [SD3, FLUX])
def test_transformers_are_compiled_block_by_block(tmp_path: Path, pipeline: str) -> None:
    torch.compiler.reset()
    model, backend = fresh_model(tmp_path, pipeline), Backend()
    recipes = [recipe_of(scheduler="euler", seed=seed) for seed in (1, 2)]
    plain = Renderer(model).denoise(recipes, no_hook)
    mode = Mode(fused_qkv=True, compiled="blocks")
    apply_mode(model, mode, backend)
    renderer = Renderer(model, Compilation(mode))
    assert (renderer.denoise(recipes, no_hook) - plain).norm() / plain.norm() < 1e-5
    graphs = backend.graphs
    assert 0 < graphs < 8  # torch's limit for one piece of code
    renderer.denoise(recipes, no_hook)
    assert backend.graphs == graphs


def test_a_mode_is_chosen_by_what_the_machine_can() -> None:
    def name(choice: Any = "auto", pays: bool = True, **changed: Any) -> str:
        usual = {"device": "cuda", "capability": (8, 6), "denoiser": "UNet2DConditionModel"}
        around = Circumstances(**{**usual, "has_loras": False, "has_compiler": True, **changed})
        return choose_mode(around, choice, pays=pays).name

    whole = "channels-last+fused-qkv+compiled-whole+cuda-graphs"
    eager = "channels-last+fused-qkv"
    assert name() == name("always", pays=False) == whole
    assert name("never") == name(pays=False) == name(has_compiler=False) == eager
    assert name(capability=(7, 5)) == name("always", capability=(7, 5)) == eager  # T4
    assert name(denoiser="FluxTransformer2DModel") == "fused-qkv+compiled-blocks"
    assert name(denoiser="FluxTransformer2DModel", pays=False) == "fused-qkv"
    assert name(has_loras=True) == "channels-last"
    assert name(device="cpu", capability=(0, 0)) == "plain"
    assert name("always", device="cpu", capability=(0, 0)) == "channels-last+compiled-whole"


def test_only_sizes_with_enough_pictures_pay() -> None:
    recipes = [recipe_of(seed=seed) for seed in range(5)]
    recipes += [recipe_of(seed=seed, width=72) for seed in range(4)]
    assert sizes_that_pay(recipes, {"64x64": 5, "72x64": 5}) == {(64, 64)}
    # Where nothing was measured many are wanted.
    assert sizes_that_pay(recipes, {"64x64": 6}) == frozenset()


def test_what_prepares_the_unet_leaves_its_bits_alone(tmp_path: Path) -> None:
    plain, ours = fresh_model(tmp_path), fresh_model(tmp_path)
    apply_mode(ours, Mode())
    for scheduler in SCHEDULERS:
        recipes = [recipe_of(scheduler=scheduler, seed=seed) for seed in (1, 2)]
        expected, found = (pixels_of(Renderer(model), recipes, 2) for model in (plain, ours))
        assert found == expected
