"""Stable Diffusion 3.5 and FLUX: T5 beside CLIP, a transformer in several files, flow matching."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import random_flow_models as checks
from builders import images
from place import Place
from random_flow_models import PIPELINES, make_random_flow_model
from random_model import MODEL, REVISION, describe
from test_xl import run_apart, xl_model  # noqa: F401

SD3, FLUX = PIPELINES


@pytest.fixture(scope="module")
def models(fork_server: None, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    scratch = tmp_path_factory.mktemp("flow")
    for name in PIPELINES:
        run_apart(make_random_flow_model, name, scratch / name, scratch / "tokenizers")
    return {name: scratch / name for name in PIPELINES}


@pytest.mark.parametrize("pipeline", PIPELINES)
def test_draws_what_the_pipeline_would_draw_from_the_texts(models: Any, pipeline: str) -> None:
    run_apart(checks.draws_what_the_pipeline_would, models[pipeline], pipeline)


@pytest.mark.parametrize("pipeline", PIPELINES)
def test_loads_the_bits_that_from_pretrained_loads(models: Any, pipeline: str) -> None:
    run_apart(checks.loads_what_from_pretrained_loads, models[pipeline], pipeline)


def test_loads_the_bits_of_stable_diffusion_and_xl(
    random_model: Path,
    xl_model: Path,  # noqa: F811
) -> None:
    for folder, name in ((random_model, ""), (xl_model, "XL")):
        run_apart(checks.loads_what_from_pretrained_loads, folder, f"StableDiffusion{name}Pipeline")


@pytest.mark.parametrize("pipeline", PIPELINES)
def test_the_way_to_a_gpu_brings_every_byte(models: Any, pipeline: str) -> None:
    run_apart(checks.stages_what_is_mapped, models[pipeline], pipeline)


@pytest.mark.parametrize("pipeline", PIPELINES)
def test_renders_a_shard(empty_place: Callable[[], Place], models: Any, pipeline: str) -> None:
    place, prefix = empty_place(), f"models/{MODEL}/{REVISION}"
    folder = models[pipeline]
    manifest: dict[str, Any] = describe(folder) | {"pipeline": pipeline}
    assert sum("transformer/diffusion_pytorch" in file["path"] for file in manifest["files"]) > 2
    for file in manifest["files"]:
        place.put(f"{prefix}/{file['path']}", (folder / file["path"]).read_bytes())
    place.put(f"{prefix}/manifest.json", manifest)
    place.put_shard(images(3, scheduler="euler", guidance=3.5))
    assert place.run(COMPUTE_BATCH="2") == 0
    assert len(place.keys("images/")) == 3
