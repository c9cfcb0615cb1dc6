"""The models that look at pictures: real architectures of random weights."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from builders import an_attempt
from place import Place
from random_checker import make_classifier, make_safety_checker
from worker.checkers import (
    CLASSIFIER,
    CLASSIFIER_REVISION,
    NamedChecker,
    load_classifier,
    load_safety_checker,
    make_checker,
)
from worker.errors import WeightsUnavailable
from worker.manifest import Manifest, ModelFile
from worker.safety import Verdict

CPU = torch.device("cpu")


@pytest.mark.parametrize(
    ("threshold", "verdict"), [(1.0, Verdict(False)), (-1.0, Verdict(True, "safety_checker"))]
)
def test_the_models_own_checker_flags_and_leaves_the_pictures_as_they_are(
    tmp_path: Path, threshold: float, verdict: Verdict
) -> None:
    make_safety_checker(tmp_path, threshold)
    pictures = [np.full((48, 64, 3), value, np.uint8) for value in (0, 90, 250)]
    before = [picture.copy() for picture in pictures]
    assert load_safety_checker(tmp_path, CPU)(pictures) == [verdict] * 3
    assert all((a == b).all() for a, b in zip(before, pictures, strict=True))


@pytest.mark.parametrize(
    ("bias", "verdict"), [(2.0, Verdict(True, "nsfw 0.88")), (-2.0, Verdict(False))]
)
def test_the_classifier_flags_what_is_likelier_nsfw(
    tmp_path: Path, bias: float, verdict: Verdict
) -> None:
    make_classifier(tmp_path, ["normal", "nsfw"], bias)
    pictures = [np.full((48, 64, 3), value, np.uint8) for value in (0, 90, 250)]
    assert load_classifier(tmp_path, CPU)(pictures) == [verdict] * 3


@pytest.fixture
def place(empty_place: Callable[[], Place]) -> Place:
    return empty_place()


def choose(place: Place, folder: Path, files: list[str]) -> NamedChecker | None:
    """The checker that a model with these files gets."""
    manifest = Manifest("m", "r", "P", "float32", tuple(ModelFile(f, 1, "0") for f in files))
    return make_checker(an_attempt(place.environment), folder, manifest, CPU)


def flags(checker: NamedChecker | None) -> bool:
    assert checker
    return checker.check([np.zeros((48, 64, 3), np.uint8)])[0].is_flagged


def put_classifier(place: Place, folder: Path) -> None:
    prefix = f"models/{CLASSIFIER}/{CLASSIFIER_REVISION}"
    place.put_model(folder, prefix, id=CLASSIFIER, revision=CLASSIFIER_REVISION)


def test_a_model_with_a_checker_of_its_own_uses_that(tmp_path: Path, place: Place) -> None:
    make_safety_checker(tmp_path, -1.0)
    found = choose(place, tmp_path, ["unet/config.json", "safety_checker/model.safetensors"])
    assert found and found.name == "safety_checker"
    assert flags(found)


def test_another_model_uses_the_classifier_of_the_bucket(tmp_path: Path, place: Place) -> None:
    make_classifier(tmp_path / "vit", ["normal", "nsfw"], 2.0)
    put_classifier(place, tmp_path / "vit")
    found = choose(place, tmp_path, ["unet/config.json"])
    assert found and found.name == "safety-classifier"
    assert flags(found)


def test_without_a_classifier_in_the_bucket_nobody_looks(tmp_path: Path, place: Place) -> None:
    assert choose(place, tmp_path, ["unet/config.json"]) is None


def test_a_classifier_that_knows_no_nsfw_is_refused(tmp_path: Path, place: Place) -> None:
    make_classifier(tmp_path / "vit", ["cat", "dog"], 2.0)
    put_classifier(place, tmp_path / "vit")
    with pytest.raises(WeightsUnavailable, match=r"the safety checker.*To fix: import it again"):
        choose(place, tmp_path, [])


def test_a_checker_that_lacks_its_weights_is_refused(tmp_path: Path, place: Place) -> None:
    (tmp_path / "safety_checker").mkdir()
    with pytest.raises(WeightsUnavailable, match="Expected the safety checker"):
        choose(place, tmp_path, ["safety_checker/config.json"])


def test_a_checker_that_does_not_fit_is_no_fault_of_its_files(
    tmp_path: Path, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory.")

    monkeypatch.setattr("worker.checkers.load_safety_checker", refuse)
    with pytest.raises(torch.OutOfMemoryError):
        choose(place, tmp_path, ["safety_checker/model.safetensors"])
