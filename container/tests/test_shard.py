import json
from pathlib import Path

import pytest
from builders import a_recipe, a_shard, an_environment, an_image, images

from worker.bucket import BucketError
from worker.errors import InvalidJob
from worker.settings import REPOSITORY_SCHEMAS, read_settings
from worker.shard import Shard, find_missing, read_shard


class BucketOf:
    """A bucket with one shard and no network."""

    def __init__(self, body: bytes | None, keys: tuple[str, ...] = ()) -> None:
        self._body = body
        self._keys = keys

    def read(self, _key: str) -> bytes | None:
        return self._body

    def exists(self, key: str) -> bool:
        return key in self._keys


def read(source: object, schema_dir: Path | str = REPOSITORY_SCHEMAS) -> Shard:
    body = source if isinstance(source, bytes) else json.dumps(source).encode()
    settings = read_settings(an_environment(SCHEMA_DIR=str(schema_dir)))
    return read_shard(BucketOf(body), settings)  # type: ignore[arg-type]


def test_reads_images_in_order_and_each_once() -> None:
    shard = read(a_shard([*images(3), *images(2)]))
    assert [image.hash for image in shard.images] == [image["hash"] for image in images(3)]


def test_asks_the_bucket_which_images_are_missing() -> None:
    shard = read(a_shard(images(3)))
    bucket = BucketOf(None, keys=(shard.images[1].key,))
    missing = find_missing(bucket, shard.images)  # type: ignore[arg-type]
    assert missing == [shard.images[0], shard.images[2]]


@pytest.mark.parametrize("schema_dir", [REPOSITORY_SCHEMAS, "/nowhere"], ids=["schema", "without"])
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
def test_refuses_a_shard_that_is_wrong(source: object, schema_dir: Path | str) -> None:
    with pytest.raises(InvalidJob) as caught:
        read(source, schema_dir)
    assert "\n" not in str(caught.value)
    assert "a red cat" not in str(caught.value)


@pytest.mark.skipif(not REPOSITORY_SCHEMAS.exists(), reason="the schemas are not there")
def test_refuses_what_the_schema_refuses() -> None:
    with pytest.raises(InvalidJob, match="steps"):
        read(a_shard([an_image(steps=1000)]))


def test_says_which_shard_is_absent_or_cannot_be_reached() -> None:
    settings = read_settings(an_environment())
    with pytest.raises(InvalidJob, match="found no object"):
        read_shard(BucketOf(None), settings)  # type: ignore[arg-type]

    class Unreachable:
        def read(self, key: str) -> bytes:
            raise BucketError(f"Could not read `{key}`: no route")

    with pytest.raises(InvalidJob, match="no route"):
        read_shard(Unreachable(), settings)  # type: ignore[arg-type]
