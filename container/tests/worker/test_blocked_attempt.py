"""Pictures that a checker flags, in whole attempts."""

import io
import shutil
from functools import partial
from pathlib import Path

import PIL.Image

import faults
from builders import an_image, images
from place import Place
from random_checker import make_safety_checker
from worker.safety import derive_seed

RESEED = {"policy": "reseed", "tries": 2}


def put_checker(place: Place, random_model: Path, folder: Path) -> None:
    """The random model with a checker of its own, which flags everything."""
    shutil.copytree(random_model, folder)
    make_safety_checker(folder, -1.0)
    place.put_model(folder)


def test_blocks_what_the_models_own_checker_flags_and_succeeds(
    place: Place, random_model: Path, tmp_path: Path
) -> None:
    put_checker(place, random_model, tmp_path / "checker")
    blocked, tried = an_image(seed=1), an_image(seed=2, safety=RESEED)
    off = an_image(seed=3, safety={"policy": "off"})
    place.put_shard([blocked, tried, off])
    worker = place.start()
    assert worker.wait() == 0, worker.output()
    assert place.keys("images/") == [f"images/{off['hash']}.png"]
    record = place.record()
    assert (record["outcome"], record["checker"]) == ("Succeeded", "safety_checker")
    assert [(image["hash"], image["safety"]) for image in record["images"]] == [
        (off["hash"], "off")
    ]
    reasons = {entry["hash"]: entry["reason"] for entry in record["blocked"]}
    assert reasons == {
        blocked["hash"]: "flagged by the safety checker (safety_checker)",
        tried["hash"]: "flagged by the safety checker (safety_checker), as were 2 other seeds",
    }
    assert record["failed"] == []


def test_a_picture_of_another_seed_says_so_and_is_that_seeds_picture(place: Place) -> None:
    image, twin = an_image(seed=5, safety=RESEED), an_image(seed=derive_seed(5, 1))
    place.put_shard([image])
    assert place.run(partial(faults.flag_first_looks, 1), COMPUTE_BATCH="1") == 0
    (entry,) = place.record()["images"]
    assert entry["effectiveSeed"] == derive_seed(5, 1)
    assert (entry["hash"], entry["safety"]) == (image["hash"], "passed")
    info = PIL.Image.open(io.BytesIO(place.read(f"images/{image['hash']}.png"))).info
    assert info["spot-diffusion-effective-seed"] == str(derive_seed(5, 1))
    place.put_shard([twin])
    assert place.run(partial(faults.flag_first_looks, 0), ATTEMPT="2", COMPUTE_BATCH="1") == 0
    assert place.record(2)["images"][0]["pixelHash"] == entry["pixelHash"]


def test_without_a_checker_pictures_are_delivered_and_said_to_be_unchecked(place: Place) -> None:
    place.put_shard(images(2))
    assert place.run() == 0
    record = place.record()
    assert record["checker"] is None
    assert [image["safety"] for image in record["images"]] == ["unchecked"] * 2
