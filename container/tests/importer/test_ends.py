"""What becomes of an import: a worker renders from it; odd ends are one line each."""

import errno
import logging
from pathlib import Path

import pytest
from httpx2 import ConnectError
from huggingface_hub import HfApi

from builders import images
from fake_hub import FakeHub, Repository
from importer import __main__ as command
from importer.errors import ImportProblem
from importer.hub import Hub, disk_problem
from importing import CLASSIFIER, MODEL, problem, run
from place import Place
from random_checker import make_classifier


def as_published(folder: Path) -> dict[str, bytes]:
    """The files of a model as a repository holds them: the half precision under a name of its own,
    beside full weights that must not be taken."""
    files = {}
    for path in folder.rglob("*"):
        if path.is_file():
            name, body = path.relative_to(folder).as_posix(), path.read_bytes()
            if name.endswith(".safetensors"):
                files[name] = b"the full precision, which nobody asked for"
                name = name.replace(".safetensors", ".fp16.safetensors")
            files[name] = body
    return files


@pytest.fixture
def classifier(tmp_path: Path) -> Repository:
    """Random weights that take every picture for a normal one."""
    make_classifier(tmp_path, ["normal", "nsfw"], -2.0)
    files = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    return Repository(CLASSIFIER.home, CLASSIFIER.revision, files)


def test_a_worker_renders_from_an_imported_model_and_looks_by_what_came_along(
    place: Place, random_model: Path, classifier: Repository
) -> None:
    hub = FakeHub(MODEL.home, MODEL.revision, as_published(random_model))
    hub.beside.append(classifier)
    end = run(place, hub)
    assert end.returncode == 0, end.stderr
    ours = {"model": MODEL.id, "revision": MODEL.revision}
    place.put_shard(images(1, **ours), **ours)
    assert place.run() == 0
    assert len(place.keys("images/")) == 1
    record = place.record()
    assert record["checker"] == "safety-classifier"
    assert record["images"][0]["safety"] == "passed"
    hub.shutdown()


def test_a_hub_that_does_not_answer_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        # What is left after the library's own tries, which take long.
        raise ConnectError("[Errno 111] Connection refused")

    monkeypatch.setattr(HfApi, "list_repo_tree", fail)
    with pytest.raises(ImportProblem, match=r"does not give its list of files: .*refused\."):
        Hub(MODEL, None).files()


def test_a_token_that_the_hub_refuses_is_one_line(place: Place) -> None:
    hub = FakeHub(MODEL.home, MODEL.revision, {"model_index.json": b"{}"})
    hub.refused = {"worn-out"}
    text = problem(run(place, hub, HF_TOKEN="worn-out"))
    assert "refuses the token" in text
    assert "make a token that may read public gated repositories" in text
    hub.shutdown()


def test_a_full_disk_says_what_to_enlarge(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(command, "import_model", fail)
    assert command.main({"MODEL": MODEL.id, "BUCKET": "b", "AWS_DEFAULT_REGION": "r"}) == 1
    assert "larger compute type" in capsys.readouterr().err
    assert "Permission denied" in str(disk_problem(OSError(errno.EACCES, "Permission denied")))


def test_tries_that_the_library_repeats_leave_no_line(capfd: pytest.CaptureFixture[str]) -> None:
    Hub(MODEL, None)
    logging.getLogger("huggingface_hub.utils._http").warning("Retrying in 1s [Retry 1/5].")
    assert capfd.readouterr() == ("", "")
