"""Stable Diffusion XL: two text encoders, a pooled embedding, zeros for no negative prompt."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builders import images
from place import PROCESSES, Place
from random_model import MODEL, REVISION, describe
from random_xl_model import compare_with_diffusers, make_random_xl_model


def run_apart(target: Callable[..., None], *arguments: Any) -> None:
    process = PROCESSES.Process(target=target, args=arguments)
    process.start()
    process.join()
    assert process.exitcode == 0


@pytest.fixture(scope="module")
def xl_model(fork_server: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    scratch = tmp_path_factory.mktemp("random-xl-model")
    run_apart(make_random_xl_model, scratch / "model", scratch)
    return scratch / "model"


@pytest.mark.parametrize("negative", ["", "blurry"])
def test_draws_what_the_pipeline_would_draw_from_the_texts(xl_model: Path, negative: str) -> None:
    run_apart(compare_with_diffusers, xl_model, negative)


def test_renders_a_shard(empty_place: Callable[[], Place], xl_model: Path) -> None:
    place, prefix = empty_place(), f"models/{MODEL}/{REVISION}"
    manifest: dict[str, Any] = describe(xl_model) | {"pipeline": "StableDiffusionXLPipeline"}
    for file in manifest["files"]:
        place.put(f"{prefix}/{file['path']}", (xl_model / file["path"]).read_bytes())
    place.put(f"{prefix}/manifest.json", manifest)
    place.put_shard(images(3, scheduler="euler"))
    assert place.run(COMPUTE_BATCH="2") == 0
    assert len(place.keys("images/")) == 3
