"""The one bucket: where weights come from and images go."""

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    HTTPClientError,
    IncompleteReadError,
)

from worker.errors import ServiceUnavailable
from worker.settings import Settings

CHUNK_BYTES = 1 << 20
CONFLICT_TRIES = 5


class BucketError(Exception):
    """The bucket will not do as asked, however often; the message is one line."""


class Bucket:
    """Safe to share between threads, as boto3's clients are.

    Everything here raises BucketError, or ServiceUnavailable for what may be well on another day.
    """

    def __init__(self, settings: Settings) -> None:
        self._name = settings.bucket
        # Percent-encoded: S3 takes ASCII alone, and an execution may have any name.
        self._origin = {"attempt": quote(settings.record_key)}
        self._where = settings.endpoint_url or f"S3 in {settings.region}"
        self._s3 = boto3.client(
            "s3",
            region_name=settings.region,
            endpoint_url=settings.endpoint_url,
            config=Config(
                connect_timeout=5,
                read_timeout=60,
                # 4 tries wait at most 1 + 2 + 4 s: an interrupted worker has 25 s in all.
                retries={"mode": "standard", "total_max_attempts": 4},
                max_pool_connections=32,
                # A local endpoint has no DNS names for its buckets.
                s3={"addressing_style": "path" if settings.endpoint_url else "auto"},
            ),
        )

    def exists(self, key: str) -> bool:
        """Needs s3:ListBucket: without it S3 answers 403 instead of 404 for an absent key."""
        try:
            self._s3.head_object(Bucket=self._name, Key=key)
        except (BotoCoreError, ClientError) as error:
            if status_of(error) == 404 and code_of(error) != "NoSuchBucket":
                return False
            raise self._problem("head", key, error) from error
        return True

    def read(self, key: str) -> bytes | None:
        """The whole object, or None if there is none."""
        try:
            return self._s3.get_object(Bucket=self._name, Key=key)["Body"].read()
        except (BotoCoreError, ClientError) as error:
            if code_of(error) == "NoSuchKey":
                return None
            raise self._problem("read", key, error) from error

    def chunks(self, key: str, part: tuple[int, int] | None = None) -> Iterator[bytes]:
        """The object, or its bytes from part[0] up to part[1], in pieces of CHUNK_BYTES.

        An absent object is a BucketError."""
        wanted = {"Range": f"bytes={part[0]}-{part[1] - 1}"} if part else {}
        try:
            body = self._s3.get_object(Bucket=self._name, Key=key, **wanted)["Body"]
            yield from body.iter_chunks(CHUNK_BYTES)
        except (BotoCoreError, ClientError) as error:
            raise self._problem("read", key, error) from error

    def put(self, key: str, body: bytes, content_type: str) -> None:
        try:
            self._s3.put_object(Bucket=self._name, Key=key, Body=body, ContentType=content_type)
        except (BotoCoreError, ClientError) as error:
            raise self._problem("write", key, error) from error

    def put_once(self, key: str, body: bytes, content_type: str) -> bool:
        """Writes only if the key is free; False if someone was first.

        The object names its attempt: a write whose answer was lost and that was repeated finds its
        own object, and an attempt that is lost before its record leaves word of what it made.
        """
        for tries_left in reversed(range(CONFLICT_TRIES)):
            try:
                self._s3.put_object(
                    Bucket=self._name,
                    Key=key,
                    Body=body,
                    ContentType=content_type,
                    IfNoneMatch="*",
                    Metadata=self._origin,
                )
                return True
            except (BotoCoreError, ClientError) as error:
                if status_of(error) == 412:
                    return self._is_mine(key)
                # 409 ConditionalRequestConflict: another write of the key is under way and may yet
                # fail, so S3 asks for the write to be repeated. botocore does not retry it.
                if status_of(error) != 409 or not tries_left:
                    raise self._problem("write", key, error) from error
            time.sleep(0.2)
        return False

    def _is_mine(self, key: str) -> bool:
        try:
            return self._s3.head_object(Bucket=self._name, Key=key)["Metadata"] == self._origin
        except (BotoCoreError, ClientError):
            # It is there, and that is what counts.
            return False

    def _problem(self, verb: str, key: str, error: Exception) -> Exception:
        kind = ServiceUnavailable if is_passing(error) else BucketError
        reason = " ".join(str(error).split())
        return kind(f"Could not {verb} `{key}` in bucket `{self._name}` at {self._where}: {reason}")


def is_passing(error: Exception) -> bool:
    """Throttled, failed on the side of S3, or no answer at all."""
    if isinstance(error, (ConnectionError, HTTPClientError, IncompleteReadError)):
        return True
    status = status_of(error)
    return status is not None and (status >= 500 or status == 429)


def response_of(error: Exception) -> dict[str, Any]:
    return dict(error.response) if isinstance(error, ClientError) else {}


def status_of(error: Exception) -> int | None:
    return response_of(error).get("ResponseMetadata", {}).get("HTTPStatusCode")


def code_of(error: Exception) -> str | None:
    return response_of(error).get("Error", {}).get("Code")
