"""Start images, on models of random weights and on the tiny model of the repository."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import start_checks as checks
from builders import an_image
from place import Place

TINY = Path(__file__).parents[2] / "models" / "tiny"
SD, XL = "StableDiffusionPipeline", "StableDiffusionXLPipeline"
Check = Callable[[Path, str], None]

OF_ALL: list[Check] = [
    checks.every_scheduler_starts_from_a_picture,
    checks.the_noise_is_the_one_of_the_seed,
    checks.each_picture_is_fetched_once_a_size,
]
OF_TINY: list[Check] = [
    checks.less_strength_keeps_more_of_the_picture,
    checks.what_is_not_the_recipes_picture_is_refused,
    checks.a_batch_shares_one_strength,
    checks.a_picture_covers_the_size,
    checks.other_pipelines_do_not_start_from_pictures,
]


def named(check: Check) -> str:
    return check.__name__


@pytest.mark.parametrize("check", OF_ALL, ids=named)
def test_stable_diffusion(child: Any, random_model: Path, check: Check) -> None:
    child(check, random_model, SD)


@pytest.mark.parametrize("check", OF_ALL, ids=named)
def test_stable_diffusion_xl(child: Any, xl_model: Path, check: Check) -> None:
    child(check, xl_model, XL)


@pytest.mark.parametrize("check", [*OF_TINY, *OF_ALL[1:]], ids=named)
def test_the_tiny_model(child: Any, check: Check) -> None:
    child(check, TINY, SD)


def test_an_attempt_starts_from_pictures_and_reads_weights(place: Place) -> None:
    place.put("red", checks.RED)
    start = checks.a_start(image=f"s3://{place.name}/red")
    prompts = ["a cat", "a (red)1.3 cat", "a red cat that sits on a mat. " * 4]
    some = [
        an_image(prompt=prompt, **more) for prompt in prompts for more in ({}, {"start": start})
    ]
    broken = an_image(start={**start, "sha256": "0" * 64})
    place.put_shard([*some, broken])
    worker = place.start()
    assert worker.wait() == 83, worker.output()
    record = place.record()
    assert {image["hash"] for image in record["images"]} == {image["hash"] for image in some}
    assert len({image["pixelHash"] for image in record["images"]}) == len(some)
    (failure,) = record["failed"]
    assert failure["hash"] == broken["hash"] and "to have SHA-256" in failure["message"]
    assert "sits on" not in worker.output()
