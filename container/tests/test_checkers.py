"""The models that look at pictures: real architectures of random weights, in another process."""

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import random_checker
from place import PROCESSES, Place
from random_model import describe

from worker.bucket import Bucket
from worker.errors import WeightsUnavailable
from worker.manifest import Manifest, ModelFile
from worker.settings import read_settings

REVISION = "96cb0d0342c7afb80cab76ecc58b265fa44da256"


@pytest.fixture(scope="module")
def child(fork_server: None) -> Any:
    """Runs a function where torch is imported already."""
    with ProcessPoolExecutor(1, mp_context=PROCESSES) as pool:
        pool.submit(int).result()  # the fork server's imports are no test's time
        yield lambda work, *arguments: pool.submit(work, *arguments).result(60)


@pytest.mark.parametrize(("threshold", "is_flagged"), [(1.0, False), (-1.0, True)])
def test_the_models_own_checker_flags_and_leaves_the_pictures_as_they_are(
    child: Any, tmp_path: Path, threshold: float, is_flagged: bool
) -> None:
    child(random_checker.make_safety_checker, tmp_path, threshold)
    reason = "safety_checker" if is_flagged else ""
    assert child(random_checker.look, "safety_checker", tmp_path) == [(is_flagged, reason)] * 3


@pytest.mark.parametrize(("bias", "expected"), [(2.0, (True, "nsfw 0.88")), (-2.0, (False, ""))])
def test_the_classifier_flags_what_is_likelier_nsfw(
    child: Any, tmp_path: Path, bias: float, expected: tuple[bool, str]
) -> None:
    child(random_checker.make_classifier, tmp_path, ["normal", "nsfw"], bias)
    assert child(random_checker.look, "classifier", tmp_path) == [expected] * 3


def choose(environment: dict[str, str], folder: Path, files: list[str]) -> Any:
    """In the child: which checker a model with these files gets, and whether it flags a picture."""
    import torch

    from worker import checkers
    from worker.log import Log
    from worker.stop import Stop

    settings = read_settings(environment)
    os.environ.update(environment)
    manifest = Manifest("m", "r", "P", "float32", tuple(ModelFile(f, 1, "0") for f in files))
    around = checkers.Surroundings(
        Bucket(settings), settings.cache_dir, torch.device("cpu"), Stop(), Log()
    )
    try:
        found = checkers.make_checker(folder, manifest, around)
    except WeightsUnavailable as error:
        return f"WeightsUnavailable: {error}"
    return found and (found.name, found.check([np.zeros((48, 64, 3), np.uint8)])[0].is_flagged)


def put_classifier(place: Place, folder: Path) -> None:
    prefix = f"models/safety-classifier/{REVISION}"
    manifest = {**describe(folder), "id": "safety-classifier", "revision": REVISION}
    for file in manifest["files"]:
        place.put(f"{prefix}/{file['path']}", (folder / file["path"]).read_bytes())
    place.put(f"{prefix}/manifest.json", manifest)


@pytest.fixture
def place(empty_place: Callable[[], Place]) -> Place:
    return empty_place()


def test_a_model_with_a_checker_of_its_own_uses_that(
    child: Any, tmp_path: Path, place: Place
) -> None:
    child(random_checker.make_safety_checker, tmp_path, -1.0)
    files = ["unet/config.json", "safety_checker/model.safetensors"]
    assert child(choose, place.environment, tmp_path, files) == ("safety_checker", True)


def test_another_model_uses_the_classifier_of_the_bucket(
    child: Any, tmp_path: Path, place: Place
) -> None:
    child(random_checker.make_classifier, tmp_path / "vit", ["normal", "nsfw"], 2.0)
    put_classifier(place, tmp_path / "vit")
    found = child(choose, place.environment, tmp_path, ["unet/config.json"])
    assert found == ("safety-classifier", True)


def test_without_a_classifier_in_the_bucket_nobody_looks(
    child: Any, tmp_path: Path, place: Place
) -> None:
    assert child(choose, place.environment, tmp_path, ["unet/config.json"]) is None


def test_a_classifier_that_knows_no_nsfw_is_refused(
    child: Any, tmp_path: Path, place: Place
) -> None:
    child(random_checker.make_classifier, tmp_path / "vit", ["cat", "dog"], 2.0)
    put_classifier(place, tmp_path / "vit")
    found = child(choose, place.environment, tmp_path, [])
    assert found.startswith("WeightsUnavailable: Expected the safety checker")
    assert "To fix: import it again" in found


def test_a_checker_that_lacks_its_weights_is_refused(
    child: Any, tmp_path: Path, place: Place
) -> None:
    (tmp_path / "safety_checker").mkdir()
    found = child(choose, place.environment, tmp_path, ["safety_checker/config.json"])
    assert found.startswith("WeightsUnavailable: Expected the safety checker")
