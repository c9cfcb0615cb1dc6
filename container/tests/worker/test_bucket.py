from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

from builders import an_environment
from place import Place
from worker.bucket import Bucket, BucketError
from worker.errors import ServiceUnavailable
from worker.settings import read_settings


@pytest.fixture
def bucket(empty_place: Callable[[], Place]) -> Bucket:
    return Bucket(read_settings(empty_place().environment))


def test_reads_what_was_written(bucket: Bucket) -> None:
    bucket.put("a/b.json", b"{}", "application/json")
    assert bucket.read("a/b.json") == b"{}"
    assert b"".join(bucket.chunks("a/b.json")) == b"{}"
    assert bucket.exists("a/b.json")


def test_an_absent_object_is_no_error(bucket: Bucket) -> None:
    assert bucket.read("nothing") is None
    assert not bucket.exists("nothing")


def test_only_the_first_of_many_writes_counts(empty_place: Callable[[], Place]) -> None:
    environment = {**an_environment(), **empty_place().environment}
    attempts = [str(attempt) for attempt in range(1, 9)]
    buckets = [Bucket(read_settings({**environment, "ATTEMPT": attempt})) for attempt in attempts]
    bodies = [attempt.encode() for attempt in attempts]
    with ThreadPoolExecutor(8) as pool:
        firsts = list(
            pool.map(lambda one, body: one.put_once("x", body, "image/png"), buckets, bodies)
        )
    assert firsts.count(True) == 1
    assert buckets[0].read("x") == bodies[firsts.index(True)]


def test_a_write_whose_answer_was_lost_is_its_own(bucket: Bucket) -> None:
    assert bucket.put_once("x", b"1", "image/png")
    assert bucket.put_once("x", b"1", "image/png")


def test_a_write_of_another_attempt_is_not_its_own(empty_place: Callable[[], Place]) -> None:
    place = empty_place()
    first, second = (
        Bucket(read_settings({**an_environment(), **place.environment, "ATTEMPT": attempt}))
        for attempt in ("1", "2")
    )
    assert first.put_once("x", b"1", "image/png")
    assert not second.put_once("x", b"1", "image/png")


def test_an_object_names_its_attempt_whatever_the_execution_is_called(
    empty_place: Callable[[], Place],
) -> None:
    place = empty_place()
    named = {"JOB_ID": "Nacht Ü", "SHARD_KEY": "jobs/Nacht Ü/shards/00000.json"}
    bucket = Bucket(read_settings({**an_environment(), **place.environment, **named}))
    assert bucket.put_once("x", b"1", "image/png")
    found = place.s3.head_object(Bucket=place.name, Key="x")["Metadata"]
    assert found == {"attempt": "jobs/Nacht%20%C3%9C/attempts/00000-1.json"}


def test_a_bucket_that_does_not_exist_is_an_error(s3_url: str) -> None:
    settings = read_settings(an_environment(AWS_ENDPOINT_URL=s3_url, BUCKET="no-such-bucket"))
    for ask in (Bucket(settings).read, lambda key: Bucket(settings).put(key, b"", "text/plain")):
        with pytest.raises(BucketError, match="no-such-bucket"):
            ask("key")


@pytest.mark.parametrize(
    ("status", "is_passing"), [(500, True), (503, True), (429, True), (403, False)]
)
def test_what_may_be_well_on_another_day_has_a_name_of_its_own(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch, status: int, is_passing: bool
) -> None:
    def refuse(*_: object, **__: object) -> None:
        told = {"Error": {"Code": "Any"}, "ResponseMetadata": {"HTTPStatusCode": status}}
        raise ClientError(told, "GetObject")  # type: ignore[arg-type]

    monkeypatch.setattr(bucket._s3, "get_object", refuse)
    with pytest.raises(ServiceUnavailable if is_passing else BucketError, match="Could not read"):
        bucket.read("a")


def test_a_bucket_that_does_not_answer_may_be_well_on_another_day() -> None:
    far = Bucket(read_settings(an_environment(AWS_ENDPOINT_URL="http://127.0.0.1:9")))
    with pytest.raises(ServiceUnavailable, match="Could not head"):
        far.exists("a")
