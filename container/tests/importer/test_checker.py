"""What looks at the pictures comes with a model: its own checker, else the classifier beside it."""

import json
from collections.abc import Iterator

import pytest

from fake_hub import FakeHub
from importer.registry import read_model
from importing import CLASSIFIER, KEPT, MODEL, classifier_of_bytes, problem, run
from place import Place

SDXL = read_model("sdxl")
WITHOUT = {
    "model_index.json": b'{"unet": ["diffusers", "UNet2DConditionModel"]}',
    "unet/diffusion_pytorch_model.fp16.safetensors": b"half",
}


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    server = FakeHub(SDXL.home, SDXL.revision, WITHOUT)
    server.beside.append(classifier_of_bytes())
    yield server
    server.shutdown()
    server.server_close()


def imported(place: Place, prefix: str) -> set[str]:
    """The files of a model, as its manifest lists them; each must be there."""
    paths = {file["path"] for file in json.loads(place.read(f"{prefix}/manifest.json"))["files"]}
    assert {f"{prefix}/{path}" for path in paths} < set(place.keys(f"{prefix}/"))
    return paths


def test_stable_diffusion_1_brings_its_own_checker_with_its_processor(place: Place) -> None:
    parts = {
        "unet": ["diffusers", "UNet2DConditionModel"],
        "feature_extractor": ["transformers", "CLIPImageProcessor"],
        "safety_checker": ["stable_diffusion", "StableDiffusionSafetyChecker"],
        "requires_safety_checker": True,
    }
    kept = {
        "model_index.json": json.dumps(parts).encode(),
        "unet/diffusion_pytorch_model.fp16.safetensors": b"half",
        "feature_extractor/preprocessor_config.json": b"{}",
        "safety_checker/config.json": b"{}",
        "safety_checker/model.fp16.safetensors": b"half of the checker",
    }
    left = {
        "safety_checker/model.safetensors": b"the whole checker",
        "safety_checker/pytorch_model.bin": b"pickle",
    }
    hub = FakeHub(MODEL.home, MODEL.revision, {**kept, **left})
    hub.beside.append(classifier_of_bytes())
    end = run(place, hub)
    hub.shutdown()
    assert (end.returncode, end.stderr) == (0, "")
    assert imported(place, MODEL.prefix) == {path.replace(".fp16", "") for path in kept}
    checker = place.read(f"{MODEL.prefix}/safety_checker/model.safetensors")
    assert checker == b"half of the checker"
    assert place.keys(f"models/{CLASSIFIER.id}/") == []


def test_a_model_without_a_checker_of_its_own_brings_the_classifier(
    place: Place, hub: FakeHub
) -> None:
    end = run(place, hub, MODEL=SDXL.id)
    assert (end.returncode, end.stderr) == (0, "")
    assert imported(place, SDXL.prefix)
    assert imported(place, CLASSIFIER.prefix) == set(KEPT)
    assert f"Imported `{CLASSIFIER.id}@" in end.stdout


def test_a_model_that_is_there_already_gets_the_classifier_it_lacks(
    place: Place, hub: FakeHub
) -> None:
    run(place, hub, MODEL=SDXL.id)
    place.s3.delete_object(Bucket=place.name, Key=f"{CLASSIFIER.prefix}/manifest.json")
    hub.fetched.clear()
    end = run(place, hub, MODEL=SDXL.id)
    assert end.returncode == 0
    assert f"`{SDXL.id}@{SDXL.revision}` is in the bucket already" in end.stdout
    assert imported(place, CLASSIFIER.prefix) == set(KEPT)
    assert set(hub.fetched) <= set(KEPT)


def test_says_that_the_model_is_there_and_its_checker_is_not(place: Place, hub: FakeHub) -> None:
    hub.beside.clear()
    text = problem(run(place, hub, MODEL=SDXL.id))
    assert "`sdxl` is imported, but not `safety-classifier`: nobody would look" in text
    assert f"Expected the model repository `{CLASSIFIER.home}`" in text
    assert imported(place, SDXL.prefix)


def test_the_classifier_comes_alone_from_a_repository_without_folders(
    place: Place, hub: FakeHub
) -> None:
    end = run(place, hub, MODEL=CLASSIFIER.id)
    assert (end.returncode, end.stderr) == (0, "")
    assert imported(place, CLASSIFIER.prefix) == set(KEPT)
    assert place.keys("models/") == [
        f"{CLASSIFIER.prefix}/{name}" for name in sorted({*KEPT, "manifest.json"})
    ]
