"""Whole attempts with the other kinds of models."""

from collections.abc import Callable
from pathlib import Path

import pytest

from builders import images
from place import Place


@pytest.mark.parametrize(
    "pipeline", ["StableDiffusionXLPipeline", "StableDiffusion3Pipeline", "FluxPipeline"]
)
def test_renders_a_shard(
    empty_place: Callable[[], Place], model_of: Callable[[str], Path], pipeline: str
) -> None:
    place = empty_place()
    place.put_model(model_of(pipeline), pipeline=pipeline)
    place.put_shard(images(3, scheduler="euler", guidance=3.5))
    assert place.run(COMPUTE_BATCH="2") == 0
    assert len(place.keys("images/")) == 3
