"""Builders with overrides for what the tests are about."""

import hashlib
from typing import Any

import rfc8785
from random_model import MODEL, REVISION


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
