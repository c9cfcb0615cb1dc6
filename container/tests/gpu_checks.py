"""What only a CUDA device can show, as functions that fail: run in a child, where torch is."""

from pathlib import Path
from typing import Any

from engine_checks import fresh_model, no_hook, pixels_of, recipe_of


def on_cuda(scratch: Path) -> Any:
    import torch

    from worker.pipeline import Model

    model = fresh_model(scratch)
    device = torch.device("cuda")
    return Model(model.pipe.to(device), device, model.scheduler_config)


def engine_of(scratch: Path, choice: Any) -> Any:
    from worker.engine import Engine, RenderOptions
    from worker.log import Log

    options = RenderOptions(compile=choice)
    return Engine(on_cuda(scratch), [recipe_of()], options, log=Log())


def a_batch_is_found_by_the_memory_and_found_again(scratch: Path) -> None:
    layouts = [engine_of(scratch, "never").layouts.of(recipe_of()) for _ in range(2)]
    assert layouts[0] == layouts[1]
    assert layouts[0].compute_batch > 1  # kilobytes of weights on gigabytes of memory


def order_and_padding_leave_a_picture_alone(scratch: Path) -> None:
    for choice in ("never", "always"):
        renderer = engine_of(scratch, choice).renderer
        recipes = [recipe_of(seed=seed) for seed in range(4)]
        whole = pixels_of(renderer, recipes, 4)
        assert pixels_of(renderer, recipes[::-1], 4) == whole[::-1]
        assert pixels_of(renderer, recipes[:1], 4) == whole[:1]


def compiling_with_graphs_stays_within_rounding(scratch: Path) -> None:
    import torch

    # Without guidance the scheduler gets the graph's own output: PNDM keeps it over four steps.
    recipes = [recipe_of(seed=seed, scheduler="pndm", guidance=0, steps=6) for seed in (1, 2)]
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    plain, ours = engine_of(scratch, "never"), engine_of(scratch, "always")
    assert "cuda-graphs" in ours.mode.name
    expected, found = (e.renderer.denoise(recipes, no_hook) for e in (plain, ours))
    assert (found - expected).norm() / expected.norm() < 1e-3


def graphs_give_their_memory_back(scratch: Path) -> None:
    import torch

    from worker.out_of_memory import free_memory

    renderer = engine_of(scratch, "always").renderer
    renderer.render([recipe_of()], 4, no_hook).wait()
    held = torch.cuda.memory_reserved()
    free_memory(drop_graphs=True)
    assert torch.cuda.memory_reserved() < held
    assert renderer.render([recipe_of()], 2, no_hook).wait()[0] is not None


CHECKS = [
    a_batch_is_found_by_the_memory_and_found_again,
    order_and_padding_leave_a_picture_alone,
    compiling_with_graphs_stays_within_rounding,
    graphs_give_their_memory_back,
]
