"""A prompt or an error text can't forge a line of a log, colour a terminal or hide what follows."""

import json

import pytest

from builders import a_shard, an_environment, an_image
from shards import read
from worker.errors import InvalidJob, one_line
from worker.log import Log
from worker.settings import read_settings

HOSTILE = [
    'x\n{"level":"ERROR","message":"forged"}',
    "x\r\nINFO forged",
    "\x1b[31mred\x1b[0m\x1b]0;title\x07\x1b[2J",
    "safe\u202egnp.exe",
    "a\u2028b\u2029c\u0085d\x00e\x7ff\x9b2J",
    "\ud83d alone",
    "<script>alert(1)</script>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_log_line_is_one_line_of_plain_ascii(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    log = Log.of_attempt(read_settings(an_environment()))
    log.error(text, reason=text, stack=[text])
    written = capsys.readouterr().out
    assert written.endswith("\n") and written.count("\n") == 1
    assert all(0x20 <= ord(character) < 0x7F for character in written[:-1])
    assert json.loads(written)["message"] == text


@pytest.mark.parametrize("text", HOSTILE)
def test_an_error_of_a_library_is_one_line(text: str) -> None:
    line = one_line(ValueError(text))
    assert len(line.splitlines()) == 1


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("field", ["prompt", "scheduler", "model"])
def test_a_refused_shard_quotes_no_prompt_and_stays_one_line(text: str, field: str) -> None:
    text = text.encode("utf8", "replace").decode()  # a hash needs true characters
    with pytest.raises(InvalidJob) as caught:
        read(a_shard([an_image(**{"steps": 1000, field: text})]))
    said = str(caught.value)
    assert len(said.splitlines()) == 1
    if field == "prompt":
        assert text not in said
