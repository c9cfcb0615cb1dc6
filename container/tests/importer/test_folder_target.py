"""The import into the store of a person's own machine."""

import json
import os
import shutil
from pathlib import Path

import pytest

from fake_hub import FakeHub
from importer import __main__ as command
from importer.folder_target import FolderTarget
from importing import FILES, HALF, MODEL, WEIGHTS, problem, run
from place import Place
from worker.manifest import parse_manifest
from worker.weights import is_complete


def test_the_store_and_the_workers_cache_share_the_bytes(
    place: Place, hub: FakeHub, tmp_path: Path
) -> None:
    end = run(place, hub, STATE_DIR=str(tmp_path), BUCKET="")
    assert (end.returncode, end.stderr) == (0, "")
    stored = tmp_path / "bucket" / MODEL.prefix
    cached = tmp_path / "worker-cache" / MODEL.prefix
    assert (stored / WEIGHTS).read_bytes() == HALF
    assert os.path.samefile(stored / WEIGHTS, cached / WEIGHTS)
    body = (stored / "manifest.json").read_bytes()
    manifest = parse_manifest(body, MODEL.id, MODEL.revision)
    assert is_complete(cached, manifest)
    assert {path.name for path in (tmp_path / "import").iterdir()} == set()


def test_a_second_import_fetches_nothing_and_heals_the_cache(
    place: Place, hub: FakeHub, tmp_path: Path
) -> None:
    run(place, hub, STATE_DIR=str(tmp_path))
    cached = tmp_path / "worker-cache" / MODEL.prefix / WEIGHTS
    cached.unlink()
    hub.fetched.clear()
    assert "already, whole" in run(place, hub, STATE_DIR=str(tmp_path)).stdout
    assert cached.read_bytes() == HALF and hub.fetched == []
    (tmp_path / "bucket" / MODEL.prefix / WEIGHTS).unlink()
    assert run(place, hub, STATE_DIR=str(tmp_path)).returncode == 0
    assert [path for path in hub.fetched if path.endswith("safetensors")] == [
        WEIGHTS.replace(".safetensors", ".fp16.safetensors")
    ]


def test_a_missing_token_goes_into_the_environment(
    place: Place, hub: FakeHub, tmp_path: Path
) -> None:
    hub.gated = True
    text = problem(run(place, hub, STATE_DIR=str(tmp_path)))
    assert "no valid token" in text and "into the environment variable `HF_TOKEN`" in text
    assert not (tmp_path / "bucket").exists()


def test_a_name_that_leads_out_of_the_store_is_refused(
    place: Place, hub: FakeHub, tmp_path: Path
) -> None:
    index = json.loads(FILES["model_index.json"]) | {"..": ["diffusers", "X"]}
    hub.files = {**hub.files, "model_index.json": json.dumps(index).encode(), "../a.json": b"x"}
    text = problem(run(place, hub, STATE_DIR=str(tmp_path / "state")))
    assert "plain names" in text
    assert not list(tmp_path.glob("a.json"))


def test_a_full_disk_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def fail(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(command, "import_model", fail)
    assert command.main({"MODEL": MODEL.id, "STATE_DIR": str(tmp_path)}) == 1
    assert "`--state`" in capsys.readouterr().err


def test_two_imports_at_once_do_not_take_each_others_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_bytes(b"one")
    other.write_bytes(b"other")
    link = os.link

    def link_while_the_other_is_quicker(source: Path, staged: Path) -> None:
        link(source, staged)
        monkeypatch.undo()
        FolderTarget(tmp_path).upload("models/other", other, "")
        FolderTarget(tmp_path).write_json("models/other.json", {})

    monkeypatch.setattr(os, "link", link_while_the_other_is_quicker)
    FolderTarget(tmp_path).upload("models/one", one, "")
    stored = tmp_path / "bucket" / "models"
    assert (stored / "one").read_bytes() == b"one"
    assert (stored / "other").read_bytes() == b"other"


def test_a_file_that_could_not_be_kept_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def half(_source: Path, staged: Path) -> None:
        staged.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "link", half)
    monkeypatch.setattr(shutil, "copyfile", half)
    with pytest.raises(OSError, match="No space left"):
        FolderTarget(tmp_path).upload("models/one", tmp_path / "one", "")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
