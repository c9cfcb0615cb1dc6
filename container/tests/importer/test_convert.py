"""A person's own pickle: its tensors become safetensors, its code does nothing."""

import os
import pickle
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file

from importer import convert as module
from importer import convert_child
from importer.convert import convert, main, network_jail
from importer.errors import ImportProblem

JAIL = network_jail()
needs_jail = pytest.mark.skipif(JAIL is None, reason="no network namespaces for users here")


class Evil:
    """Leaves a file behind when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> Any:
        return os.system, (f"touch {self.mark}",)


@pytest.fixture
def weights() -> dict[str, torch.Tensor]:
    base = torch.arange(12, dtype=torch.float16).reshape(3, 4)
    # Views of one storage, and one that is not contiguous: safetensors takes neither as it is.
    return {"lora.up": base, "lora.down": base.t(), "alpha": torch.tensor(4.0)}


def saved(folder: Path, content: Any, name: str = "own.ckpt", **options: Any) -> Path:
    path = folder / name
    torch.save(content, path, **options)
    return path


def read_by_child(source: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What the child does, without the seconds of a process of its own: its one line of trouble."""
    target = source.with_suffix(".safetensors")
    assert convert_child.main(str(source), str(target)) == 1
    assert not target.exists()
    (line,) = capsys.readouterr().err.splitlines()
    return line


@pytest.mark.parametrize("wrap", [None, "state_dict", "module", "model"])
def test_the_tensors_stay_as_they_are(tmp_path: Path, weights: Any, wrap: str | None) -> None:
    content = {wrap: weights, "epoch": 3, "optimizer": {"lr": 0.1}} if wrap else weights
    target = tmp_path / "own.safetensors"
    assert convert_child.main(str(saved(tmp_path, content)), str(target)) == 0
    found = load_file(target)
    assert found.keys() == weights.keys()
    for name, tensor in weights.items():
        assert torch.equal(found[name], tensor)
        assert found[name].dtype == tensor.dtype


@needs_jail
def test_code_in_a_pickle_does_not_run(tmp_path: Path, weights: Any) -> None:
    mark, target = tmp_path / "mark", tmp_path / "own.safetensors"
    source = saved(tmp_path, {**weights, "evil": Evil(mark)})
    with pytest.raises(ImportProblem, match=r"was not converted .*Unpickling"):
        convert(source, target)
    assert not mark.exists() and list(tmp_path.iterdir()) == [source]
    # It is a true one: what reads it without care runs it.
    torch.load(source, weights_only=False)
    assert mark.exists()


def test_code_in_the_older_formats_does_not_run(
    tmp_path: Path, weights: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    mark = tmp_path / "mark"
    bare = tmp_path / "bare.pkl"
    bare.write_bytes(pickle.dumps(Evil(mark)))
    content = {**weights, "evil": Evil(mark)}
    for source in (
        bare,
        saved(tmp_path, content, "old.pt", _use_new_zipfile_serialization=False),
        *(saved(tmp_path, content, f"new{suffix}") for suffix in (".bin", ".pt", ".pth")),
    ):
        assert "Unpickling" in read_by_child(source, capsys)
    assert not mark.exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x80\x02", bytes(range(256))])
def test_a_file_that_is_none_is_one_line(
    tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "broken.ckpt"
    source.write_bytes(content)
    assert read_by_child(source, capsys)
    assert list(tmp_path.iterdir()) == [source]


@pytest.mark.parametrize("content", [[1, 2], {"a": 1}, {}, torch.ones(2)])
def test_what_holds_no_tensors_by_name_is_refused(
    tmp_path: Path, content: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "Expected tensors by their names" in read_by_child(saved(tmp_path, content), capsys)


@needs_jail
def test_the_child_reaches_no_network_and_knows_no_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reached = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def accept() -> None:
            try:
                server.accept()[0].close()
                reached.set()
            except OSError:
                pass

        threading.Thread(target=accept, daemon=True).start()
        call = f"import socket; socket.create_connection(('127.0.0.1', {port}), 3)"
        jailed = subprocess.run([*(JAIL or []), sys.executable, "-c", call], capture_output=True)
        assert jailed.returncode != 0 and not reached.is_set()
        subprocess.run([sys.executable, "-c", call], check=True)
        assert reached.wait(5)
    monkeypatch.setenv("HF_TOKEN", "hf_planted")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "planted")
    dump = "import os; print(sum('planted' in value for value in os.environ.values()))"
    assert module.run_child([sys.executable, "-I", "-c", dump]) == 0


def test_without_a_namespace_it_is_refused_unless_a_person_says_so(
    tmp_path: Path, weights: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "network_jail", lambda: None)
    source, target = saved(tmp_path, weights), tmp_path / "own.safetensors"
    with pytest.raises(ImportProblem, match="--with-network"):
        convert(source, target)
    assert not target.exists()
    assert convert(source, target, with_network=True) == 3
    mark = tmp_path / "mark"
    with pytest.raises(ImportProblem, match="Unpickling"):
        convert(
            saved(tmp_path, Evil(mark), "evil.pt"), tmp_path / "e.safetensors", with_network=True
        )
    assert not mark.exists()


@pytest.mark.parametrize(
    ("source", "target", "found"),
    [
        ("own.safetensors", "b.safetensors", "Expected a file that ends with one of"),
        ("own.ckpt", "own.bin", "ends with `.safetensors`"),
        ("absent.ckpt", "b.safetensors", "found none"),
        ("own.ckpt", "there.safetensors", "nothing is overwritten"),
    ],
)
def test_wrong_names_are_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], source: str, target: str, found: str
) -> None:
    for name in ("own.ckpt", "own.safetensors", "there.safetensors"):
        (tmp_path / name).write_bytes(b"x")
    assert main([str(tmp_path / source), str(tmp_path / target)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert found in line
    assert (tmp_path / "there.safetensors").read_bytes() == b"x"


@needs_jail
def test_the_command_says_what_it_wrote(
    tmp_path: Path, weights: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "ink.safetensors"
    assert main([str(saved(tmp_path, weights)), str(target)]) == 0
    assert capsys.readouterr().out == f"Wrote `{target}`: 3 tensors.\n"
    with safe_open(target, "pt") as file:
        assert sorted(file.keys()) == ["alpha", "lora.down", "lora.up"]
