import json
from datetime import datetime

import pytest

from builders import an_environment
from worker.log import Log, stack_of
from worker.settings import read_settings


def test_writes_one_json_object_a_line_with_the_fields_of_the_attempt(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log = Log.of_attempt(read_settings(an_environment()))
    log.warn("Out of\nmemory", phase="render")
    (line,) = capsys.readouterr().out.splitlines()
    written = json.loads(line)
    datetime.fromisoformat(written.pop("timestamp"))
    assert written == {
        "level": "WARN",
        "message": "Out of\nmemory",
        "state": "Run GPU job",
        "jobId": "job-1",
        "shard": 0,
        "attempt": 1,
        "pool": "use1-az4/g6.xlarge/spot",
        "phase": "render",
    }


def test_a_stack_holds_places_and_no_words() -> None:
    secret = "a prompt"
    try:
        raise ValueError(secret)
    except ValueError as error:
        stack = stack_of(error)
    assert len(stack) == 1
    assert stack[0].endswith(" in test_a_stack_holds_places_and_no_words")
    assert secret not in stack[0]
