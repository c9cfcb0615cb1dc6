"""Shards, read as the worker reads them."""

import json
from typing import Any

from builders import an_environment
from fake_bucket import FakeBucket
from worker.settings import read_settings
from worker.shard import Shard, read_shard


def read(source: object) -> Shard:
    settings = read_settings(an_environment())
    body = source if isinstance(source, bytes) else json.dumps(source).encode()
    bucket: Any = FakeBucket({settings.shard_key: body})
    return read_shard(bucket, settings)
