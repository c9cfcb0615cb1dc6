"""What only a CUDA device can show. Not run yet: no GPU was at hand."""

from pathlib import Path
from typing import Any

import pytest
import torch

from builders import recipe_of
from loading import fresh_model, no_hook, pixels_of
from worker.engine import Engine, RenderOptions
from worker.free_memory import free_memory
from worker.log import Log
from worker.pipeline import Model

pytestmark = pytest.mark.skipif(
    not Path("/dev/nvidiactl").exists(), reason="needs an NVIDIA GPU, this machine has none"
)


def on_cuda(tmp_path: Path) -> Any:
    model = fresh_model(tmp_path)
    device = torch.device("cuda")
    return Model(model.pipe.to(device), device, model.scheduler_config)


def engine_of(tmp_path: Path, choice: Any) -> Any:
    options = RenderOptions(compile=choice)
    return Engine(on_cuda(tmp_path), [recipe_of()], options, log=Log())


def test_a_batch_is_found_by_the_memory_and_found_again(tmp_path: Path) -> None:
    layouts = [engine_of(tmp_path, "never").layouts.of(recipe_of()) for _ in range(2)]
    assert layouts[0] == layouts[1]
    assert layouts[0].compute_batch > 1  # kilobytes of weights on gigabytes of memory


def test_order_and_padding_leave_a_picture_alone(tmp_path: Path) -> None:
    for choice in ("never", "always"):
        renderer = engine_of(tmp_path, choice).renderer
        recipes = [recipe_of(seed=seed) for seed in range(4)]
        whole = pixels_of(renderer, recipes, 4)
        assert pixels_of(renderer, recipes[::-1], 4) == whole[::-1]
        assert pixels_of(renderer, recipes[:1], 4) == whole[:1]


def test_compiling_with_graphs_stays_within_rounding(tmp_path: Path) -> None:
    # Without guidance the scheduler gets the graph's own output: PNDM keeps it over four steps.
    recipes = [recipe_of(seed=seed, scheduler="pndm", guidance=0, steps=6) for seed in (1, 2)]
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    plain, ours = engine_of(tmp_path, "never"), engine_of(tmp_path, "always")
    assert "cuda-graphs" in ours.mode.name
    expected, found = (e.renderer.denoise(recipes, no_hook) for e in (plain, ours))
    assert (found - expected).norm() / expected.norm() < 1e-3


def test_graphs_give_their_memory_back(tmp_path: Path) -> None:
    renderer = engine_of(tmp_path, "always").renderer
    renderer.render([recipe_of()], 4, no_hook).wait()
    held = torch.cuda.memory_reserved()
    free_memory(drop_graphs=True)
    assert torch.cuda.memory_reserved() < held
    assert renderer.render([recipe_of()], 2, no_hook).wait()[0] is not None
