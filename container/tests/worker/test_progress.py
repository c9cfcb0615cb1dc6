import json
import threading
from collections.abc import Callable
from typing import Any

import pytest

from builders import an_environment
from place import Place
from worker.bucket import Bucket
from worker.log import Log
from worker.progress import Progress, make_progress
from worker.settings import read_settings


class Clock:
    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self) -> float:
        return self.time


class Watched:
    """A progress of 100 images with a clock to turn; what it wrote."""

    def __init__(self) -> None:
        self.clock, self.written, self.free = Clock(), [], threading.Event()
        self.free.set()
        self.progress = Progress(100, Log(), self._write, self.clock)

    def _write(self, state: dict[str, Any]) -> None:
        self.free.wait(5)
        self.written.append(state)

    def batch(self, images: int, seconds: float) -> None:
        self.clock.time += seconds
        self.progress.done(images)
        if self.progress._writer and self.free.is_set():
            self.progress._writer.join(5)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_says_how_many_how_fast_and_how_long_still() -> None:
    watched = Watched()
    watched.batch(4, 30)  # the warm-up counts for nothing
    assert watched.progress.state.to_json() == {
        "done": 4,
        "total": 100,
        "imagesPerSecond": None,
        "secondsLeft": None,
    }
    watched.batch(4, 3)
    state = watched.progress.state
    assert state.images_per_second == pytest.approx(4 / 3)
    assert state.seconds_left == pytest.approx(92 / (4 / 3))


def test_the_speed_is_that_of_the_last_minute() -> None:
    watched = Watched()
    for _ in range(10):
        watched.batch(1, 10)
    for _ in range(40):
        watched.batch(2, 2)
    assert watched.progress.state.images_per_second == pytest.approx(1)


def test_two_batches_reported_at_once_are_no_speed() -> None:
    watched = Watched()
    watched.batch(4, 3)
    watched.batch(4, 0.01)
    assert watched.progress.state.images_per_second is None


def test_nothing_is_left_at_the_end() -> None:
    watched = Watched()
    watched.batch(50, 1)
    watched.batch(50, 1)
    assert watched.progress.state.to_json()["secondsLeft"] == 0


def test_a_gpu_that_stands_still_has_no_end() -> None:
    watched = Watched()
    watched.batch(4, 1)
    watched.batch(0, 100)
    assert watched.progress.state.to_json()["secondsLeft"] is None


def test_logs_every_five_seconds_and_writes_every_fifteen(
    capsys: pytest.CaptureFixture[str],
) -> None:
    watched = Watched()
    for _ in range(31):
        watched.batch(1, 1)
    assert [line["done"] for line in lines(capsys)] == [1, 6, 11, 16, 21, 26, 31]
    assert [state["done"] for state in watched.written] == [1, 16, 31]
    watched.progress.finish()
    assert [line["done"] for line in lines(capsys)] == [31]


def test_never_waits_for_the_bucket_and_never_piles_up_writes() -> None:
    watched = Watched()
    watched.free.clear()
    for _ in range(10):
        watched.batch(1, 20)
    assert watched.written == []
    watched.free.set()
    assert watched.progress._writer
    watched.progress._writer.join(5)
    assert len(watched.written) == 1


def test_writes_beside_the_attempts_record(empty_place: Callable[[], Place]) -> None:
    place = empty_place()
    settings = read_settings(place.environment)
    progress = make_progress(2, settings, Bucket(settings), Log())
    progress.done(1)
    assert progress._writer
    progress._writer.join(10)
    state = json.loads(place.read("jobs/job-1/attempts/00000-1.progress.json"))
    assert state.pop("at").endswith("Z")
    who = {"version": 1, "jobId": "job-1", "shard": 0, "attempt": 1}
    speed = {"imagesPerSecond": None, "secondsLeft": None}
    assert state == {**who, "done": 1, "total": 2, **speed}


def test_a_bucket_that_refuses_is_a_warning(
    s3_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = read_settings(an_environment(AWS_ENDPOINT_URL=s3_url, BUCKET="no-such-bucket"))
    progress = make_progress(2, settings, Bucket(settings), Log())
    progress.done(1)
    assert progress._writer
    progress._writer.join(10)
    assert [line["level"] for line in lines(capsys)] == ["INFO", "WARN"]
