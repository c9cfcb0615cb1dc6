"""Weights: from the bucket to WORKER_CACHE_DIR/models/<id>/<revision>, each byte checked.

Lifecycle: a file is written under a temporary name, hashed while it arrives, synced, then renamed;
the sentinel is written after the last file. With a sentinel only presence and size are checked
(hashing gigabytes at each start costs seconds); without one every file is hashed again.
Gotcha: several workers may share the folder. Temporary names are unique and a rename is atomic, so
that at worst a file is fetched twice.
"""

import hashlib
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from worker.bucket import CHUNK_BYTES, Bucket, BucketError
from worker.errors import WeightsUnavailable
from worker.manifest import Manifest, ModelFile, parse_manifest
from worker.stop import Stop

PARALLEL_DOWNLOADS = 8
SENTINEL = ".complete"


def fetch_manifest(bucket: Bucket, model: str, revision: str) -> Manifest:
    key = f"models/{model}/{revision}/manifest.json"
    try:
        body = bucket.read(key)
    except BucketError as error:
        raise WeightsUnavailable(str(error)) from error
    if body is None:
        raise WeightsUnavailable(
            f"Expected the weights of `{model}@{revision}`, found no `{key}` in the bucket. "
            "To fix: import the model."
        )
    return parse_manifest(body, model, revision)


def fetch_weights(bucket: Bucket, manifest: Manifest, cache_dir: Path, stop: Stop) -> Path:
    """The folder with all files of the manifest. Raises WeightsUnavailable, or what stop raises."""
    folder = cache_dir / manifest.prefix
    try:
        if not is_complete(folder, manifest):
            download_all(bucket, manifest, folder, stop)
    except OSError as error:
        raise WeightsUnavailable(f"Could not keep weights in `{folder}`: {error}.") from error
    return folder


def distrust(folder: Path) -> None:
    """Makes the next attempt hash every file again, after files that were whole did not load."""
    (folder / SENTINEL).unlink(missing_ok=True)


def is_complete(folder: Path, manifest: Manifest) -> bool:
    return (folder / SENTINEL).exists() and all(
        (folder / file.path).is_file() and (folder / file.path).stat().st_size == file.bytes
        for file in manifest.files
    )


def download_all(bucket: Bucket, manifest: Manifest, folder: Path, stop: Stop) -> None:
    distrust(folder)
    folder.mkdir(parents=True, exist_ok=True)
    pool = ThreadPoolExecutor(PARALLEL_DOWNLOADS)
    try:
        ends = [
            pool.submit(provide, bucket, f"{manifest.prefix}/{file.path}", file, folder, stop)
            for file in manifest.files
        ]
        for end in ends:
            end.result()
    finally:
        # After a first failure the files still waiting are not begun.
        pool.shutdown(cancel_futures=True)
    (folder / SENTINEL).touch()


def provide(bucket: Bucket, key: str, file: ModelFile, folder: Path, stop: Stop) -> None:
    target = folder / file.path
    if target.is_file() and hash_file(target) == file.sha256:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    problem = ""
    for _ in range(2):  # once more: a broken transfer heals, a broken object does not
        try:
            found = download(bucket, key, target, file, stop)
        except BucketError as error:
            problem = str(error)
            continue
        if found == file.sha256:
            return
        problem = f"Expected `{key}` to have SHA-256 `{file.sha256}`, got `{found}` twice."
    raise WeightsUnavailable(f"{problem} To fix: import the model again.")


def download(bucket: Bucket, key: str, target: Path, file: ModelFile, stop: Stop) -> str:
    """Keeps the object as `target` only if its hash is right; returns the hash found."""
    digest = hashlib.sha256()
    descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=".part-")
    try:
        with os.fdopen(descriptor, "wb") as sink:
            for chunk in bucket.chunks(key):
                stop.check()
                digest.update(chunk)
                sink.write(chunk)
            sink.flush()
            os.fsync(sink.fileno())
        if digest.hexdigest() == file.sha256:
            os.replace(temporary, target)
    finally:
        Path(temporary).unlink(missing_ok=True)
    return digest.hexdigest()


def hash_file(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while chunk := source.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
