"""LoRAs: on and off again, without a trace."""

from pathlib import Path
from typing import Any

import lora_checks as checks
import pytest
from builders import a_shard, an_image
from test_flow_models import models, xl_model  # noqa: F401
from test_shard import read
from test_xl import run_apart

from worker.errors import InvalidJob

SD, XL = "StableDiffusionPipeline", "StableDiffusionXLPipeline"


def test_pictures_of_stable_diffusion_do_not_depend_on_what_was_rendered_before(
    random_model: Path,
) -> None:
    run_apart(checks.pictures_do_not_depend_on_what_was_worn_before, random_model, SD)


def test_pictures_of_xl_do_not_depend_on_what_was_rendered_before(
    xl_model: Path,  # noqa: F811
) -> None:
    run_apart(checks.pictures_do_not_depend_on_what_was_worn_before, xl_model, XL)


@pytest.mark.parametrize("pipeline", ["StableDiffusion3Pipeline", "FluxPipeline"])
def test_pictures_of_transformers_do_not_depend_on_what_was_rendered_before(
    models: Any,  # noqa: F811
    pipeline: str,
) -> None:
    run_apart(checks.pictures_do_not_depend_on_what_was_worn_before, models[pipeline], pipeline)


def test_a_lora_that_cannot_be_used_is_named(random_model: Path) -> None:
    run_apart(checks.a_lora_that_cannot_be_used_is_named, random_model, SD)


@pytest.mark.parametrize(
    "loras",
    [
        [{"name": "../secret", "weight": 1}],
        [{"name": "Ink", "weight": 1}],
        [{"name": "ink", "weight": 3}],
        [{"name": "ink", "weight": 1}, {"name": "ink", "weight": 0.5}],
    ],
)
def test_a_shard_with_wrong_loras_is_refused(loras: list[dict[str, Any]]) -> None:
    with pytest.raises(InvalidJob, match=r"images\[0\]\.recipe\.loras"):
        read(a_shard([an_image(loras=loras)]), "/nowhere")


def test_a_shard_may_name_loras() -> None:
    shard = read(a_shard([an_image(loras=[{"name": "ink.v2", "weight": 0.5}])]))
    assert [lora.name for lora in shard.images[0].recipe.loras] == ["ink.v2"]
