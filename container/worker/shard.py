"""The shard: which images this attempt is asked for."""

import json
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from worker.bucket import Bucket, BucketError
from worker.errors import InvalidJob, one_line
from worker.lora_names import lora_problem
from worker.recipe import Recipe
from worker.settings import Settings

# Laid out alike in the repository and in the image.
SCHEMA = Path(__file__).resolve().parents[2] / "statemachine" / "schema" / "shard.schema.json"
PARALLEL_LOOKUPS = 16
LONGEST_VALUE = 200
# What reading a shard of another shape raises: a text where a list should be, a number that no
# JSON may hold, half a character, brackets without end.
MALFORMED = (
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)


@dataclass(frozen=True)
class Image:
    hash: str
    recipe: Recipe

    @property
    def key(self) -> str:
        return f"images/{self.hash}.png"


@dataclass(frozen=True)
class Shard:
    model: str
    revision: str
    images: tuple[Image, ...]
    """In the order of the file, each hash once."""


def read_shard(bucket: Bucket, settings: Settings) -> Shard:
    """Raises InvalidJob when the shard is absent, malformed or not the one asked for."""
    key = settings.shard_key
    try:
        body = bucket.read(key)
    except BucketError as error:
        raise InvalidJob(f"Expected to read shard `{key}`. {error}") from error
    if body is None:
        raise InvalidJob(f"Expected shard `{key}` in bucket `{settings.bucket}`, found no object.")
    try:
        source = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidJob(f"Expected shard `{key}` to be JSON, got {one_line(error)}.") from error
    try:
        check_schema(source, key)
        return parse_shard(source, settings)
    except MALFORMED as error:
        raise InvalidJob(
            f"Expected shard `{key}` to follow `shard.schema.json`, got {one_line(error)}."
        ) from error


def check_schema(source: Any, key: str) -> None:
    validator = Draft202012Validator(json.loads(SCHEMA.read_text("utf8")))
    problem = best_match(validator.iter_errors(source))
    if problem:
        # Not problem.message: it quotes the instance, which may be a person's prompt.
        raise InvalidJob(
            f"Expected `{problem.json_path}` of shard `{key}` to satisfy "
            f"`{problem.validator}: {json.dumps(problem.validator_value)[:100]}`."
        )


def parse_shard(source: Any, settings: Settings) -> Shard:
    """Raises InvalidJob, or one of MALFORMED."""
    images = [Image(item["hash"], Recipe.from_json(item["recipe"])) for item in source["images"]]
    shard = Shard(source["model"], source["revision"], tuple(dict.fromkeys(images)))
    found = (source["version"], source["jobId"], source["shard"])
    check_images(shard)
    wanted = (1, settings.job_id, settings.shard)
    if found != wanted:
        raise InvalidJob(
            f"Expected (version, jobId, shard) of `{settings.shard_key}` to be `{wanted}`, "
            f"got `{short(found)}`."
        )
    return shard


def check_images(shard: Shard) -> None:
    """A wrong hash would store a picture under another picture's name for good."""
    for index, image in enumerate(shard.images):
        actual = image.recipe.hash()
        if actual != image.hash:
            raise InvalidJob(
                f"Expected `images[{index}].hash` to be the recipe's hash `{actual}`, "
                f"got `{short(image.hash)}`."
            )
        if (image.recipe.model, image.recipe.revision) != (shard.model, shard.revision):
            raise InvalidJob(
                f"Expected `images[{index}]` to use the shard's model "
                f"`{short(shard.model)}@{short(shard.revision)}`, "
                f"got `{short(image.recipe.model)}@{short(image.recipe.revision)}`."
            )
        problem = lora_problem(image.recipe.loras)
        if problem:
            text = f"Expected `images[{index}].recipe.loras` to hold {short(problem)}."
            raise InvalidJob(text)


def short(value: object) -> str:
    """For a message: one line, however long the value is."""
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"


def find_missing(bucket: Bucket, images: Iterable[Image]) -> list[Image]:
    """Asks the bucket, the only truth about what is left. Raises BucketError."""
    wanted = list(images)
    with ThreadPoolExecutor(PARALLEL_LOOKUPS) as pool:
        exists = list(pool.map(lambda image: bucket.exists(image.key), wanted))
    return [image for image, there in zip(wanted, exists, strict=True) if not there]
