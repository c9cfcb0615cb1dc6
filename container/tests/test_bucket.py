from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from builders import an_environment
from place import Place

from worker.bucket import Bucket, BucketError
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


def test_only_the_first_of_many_writes_counts(bucket: Bucket) -> None:
    with ThreadPoolExecutor(8) as pool:
        bodies = [bytes([number]) for number in range(8)]
        firsts = list(pool.map(lambda body: bucket.put_once("x", body, "image/png"), bodies))
    assert firsts.count(True) == 1
    assert bucket.read("x") == bodies[firsts.index(True)]


def test_a_bucket_that_does_not_exist_is_an_error(s3_url: str) -> None:
    settings = read_settings(an_environment(AWS_ENDPOINT_URL=s3_url, BUCKET="no-such-bucket"))
    for ask in (Bucket(settings).read, lambda key: Bucket(settings).put(key, b"", "text/plain")):
        with pytest.raises(BucketError, match="no-such-bucket"):
            ask("key")
