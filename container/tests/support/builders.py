"""Builders with overrides for what the tests are about."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import rfc8785

from worker.attempt import Attempt
from worker.bucket import Bucket
from worker.log import Log
from worker.manifest import Manifest, ModelFile
from worker.recipe import Recipe
from worker.record import AttemptRecord
from worker.settings import read_settings
from worker.stop import Stop

MODEL, REVISION = "random", "abc123"
PREFIX = f"models/{MODEL}/{REVISION}"


def a_recipe(**overrides: Any) -> dict[str, Any]:
    return {
        "prompt": "a red cat",
        "negativePrompt": "",
        "seed": 1,
        "model": MODEL,
        "revision": REVISION,
        "width": 64,
        "height": 64,
        "steps": 4,
        "guidance": 2,
        "scheduler": "ddim",
        "loras": [],
        **overrides,
    }


def recipe_of(**overrides: Any) -> Recipe:
    return Recipe.from_json(a_recipe(**overrides))


def an_image(**overrides: Any) -> dict[str, Any]:
    recipe = a_recipe(**overrides)
    return {"hash": hashlib.sha256(rfc8785.dumps(recipe)).hexdigest(), "recipe": recipe}


def images(count: int, **overrides: Any) -> list[dict[str, Any]]:
    return [an_image(**{"seed": seed, **overrides}) for seed in range(count)]


def a_shard(of: list[dict[str, Any]], **overrides: Any) -> dict[str, Any]:
    return {
        "version": 1,
        "jobId": "job-1",
        "shard": 0,
        "model": MODEL,
        "revision": REVISION,
        "images": of,
        **overrides,
    }


def a_manifest(folder: Path, **overrides: Any) -> dict[str, Any]:
    """Of the files in the folder."""
    # Not `.complete`: a worker's note that all of them are there.
    files = sorted(path for path in folder.rglob("[!.]*") if path.is_file())
    return {
        "version": 1,
        "id": MODEL,
        "revision": REVISION,
        "pipeline": "StableDiffusionPipeline",
        "dtype": "float32",
        "files": [
            {
                "path": path.relative_to(folder).as_posix(),
                "bytes": path.stat().st_size,
                "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            }
            for path in files
        ],
        **overrides,
    }


def manifest_of(folder: Path, **overrides: Any) -> Manifest:
    source = a_manifest(folder, **overrides)
    files = tuple(ModelFile(**file) for file in source["files"])
    names = {name: source[name] for name in ("id", "revision", "pipeline", "dtype")}
    return Manifest(**names, files=files)


def an_environment(**overrides: str) -> dict[str, str]:
    return {
        "JOB_ID": "job-1",
        "SHARD_KEY": "jobs/job-1/shards/00000.json",
        "ATTEMPT": "1",
        "POOL": "use1-az4/g6.xlarge/spot",
        "BUCKET": "spot-diffusion",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "IMDS_ENDPOINT": "http://127.0.0.1:9",
        # On cores shared with others two threads wait for each other most of the time.
        "OMP_NUM_THREADS": "1",
        "IMDS_POLL_SECONDS": "0.05",
        **overrides,
    }


def an_attempt(environment: Mapping[str, str]) -> Attempt:
    settings = read_settings(environment)
    return Attempt(settings, Bucket(settings), AttemptRecord(settings), Stop(), Log())
