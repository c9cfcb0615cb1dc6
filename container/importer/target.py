"""Where an import goes: what is there, with which checksum."""

import hashlib
import json
from pathlib import Path
from typing import Any, Protocol

import boto3
from boto3.exceptions import S3UploadFailedError
from botocore.exceptions import BotoCoreError, ClientError

from importer.errors import ImportProblem

CHUNK_BYTES = 1 << 20


class Target(Protocol):
    """Methods raise ImportProblem; those of a folder OSError, too."""

    staging: Path | None
    """Where a file is kept until it is checked; None for the system's own place."""

    def size_of(self, key: str) -> int | None: ...

    def describe(self, key: str) -> tuple[int, str | None] | None:
        """(bytes, SHA-256 if it is known), or None if there is no such object."""
        ...

    def read_json(self, key: str) -> Any:
        """None if there is no such object or it is no JSON."""
        ...

    def upload(self, key: str, file: Path, sha256: str) -> None: ...

    def write_json(self, key: str, value: Any) -> None: ...

    def finish(self, manifest_key: str, manifest: Any) -> None:
        """Called when everything that the manifest lists is there."""
        ...


class BucketTarget:
    staging: Path | None = None

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket
        # Region, credentials and AWS_ENDPOINT_URL come from the environment.
        self._s3: Any = boto3.client("s3")

    def size_of(self, key: str) -> int | None:
        found = self.describe(key)
        return found[0] if found else None

    def describe(self, key: str) -> tuple[int, str | None] | None:
        """Needs s3:ListBucket to tell 404 from 403."""
        try:
            head = self._s3.head_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                return None
            raise self._problem("look at", key, error) from error
        except BotoCoreError as error:
            raise self._problem("look at", key, error) from error
        return head["ContentLength"], head["Metadata"].get("sha256")

    def read_json(self, key: str) -> Any:
        try:
            return json.loads(self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read())
        except ValueError:
            return None
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchKey":
                return None
            raise self._problem("read", key, error) from error
        except BotoCoreError as error:
            raise self._problem("read", key, error) from error

    def upload(self, key: str, file: Path, sha256: str) -> None:
        """In parts; botocore adds a checksum to each that S3 verifies."""
        try:
            self._s3.upload_file(
                str(file), self._bucket, key, ExtraArgs={"Metadata": {"sha256": sha256}}
            )
        except (S3UploadFailedError, BotoCoreError, ClientError) as error:
            raise self._problem("write", key, error) from error

    def write_json(self, key: str, value: Any) -> None:
        body = json.dumps(value, indent=2).encode()
        try:
            self._s3.put_object(
                Bucket=self._bucket, Key=key, Body=body, ContentType="application/json"
            )
        except (BotoCoreError, ClientError) as error:
            raise self._problem("write", key, error) from error

    def finish(self, manifest_key: str, manifest: Any) -> None:
        """A bucket needs nothing more."""

    def _problem(self, verb: str, key: str, error: Exception) -> ImportProblem:
        return ImportProblem(f"Could not {verb} `{key}` in bucket `{self._bucket}`: {error}.")


def hash_file(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while chunk := source.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
