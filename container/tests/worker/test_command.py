"""`python -m worker`, as Batch and the local runner start it, where it ends before torch."""

import json
import subprocess
import sys
from pathlib import Path

from builders import an_environment

CONTAINER = Path(__file__).parents[2]


def run(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "worker"]
    return subprocess.run(
        command, cwd=CONTAINER, env=environment, capture_output=True, text=True, timeout=60
    )


def test_a_bad_environment_is_one_line_and_84() -> None:
    end = run({})
    assert end.returncode == 84
    (line,) = end.stdout.splitlines()
    assert json.loads(line)["error"] == "InvalidJob"
    assert end.stderr == ""


def test_an_unreachable_bucket_is_one_clear_line() -> None:
    end = run(an_environment(AWS_ENDPOINT_URL="http://127.0.0.1:9", IMDS_POLL_SECONDS="60"))
    assert end.returncode == 88
    errors = [line for line in map(json.loads, end.stdout.splitlines()) if "error" in line]
    assert len(errors) == 1
    assert "http://127.0.0.1:9" in errors[0]["message"]
    assert end.stderr == ""
