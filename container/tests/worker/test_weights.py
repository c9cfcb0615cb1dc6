import errno
import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import IncompleteReadError

from builders import MODEL, PREFIX, REVISION
from place import Place
from worker.bucket import Bucket
from worker.errors import ServiceUnavailable, SpotInterrupted, WeightsUnavailable
from worker.manifest import ModelFile
from worker.settings import read_settings
from worker.stop import Stop
from worker.weights import fetch_manifest, fetch_weights, rank

FILES = {"unet/config.json": b"{}", "unet/weights.safetensors": b"w" * 3_000_000}


class CountingBucket(Bucket):
    downloads = 0

    def chunks(self, key: str, part: tuple[int, int] | None = None):
        self.downloads += 1
        return super().chunks(key, part)


@pytest.fixture
def place(empty_place: Callable[[], Place]) -> Place:
    place = empty_place()
    put_model(place, FILES)
    return place


@pytest.fixture
def bucket(place: Place) -> CountingBucket:
    return CountingBucket(read_settings(place.environment))


def put_model(place: Place, contents: dict[str, bytes]) -> None:
    entries = [
        {"path": path, "bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
        for path, body in contents.items()
    ]
    manifest = {"version": 1, "id": MODEL, "revision": REVISION, "files": entries}
    manifest |= {"pipeline": "StableDiffusionPipeline", "dtype": "float32"}
    for path, body in contents.items():
        place.put(f"{PREFIX}/{path}", body)
    place.put(f"{PREFIX}/manifest.json", manifest)


def fetch(bucket: Bucket, cache: Path, stop: Stop | None = None) -> Path:
    return fetch_weights(bucket, fetch_manifest(bucket, MODEL, REVISION), cache, stop or Stop())


def test_fetches_every_file_once(bucket: CountingBucket, tmp_path: Path) -> None:
    folder = fetch(bucket, tmp_path)
    assert folder == tmp_path / "models" / MODEL / REVISION
    assert {path: (folder / path).read_bytes() for path in FILES} == FILES
    fetch(bucket, tmp_path)
    assert bucket.downloads == len(FILES)


def test_fetches_again_what_a_killed_worker_left_half(
    bucket: CountingBucket, tmp_path: Path
) -> None:
    folder = fetch(bucket, tmp_path)
    (folder / ".complete").unlink()
    (folder / "unet/config.json").write_bytes(b"[]")  # same size, other bytes
    fetch(bucket, tmp_path)
    assert (folder / "unet/config.json").read_bytes() == b"{}"
    assert bucket.downloads == len(FILES) + 1


def test_fetches_again_a_file_that_was_truncated(bucket: CountingBucket, tmp_path: Path) -> None:
    folder = fetch(bucket, tmp_path)
    (folder / "unet/weights.safetensors").write_bytes(b"w")
    fetch(bucket, tmp_path)
    assert (folder / "unet/weights.safetensors").stat().st_size == 3_000_000


def test_refuses_a_corrupt_file_after_one_more_try(
    place: Place, bucket: CountingBucket, tmp_path: Path
) -> None:
    place.put(f"{PREFIX}/unet/weights.safetensors", b"v" * 3_000_000)
    with pytest.raises(WeightsUnavailable, match="SHA-256"):
        fetch(bucket, tmp_path)
    assert bucket.downloads == len(FILES) + 1
    left = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert left <= {"config.json"}


def test_an_object_that_is_not_there_is_asked_for_once(
    place: Place, bucket: CountingBucket, tmp_path: Path
) -> None:
    place.s3.delete_object(Bucket=place.name, Key=f"{PREFIX}/unet/weights.safetensors")
    with pytest.raises(WeightsUnavailable, match=r"Could not read .*To fix: import the model"):
        fetch(bucket, tmp_path)
    assert bucket.downloads == len(FILES)


def break_transfers(bucket: Bucket, of: str, times: int) -> None:
    """Of the first reads of a key a piece arrives and then nothing more."""
    client: Any = bucket._s3
    get_object = client.get_object
    left = [IncompleteReadError(actual_bytes=2, expected_bytes=9)] * times

    def begin(**asked: Any) -> dict[str, Any]:
        answer = get_object(**asked)
        if asked["Key"].endswith(of) and left:
            answer["Body"] = SimpleNamespace(iter_chunks=lambda _: break_off(left.pop()))
        return answer

    def break_off(error: Exception) -> Iterator[bytes]:
        yield b"xx"
        raise error

    client.get_object = begin


def test_a_transfer_that_breaks_is_repeated_from_the_begin_of_its_part(
    place: Place, bucket: CountingBucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worker.download.PART_BYTES", 1_000_001)
    break_transfers(bucket, "weights.safetensors", times=2)
    folder = fetch(bucket, tmp_path)
    assert (folder / "unet/weights.safetensors").read_bytes() == FILES["unet/weights.safetensors"]
    assert bucket.downloads == 1 + 3 + 2


def test_transfers_that_break_again_and_again_say_that_nobody_answers(
    bucket: CountingBucket, tmp_path: Path
) -> None:
    break_transfers(bucket, "weights.safetensors", times=3)
    with pytest.raises(ServiceUnavailable, match="Could not read"):
        fetch(bucket, tmp_path)
    assert not list(tmp_path.rglob(".part-*"))


def test_bytes_that_arrive_changed_once_are_fetched_again(
    bucket: CountingBucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Bucket.chunks

    def broken_at_first(self: Bucket, key: str, part: tuple[int, int] | None = None):
        first = bucket.downloads == 1
        return iter([b"broken"]) if first else whole(self, key, part)

    monkeypatch.setattr(Bucket, "chunks", broken_at_first)
    assert (fetch(bucket, tmp_path) / ".complete").exists()
    assert bucket.downloads == len(FILES) + 1


def test_says_what_to_do_when_a_model_was_never_imported(bucket: Bucket, tmp_path: Path) -> None:
    with pytest.raises(WeightsUnavailable, match=r"npm start -- models import sd-1\.5"):
        fetch_manifest(bucket, "sd-1.5", "main")


def test_a_notice_ends_a_download(bucket: Bucket, tmp_path: Path) -> None:
    stop = Stop()
    stop.announce(0)
    with pytest.raises(SpotInterrupted):
        fetch(bucket, tmp_path, stop)
    assert not (tmp_path / PREFIX / ".complete").exists()


def test_a_large_file_arrives_in_parts_that_are_hashed_in_order(
    place: Place, bucket: CountingBucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worker.download.PART_BYTES", 1_000_001)
    body = bytes(index * 7 % 251 for index in range(2_500_000))
    put_model(place, {"unet/weights.safetensors": body, "empty.json": b""})
    folder = fetch(bucket, tmp_path)
    assert (folder / "unet/weights.safetensors").read_bytes() == body
    assert (folder / "empty.json").read_bytes() == b""
    assert bucket.downloads == 3 + 1


def test_text_encoders_come_first_and_the_denoiser_last() -> None:
    names = ["unet/a.safetensors", "vae/a.safetensors", "text_encoder_2/a.safetensors"]
    files = [ModelFile(name, 1, "") for name in [*names, "unet/config.json"]]
    order = [file.path for file in sorted(files, key=rank)]
    assert order == ["unet/config.json", names[2], names[1], names[0]]


def test_a_disk_without_room_is_said_before_the_first_byte(
    bucket: CountingBucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=1000))
    with pytest.raises(WeightsUnavailable, match=r"GB are free.*To fix: let `WORKER_CACHE_DIR`"):
        fetch(bucket, tmp_path)
    assert bucket.downloads == 0


def test_a_disk_that_becomes_full_says_what_to_do(
    bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    with pytest.raises(WeightsUnavailable, match=r"No space left on device.*To fix"):
        fetch(bucket, tmp_path)
    assert not list(tmp_path.rglob(".part-*"))
