"""What torch.compile made, kept in the bucket: the first worker compiles, the next ones load.

    compile-cache/<image fingerprint or versions>/<gpu>/<model>/<mode and shapes>/artifacts-<sha256>
    compile-cache/…/sha256                        which of them counts, written last and only once

It is code: whoever can write here runs code on every worker. So it has a prefix of its own, nothing
in it is ever overwritten, and nothing is loaded whose SHA-256 is another than the one written down.
Tracing is not cached, only what follows from it: seconds per process are left.
No cache, a wrong one, or a bucket that says no: it is compiled here, and said in the log.
"""

import hashlib
import re
from importlib.metadata import PackageNotFoundError, version
from typing import NamedTuple

import torch

from worker.bucket import Bucket, BucketError
from worker.errors import one_line
from worker.log import Log

PREFIX = "compile-cache"
SHA256 = re.compile(rb"[0-9a-f]{64}")
CONTENT_TYPE = "application/octet-stream"


class CacheKey(NamedTuple):
    origin: str
    """The fingerprint of the worker's image; without one, versions()."""
    gpu: str
    model: str
    """id@revision"""
    shapes: str
    """The mode, and each compiled size with its compute batch."""

    @property
    def prefix(self) -> str:
        return "/".join([PREFIX, *map(slug, self)])


def slug(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9._@+,-]+", "-", text).strip("-")


def versions() -> str:
    """What decides whether an artifact fits: torch checks its own part of it again."""
    found = []
    for name in ("torch", "triton", "diffusers"):
        try:
            found.append(f"{name}-{version(name)}")
        except PackageNotFoundError:  # triton is absent from CPU wheels
            continue
    return "_".join(found)


class CompileCache:
    def __init__(self, bucket: Bucket, key: CacheKey, log: Log) -> None:
        self._bucket, self._log = bucket, log
        self._prefix = key.prefix
        self._was_loaded = False

    def load(self) -> bool:
        """Whether artifacts were loaded. Never raises for what is in the bucket, or is not."""
        try:
            body = self._read()
            if body is not None:
                torch.compiler.load_cache_artifacts(body)
                self._was_loaded = True
        except Exception as error:
            self._log.warn(f"No compile cache: {one_line(error)}", phase="load")
        return self._was_loaded

    def save(self) -> bool:
        """Call it after the first compiled batch. True if this worker's artifacts now count."""
        if self._was_loaded:
            return False
        try:
            found = torch.compiler.save_cache_artifacts()
            return found is not None and self._write(found[0])
        except Exception as error:
            self._log.warn(f"Compile cache not kept: {one_line(error)}", phase="render")
            return False

    def _read(self) -> bytes | None:
        """None if there is none. Raises BucketError, or ValueError if it is not what it was."""
        wanted = self._bucket.read(f"{self._prefix}/sha256")
        if wanted is None:
            return None
        if not SHA256.fullmatch(wanted):
            raise ValueError(f"Expected `{self._prefix}/sha256` to hold 64 hex digits.")
        key = self._artifacts(wanted.decode())
        body = self._bucket.read(key)
        if body is None:
            raise BucketError(f"Expected `{key}`, found no object.")
        found = hashlib.sha256(body).hexdigest()
        if found != wanted.decode():
            raise ValueError(f"Expected `{key}` to have the SHA-256 of its name, got `{found}`.")
        return body

    def _write(self, body: bytes) -> bool:
        # Named by its hash, and the pointer last: of two workers at once one wins, whole.
        digest = hashlib.sha256(body).hexdigest()
        self._bucket.put_once(self._artifacts(digest), body, CONTENT_TYPE)
        is_first = self._bucket.put_once(f"{self._prefix}/sha256", digest.encode(), "text/plain")
        self._log.info(
            f"Compile cache {'kept' if is_first else 'was there first'}",
            phase="render",
            megabytes=round(len(body) / 1e6, 1),
        )
        return is_first

    def _artifacts(self, digest: str) -> str:
        return f"{self._prefix}/artifacts-{digest}"
