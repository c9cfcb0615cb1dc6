"""`python -m importer` as the import's build starts it, against a hub on loopback."""

import hashlib
import json

from fake_hub import FakeHub
from importing import FILES, HALF, MODEL, WEIGHTS, problem, run
from place import Place


def manifest(place: Place) -> dict:
    return json.loads(place.read(f"{MODEL.prefix}/manifest.json"))


def test_copies_what_the_pipeline_needs_in_half_precision(place: Place, hub: FakeHub) -> None:
    end = run(place, hub)
    assert (end.returncode, end.stderr) == (0, "")
    paths = ["model_index.json", "safety_checker/model.safetensors", "tokenizer/merges.txt"]
    paths += ["tokenizer/vocab.json", "unet/config.json", WEIGHTS]
    found = manifest(place)
    assert [file["path"] for file in found["files"]] == paths
    assert place.keys(f"{MODEL.prefix}/") == sorted(
        f"{MODEL.prefix}/{path}" for path in [*paths, "manifest.json"]
    )
    assert place.read(f"{MODEL.prefix}/{WEIGHTS}") == HALF
    sha256 = hashlib.sha256(HALF).hexdigest()
    assert found["files"][-1] == {"path": WEIGHTS, "bytes": len(HALF), "sha256": sha256}
    assert (found["id"], found["revision"], found["dtype"]) == (MODEL.id, MODEL.revision, "float16")


def test_a_model_that_is_there_whole_is_not_asked_for_again(place: Place, hub: FakeHub) -> None:
    run(place, hub)
    hub.fetched.clear()
    end = run(place, hub)
    assert end.returncode == 0
    assert "already, whole" in end.stdout
    assert hub.fetched == []


def test_heals_a_model_that_lost_a_file(place: Place, hub: FakeHub) -> None:
    run(place, hub)
    place.s3.delete_object(Bucket=place.name, Key=f"{MODEL.prefix}/{WEIGHTS}")
    assert run(place, hub).returncode == 0
    assert place.read(f"{MODEL.prefix}/{WEIGHTS}") == HALF


def test_goes_on_where_a_stopped_import_ended(place: Place, hub: FakeHub) -> None:
    run(place, hub)
    place.s3.delete_object(Bucket=place.name, Key=f"{MODEL.prefix}/manifest.json")
    hub.fetched.clear()
    end = run(place, hub)
    assert f"{WEIGHTS}: there already" in end.stdout
    assert not [path for path in hub.fetched if path.endswith(".safetensors")]
    assert manifest(place)["files"]


def test_replaces_an_object_of_the_same_size_that_nobody_checked(
    place: Place, hub: FakeHub
) -> None:
    place.put(f"{MODEL.prefix}/{WEIGHTS}", b"x" * len(HALF))
    assert run(place, hub).returncode == 0
    assert place.read(f"{MODEL.prefix}/{WEIGHTS}") == HALF


def test_a_wrong_checksum_leaves_no_file_and_no_manifest(place: Place, hub: FakeHub) -> None:
    hub.stated["unet/diffusion_pytorch_model.fp16.safetensors"] = "0" * 64
    text = problem(run(place, hub))
    assert "SHA-256 `0000" in text
    assert "start the import again" in text
    assert not {f"{MODEL.prefix}/{WEIGHTS}", f"{MODEL.prefix}/manifest.json"} & set(
        place.keys(MODEL.prefix)
    )


def test_refuses_a_repository_of_pickle_alone(place: Place, hub: FakeHub) -> None:
    hub.files = {path: body for path, body in FILES.items() if not path.endswith("safetensors")}
    assert "Expected safetensors in its folder `unet`" in problem(run(place, hub))
    assert place.keys("models/") == []


def test_says_that_a_revision_is_missing(place: Place, hub: FakeHub) -> None:
    hub.revision = "f" * 40
    assert f"has no revision `{MODEL.revision}`" in problem(run(place, hub))


def test_says_that_a_repository_is_missing(place: Place, hub: FakeHub) -> None:
    hub.home = "somebody/else"
    assert f"`{MODEL.home}`, but it is not there" in problem(run(place, hub))


def test_says_that_it_is_no_diffusers_repository(place: Place, hub: FakeHub) -> None:
    del hub.files["model_index.json"]
    assert "has no `model_index.json`" in problem(run(place, hub))


def test_lists_the_known_models_for_an_unknown_one(place: Place, hub: FakeHub) -> None:
    text = problem(run(place, hub, MODEL="gpt"))
    assert "`flux-dev`" in text and "`sd-1.5`" in text and "got `gpt`" in text


def test_the_tiny_model_needs_no_import(place: Place, hub: FakeHub) -> None:
    assert "lies in this repository" in problem(run(place, hub, MODEL="tiny"))


def test_names_every_missing_variable(place: Place, hub: FakeHub) -> None:
    assert "`MODEL` and `BUCKET`" in problem(run(place, hub, MODEL="", BUCKET=""))


def test_says_that_the_bucket_is_missing(place: Place, hub: FakeHub) -> None:
    assert "bucket `no-such-bucket`" in problem(run(place, hub, BUCKET="no-such-bucket"))
