"""Whatever lies in the bucket under a shard's key: a shard, or InvalidJob in one line, at once."""

import hashlib
import random
import time
from collections import Counter

import pytest
import rfc8785

from builders import a_shard, an_image, images
from hostile import bend, mutate, nested, to_body
from shards import read
from worker.errors import InvalidJob

SEED = 20_261_125
LONGEST_SECONDS = 1.0
START = {"image": "s3://spot-diffusion/a.png", "sha256": "0" * 64, "strength": 0.5}
VALID = a_shard(
    [
        *images(2),
        an_image(loras=[{"name": "ink", "weight": 0.5}], start=START),
        an_image(safety={"policy": "reseed", "tries": 2}, prompt="größer 猫 🦊"),
    ]
)
SPECIAL = [
    b"",
    b"\x00",
    b"\xef\xbb\xbf{}",
    b"null",
    b"NaN",
    b"1" * 5000,
    b'"' + b"x" * 2_000_000 + b'"',
    nested(100_000),
    nested(100_000, '{"a":', "}").replace(b":}", b":1}"),
    b'{"images":' + nested(50_000) + b"}",
    b'{"version":1,"version":1}',
    b'{"images":[{"hash":1e999,"recipe":{}}]}',
    b"[" * 1_000_000,
]


def with_own_hash(source: object) -> object:
    """Recipes that were changed get the hash that they have then, where they have one: the checks
    behind the hash are to be reached, too."""
    if isinstance(source, dict) and isinstance(source.get("images"), list):
        for image in source["images"]:
            if isinstance(image, dict) and isinstance(image.get("recipe"), dict):
                try:
                    canonical = rfc8785.dumps(image["recipe"])
                except (ValueError, RecursionError):
                    continue
                image["hash"] = hashlib.sha256(canonical).hexdigest()
    return source


def corpus(count: int) -> list[bytes]:
    chance = random.Random(SEED)
    bodies = list(SPECIAL)
    while len(bodies) < count:
        kind = chance.random()
        if kind < 0.25:
            bodies.append(bend(to_body(VALID), chance))
        elif kind < 0.6:
            bodies.append(to_body(with_own_hash(mutate(VALID, chance))))
        else:
            bodies.append(to_body(mutate(VALID, chance)))
    return bodies


def test_every_one_of_2000_is_a_shard_or_a_named_error() -> None:
    seen: Counter[str] = Counter()
    for number, body in enumerate(corpus(2000)):
        began = time.process_time()
        try:
            read(body)
            seen["taken"] += 1
        except InvalidJob as error:
            seen["refused"] += 1
            said = str(error)
            assert len(said.splitlines()) == 1, f"input {number}"
            assert len(said) < 2000, f"input {number}"
        except Exception as error:
            pytest.fail(f"input {number} {body[:300]!r}: {type(error).__name__}: {error}"[:600])
        assert time.process_time() - began < LONGEST_SECONDS, f"input {number}"
    assert sum(seen.values()) == 2000
    assert seen["taken"] > 20 and seen["refused"] > 1500
