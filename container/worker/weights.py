"""Weights: from the bucket to WORKER_CACHE_DIR/models/<id>/<revision>, each byte checked.

Lifecycle: a file is written under a temporary name, hashed while it arrives, then renamed; now the
load may take it (Arrivals). All are synced after the last, and then the sentinel is written. With a
sentinel only presence and size are checked (hashing gigabytes at each start costs seconds); without
one every file is hashed again. Order: configurations, text encoders, VAE, denoiser, so that prompts
are encoded while the rest arrives.
Gotcha: several workers may share the folder. Temporary names are unique and a rename is atomic, so
that at worst a file is fetched twice.
"""

import errno
import os
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from worker.arrivals import Arrivals
from worker.bucket import Bucket, BucketError
from worker.download import download, hash_file
from worker.errors import WeightsUnavailable
from worker.manifest import Manifest, ModelFile, parse_manifest
from worker.stop import Stop

FILES_AT_ONCE = 4
PARTS_AT_ONCE = 16
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
            f"To fix: import the model (`npm start -- models import {model}`, or with `--stack`)."
        )
    return parse_manifest(body, model, revision)


def fetch_weights(bucket: Bucket, manifest: Manifest, cache_dir: Path, stop: Stop) -> Path:
    """The folder with all files of the manifest. Raises WeightsUnavailable, or what stop raises."""
    arrivals = start_fetching(bucket, manifest, cache_dir, stop)
    arrivals.wait_for([*manifest.paths, SENTINEL])
    return arrivals.folder


def start_fetching(bucket: Bucket, manifest: Manifest, cache_dir: Path, stop: Stop) -> Arrivals:
    """Returns at once; the files arrive meanwhile, the sentinel's name last.

    Whoever waits gets WeightsUnavailable, or what stop raises.
    """
    folder = cache_dir / manifest.prefix
    if is_complete(folder, manifest):
        return Arrivals(folder, [*manifest.paths, SENTINEL])
    arrivals = Arrivals(folder)

    def fetch() -> None:
        try:
            download_all(bucket, manifest, arrivals, stop)
        except OSError as error:
            arrivals.fail(disk_problem(folder, error))
        except BaseException as error:
            arrivals.fail(error)

    threading.Thread(target=fetch, name="download", daemon=True).start()
    return arrivals


def distrust(folder: Path) -> None:
    """Makes the next attempt hash every file again, after files that were whole did not load."""
    (folder / SENTINEL).unlink(missing_ok=True)


def is_complete(folder: Path, manifest: Manifest) -> bool:
    return (folder / SENTINEL).exists() and all(
        (folder / file.path).is_file() and (folder / file.path).stat().st_size == file.bytes
        for file in manifest.files
    )


def download_all(bucket: Bucket, manifest: Manifest, arrivals: Arrivals, stop: Stop) -> None:
    folder = arrivals.folder
    folder.mkdir(parents=True, exist_ok=True)
    distrust(folder)
    require_room(folder, manifest)
    with ThreadPoolExecutor(PARTS_AT_ONCE) as parts:
        pool = ThreadPoolExecutor(FILES_AT_ONCE)

        def fetch(file: ModelFile) -> None:
            provide(bucket, f"{manifest.prefix}/{file.path}", file, folder, stop, parts)
            arrivals.arrive(file.path)

        try:
            ends = [pool.submit(fetch, file) for file in sorted(manifest.files, key=rank)]
            for end in ends:
                end.result()
        finally:
            # After a first failure the files still waiting are not begun.
            pool.shutdown(cancel_futures=True)
    for file in manifest.files:
        sync(folder / file.path)
    (folder / SENTINEL).touch()
    arrivals.arrive(SENTINEL)


def rank(file: ModelFile) -> tuple[int, str]:
    """What is needed first comes first; the parts of a model side by side."""
    component = file.path.split("/")[0]
    if not file.path.endswith(".safetensors"):
        return 0, file.path
    if component.startswith("text_encoder"):
        return 1, file.path
    return (3 if component in ("unet", "transformer") else 2), file.path


def provide(
    bucket: Bucket,
    key: str,
    file: ModelFile,
    folder: Path,
    stop: Stop,
    parts: ThreadPoolExecutor,
) -> None:
    target = folder / file.path
    if target.is_file() and hash_file(target) == file.sha256:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    found = ""
    for _ in range(2):  # once more: a broken transfer heals, a broken object does not
        try:
            found = download(bucket, key, target, file, stop, parts)
        except BucketError as error:
            raise WeightsUnavailable(f"{error} To fix: import the model again.") from error
        if found == file.sha256:
            return
    raise WeightsUnavailable(
        f"Expected `{key}` to have SHA-256 `{file.sha256}`, got `{found}` twice. "
        "To fix: import the model again."
    )


def require_room(folder: Path, manifest: Manifest) -> None:
    """Raises OSError before gigabytes are fetched that do not fit."""
    missing = sum(
        file.bytes
        for file in manifest.files
        if not (folder / file.path).is_file() or (folder / file.path).stat().st_size != file.bytes
    )
    free = shutil.disk_usage(folder).free
    if missing > free:
        text = f"{missing / 1e9:.2f} GB are missing and {free / 1e9:.2f} GB are free"
        raise OSError(errno.ENOSPC, text)


def disk_problem(folder: Path, error: OSError) -> WeightsUnavailable:
    text = f"Could not keep weights in `{folder}`: {error.strerror or error}."
    if error.errno == errno.ENOSPC:
        text += " To fix: let `WORKER_CACHE_DIR` lie on a larger disk, or empty it."
    return WeightsUnavailable(text)


def sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
