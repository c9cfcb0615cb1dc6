"""What the worker shares with the TypeScript half: names, exit codes, the record's schema."""

import json
from pathlib import Path

import jsonschema
import pytest

from builders import an_environment
from worker.errors import GpuOutOfMemory, WorkerError, one_line
from worker.record import AttemptRecord
from worker.settings import read_settings

SCHEMAS = Path(__file__).parents[3] / "statemachine" / "schema"
ERRORS = SCHEMAS / "errors.json"
RECORD = SCHEMAS / "attempt-record.schema.json"
ALL_ERRORS = WorkerError.__subclasses__()


def test_errors_and_exit_codes_equal_the_shared_list() -> None:
    shared = json.loads(ERRORS.read_text("utf8"))
    with_code = {error["name"]: error["exitCode"] for error in shared if error["exitCode"]}
    assert {error.name: error.exit_code for error in ALL_ERRORS} == with_code


def test_every_name_is_its_class_name() -> None:
    assert [error.name for error in ALL_ERRORS] == [error.__name__ for error in ALL_ERRORS]


@pytest.mark.parametrize("error", [None, GpuOutOfMemory("A single image does not fit.")])
@pytest.mark.parametrize("checker", [None, "safety-classifier"])
def test_the_record_follows_its_schema(error: WorkerError | None, checker: str | None) -> None:
    record = AttemptRecord(read_settings(an_environment()))
    with record.phase("render"):
        plain = {"hash": "a" * 64, "seconds": 0.5, "pixelHash": "b" * 64}
        made = {"computeBatch": 4, "decodeBatch": 1, "mode": "channels-last+fused-qkv"}
        record.images += [plain, {**plain, "effectiveSeed": 2**32 - 1, "safety": "passed", **made}]
    record.failed.append({"hash": "c" * 64, "error": "GenerationFailed", "message": "no"})
    record.blocked.append({"hash": "d" * 64, "reason": "flagged by the safety checker"})
    record.checker = checker
    record.driver = "580.95.05"
    written, schema = json.loads(record.to_bytes(error)), json.loads(RECORD.read_text("utf8"))
    jsonschema.validate(written, schema)
    assert set(written["phases"]) == set(schema["properties"]["phases"]["properties"])


def test_a_message_is_one_line_and_not_a_page() -> None:
    text = one_line(ValueError("first\n  second\n" + "x" * 1000))
    assert text.startswith("ValueError: first second xxx")
    assert len(text) == 500
