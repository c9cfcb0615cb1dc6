"""One object from the bucket to the disk, in parts at once, its SHA-256 computed as it arrives.

One connection to S3 gives 5 Gb/s at most, and one thread of Python less: hence parts. They are
hashed in order, from the page cache, while later ones still arrive.
"""

import hashlib
import os
import tempfile
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from worker.bucket import CHUNK_BYTES, Bucket
from worker.errors import ServiceUnavailable
from worker.manifest import ModelFile
from worker.stop import Stop

PART_BYTES = 32 << 20
PART_TRIES = 3


def download(
    bucket: Bucket, key: str, target: Path, file: ModelFile, stop: Stop, parts: ThreadPoolExecutor
) -> str:
    """Keeps the object as `target` only if its hash is right; returns the hash found.

    Not synced: until the sentinel is written nobody trusts the file without hashing it again.
    Raises BucketError, ServiceUnavailable, OSError, and what stop raises.
    """
    descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=".part-")
    ends: list[Future[None]] = []
    try:
        starts = range(0, file.bytes, PART_BYTES) or range(1)
        ends = [
            parts.submit(fetch_part, bucket, key, descriptor, start, file, stop) for start in starts
        ]
        found = hash_in_order(descriptor, ends)
        if found == file.sha256:
            os.replace(temporary, target)
        return found
    finally:
        for end in ends:
            # A part that still writes must not write into whatever gets the number next.
            if not end.cancel():
                end.exception()
        os.close(descriptor)
        Path(temporary).unlink(missing_ok=True)


def fetch_part(
    bucket: Bucket, key: str, descriptor: int, start: int, file: ModelFile, stop: Stop
) -> None:
    """From its start again if its transfer breaks: botocore tries again only until headers come."""
    for tries_left in reversed(range(PART_TRIES)):
        try:
            return write_part(bucket, key, descriptor, start, file, stop)
        except ServiceUnavailable:
            if not tries_left:
                raise


def write_part(
    bucket: Bucket, key: str, descriptor: int, start: int, file: ModelFile, stop: Stop
) -> None:
    stop.check()
    is_whole = file.bytes <= PART_BYTES
    end = min(start + PART_BYTES, file.bytes)
    chunks = bucket.chunks(key) if is_whole else bucket.chunks(key, (start, end))
    for chunk in chunks:
        stop.check()
        done = 0
        while done < len(chunk):
            done += os.pwrite(descriptor, memoryview(chunk)[done:], start + done)
        start += len(chunk)


def hash_in_order(descriptor: int, ends: list[Future[None]]) -> str:
    digest = hashlib.sha256()
    for index, end in enumerate(ends):
        end.result()
        offset, limit = index * PART_BYTES, (index + 1) * PART_BYTES
        is_last = index + 1 == len(ends)
        # Of the last part whatever came, also too much of it; of the others not what comes next.
        while chunk := os.pread(
            descriptor, CHUNK_BYTES if is_last else min(CHUNK_BYTES, limit - offset), offset
        ):
            digest.update(chunk)
            offset += len(chunk)
    return digest.hexdigest()


def hash_file(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while chunk := source.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
