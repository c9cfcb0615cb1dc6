from typing import Any

import pytest

from builders import a_recipe, a_shard, an_environment, an_image, images
from fake_bucket import FakeBucket
from shards import read
from worker.bucket import BucketError
from worker.errors import InvalidJob
from worker.settings import read_settings
from worker.shard import find_missing, read_shard


def test_reads_images_in_order_and_each_once() -> None:
    shard = read(a_shard([*images(3), *images(2)]))
    assert [image.hash for image in shard.images] == [image["hash"] for image in images(3)]


def test_asks_the_bucket_which_images_are_missing() -> None:
    shard = read(a_shard(images(3)))
    bucket: Any = FakeBucket({shard.images[1].key: b""})
    missing = find_missing(bucket, shard.images)
    assert missing == [shard.images[0], shard.images[2]]


@pytest.mark.parametrize(
    "source",
    [
        b"not JSON",
        [],
        a_shard([{"hash": "a" * 64, "recipe": a_recipe()}]),
        a_shard([{"recipe": a_recipe()}]),
        a_shard([{"hash": "a" * 64, "recipe": {"prompt": "a red cat"}}]),
        a_shard([an_image(model="another")]),
        a_shard(images(1), jobId="another"),
        a_shard(images(1), shard=1),
        a_shard(images(1), version=2),
    ],
)
def test_refuses_a_shard_that_is_wrong(source: object) -> None:
    with pytest.raises(InvalidJob) as caught:
        read(source)
    assert "\n" not in str(caught.value)
    assert "a red cat" not in str(caught.value)


def test_refuses_what_the_schema_refuses() -> None:
    with pytest.raises(InvalidJob, match="steps"):
        read(a_shard([an_image(steps=1000)]))


def test_says_which_shard_is_absent_or_cannot_be_reached() -> None:
    settings = read_settings(an_environment())
    nothing: Any = FakeBucket()
    with pytest.raises(InvalidJob, match="found no object"):
        read_shard(nothing, settings)

    class Unreachable:
        def read(self, key: str) -> bytes:
            raise BucketError(f"Could not read `{key}`: no route")

    with pytest.raises(InvalidJob, match="no route"):
        read_shard(Unreachable(), settings)  # type: ignore[arg-type]
