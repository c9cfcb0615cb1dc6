"""The token of an import is in no line that it prints, and no line is forged by a file's name."""

import json
from pathlib import Path

import pytest
from httpx2 import ConnectError
from huggingface_hub import HfApi

from fake_hub import FakeHub
from importer import __main__ as command
from importer.errors import ImportProblem
from importer.plain import REDACTED, plain, token_problem
from importer.registry import read_model
from importing import CLASSIFIER, MODEL, classifier_of_bytes, problem, run
from place import Place

SECRET = "hf_AbCdEfGhIjKlMnOpQrStUvWxYz012345"
HERE = {"MODEL": MODEL.id, "HF_TOKEN": SECRET}


def lines_of(capsys: pytest.CaptureFixture[str]) -> list[str]:
    written = capsys.readouterr()
    return [*written.out.splitlines(), *written.err.splitlines()]


@pytest.mark.parametrize(
    "error",
    [
        ConnectError(f"Illegal header value b'Bearer {SECRET}'"),
        OSError(5, f"Could not write /tmp/{SECRET}"),
        ImportProblem(f"The hub says: {SECRET} is not valid"),
        RuntimeError(f"bug with {SECRET} in it\nand a second line"),
        KeyError(SECRET),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_token_in_an_error_is_never_printed(
    error: Exception,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise error

    monkeypatch.setattr(HfApi, "list_repo_tree", fail)
    expected = 70 if type(error) in (RuntimeError, KeyError) else 1
    assert command.main({**HERE, "STATE_DIR": str(tmp_path)}) == expected
    lines = lines_of(capsys)
    assert len(lines) > 1
    assert not [line for line in lines if SECRET in line]
    assert REDACTED in lines[-1] or REDACTED in lines[-2]


@pytest.mark.parametrize(
    "token", ["two lines\nhf_x", "hf_\u00e9", "hf_a hf_b", "\x1b[31mhf", "x" * 513]
)
def test_a_token_that_no_header_can_carry_is_refused_without_a_word_of_it(
    token: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main({**HERE, "HF_TOKEN": token, "STATE_DIR": str(tmp_path)}) == 1
    (line,) = lines_of(capsys)
    assert "`HF_TOKEN`" in line and "To fix: copy the token again" in line
    assert token.split()[-1] not in line.replace("HF_TOKEN", "")
    assert token_problem(SECRET) is None


def test_a_hub_that_sends_the_token_back_does_not_get_it_into_the_log(place: Place) -> None:
    hub = FakeHub(MODEL.home, MODEL.revision, {"model_index.json": b"{}"})
    hub.refused, hub.refusal = {SECRET}, f"Invalid token {SECRET}"
    text = problem(run(place, hub, HF_TOKEN=SECRET))
    assert "refuses the token" in text and SECRET not in text
    hub.shutdown()


def test_names_of_files_forge_no_line(place: Place) -> None:
    # Two breaks of a line, colours, and a mark that writes from right to left, in a name that is
    # taken. Not `\n`: the S3 of this test finds no such key.
    odd = "unet/x\r\u2028  Imported `sd-1.5`\x1b[2J\u202e.json"
    files = {
        "model_index.json": json.dumps({"unet": ["diffusers", "UNet"]}).encode(),
        "unet/diffusion_pytorch_model.fp16.safetensors": b"weights",
        odd: b"{}",
    }
    hub = FakeHub(MODEL.home, MODEL.revision, files)
    hub.beside = [classifier_of_bytes()]
    end = run(place, hub)
    hub.shutdown()
    assert (end.returncode, end.stderr) == (0, "")
    assert "\x1b" not in end.stdout and "\u202e" not in end.stdout
    lines = [line.lstrip() for line in end.stdout.splitlines()]
    assert [line for line in lines if "sd-1.5" in line and line.startswith("unet/x")]
    assert [line.partition("@")[0] for line in lines if line.startswith("Imported")] == [
        f"Imported `{MODEL.id}",
        f"Imported `{CLASSIFIER.id}",
    ]


def test_a_line_stays_a_line() -> None:
    assert plain(f"a\nb\r\u2028c\x1b[1m\u202e d {SECRET}", SECRET) == f"a b c [1m  d {REDACTED}"
    assert plain("größer 猫 🦊") == "größer 猫 🦊"
    assert plain("\udcff") == ""


@pytest.mark.parametrize(
    "name", ["my.ckpt", "/home/me/pytorch_model.bin", "a.PT", "b.pth", "c.pkl"]
)
def test_a_pickle_offered_for_import_is_refused_with_what_to_do(name: str) -> None:
    with pytest.raises(ImportProblem) as caught:
        read_model(name)
    text = str(caught.value)
    assert text.startswith("Expected the id of a model, got the file `")
    assert "pickle runs code" in text and "importer.convert" in text
