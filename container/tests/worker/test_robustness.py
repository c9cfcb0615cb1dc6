"""What an attempt survives, and how it ends where it can't. A kill loses what is not stored yet."""

import io
from functools import partial

import numpy as np
import PIL.Image
import pytest

import faults
from builders import images
from fake_imds import FakeImds
from faults import announce_at
from place import Place
from worker.png import hash_pixels

PAST = 0  # seconds from the notice to the end: less than the 25 s kept for uploads


def stored(place: Place) -> dict[str, str]:
    """Pixel hash of each image in the bucket: one that is cut short does not open."""
    found = {}
    for key in place.keys("images/"):
        picture = PIL.Image.open(io.BytesIO(place.read(key)))
        found[key] = hash_pixels(np.asarray(picture))
    return found


@pytest.fixture
def undisturbed(place: Place) -> dict[str, str]:
    """The pictures as they should be; the place is empty again afterwards."""
    place.put_shard(images(4))
    assert place.run() == 0
    pictures = stored(place)
    for key in pictures:
        place.s3.delete_object(Bucket=place.name, Key=key)
    return pictures


@pytest.mark.parametrize(
    ("moment", "call"),
    [
        ("worker.run_attempt:start_fetching", 1),
        ("worker.run_attempt:import_render_missing", 1),
        ("worker.render_missing:open_studio", 1),
        ("diffusers:UNet2DConditionModel.forward", 6),
        ("diffusers:AutoencoderKL.decode", 1),
    ],
    ids=["download", "import", "load", "mid-batch", "decode"],
)
def test_after_a_notice_only_whole_pictures_are_stored(
    place: Place, imds: FakeImds, undisturbed: dict[str, str], moment: str, call: int
) -> None:
    on = {"ATTEMPT": "2", "COMPUTE_BATCH": "2"}
    worker = place.start(partial(announce_at, moment, imds.url, PAST, call), **on)
    assert worker.wait() == 80, worker.output()
    assert place.record(2)["outcome"] == "SpotInterrupted"
    imds.notice = None
    assert place.run(ATTEMPT="3", COMPUTE_BATCH="2") == 0
    before, after = place.record(2)["images"], place.record(3)
    assert (after["skipped"], len(after["images"])) == (len(before), 4 - len(before))
    assert stored(place).keys() == undisturbed.keys()
    told = {f"images/{i['hash']}.png": i["pixelHash"] for i in before + after["images"]}
    assert stored(place) == told


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_killed_at_any_image_it_renders_the_rest_and_nothing_twice(
    place: Place, number: int
) -> None:
    place.put_shard(images(5))
    assert place.run(partial(faults.kill_after_image, number), COMPUTE_BATCH="2") == -9
    survivors = stored(place)
    assert len(survivors) >= number
    assert place.run(ATTEMPT="2", COMPUTE_BATCH="2") == 0
    record = place.record(2)
    assert (record["skipped"], len(record["images"])) == (len(survivors), 5 - len(survivors))
    assert survivors.items() <= stored(place).items()


def test_a_lost_device_ends_the_process_at_once_with_its_own_code(place: Place) -> None:
    place.put_shard(images(6))
    worker = place.start(partial(faults.lose_device, 6), COMPUTE_BATCH="2")
    assert worker.wait() == 87, worker.output()
    assert "ASKED AGAIN" not in worker.output()
    record = place.record()
    assert (record["outcome"], len(record["images"])) == ("WorkerLost", 2)
    assert "illegal memory access" in record["message"]


def test_a_bucket_that_is_busy_is_asked_again(place: Place) -> None:
    place.put_shard(images(3))
    worker = place.start(faults.without_patience, partial(faults.busy_bucket, 3))
    assert worker.wait() == 0, worker.output()
    assert len(place.record()["images"]) == 3


def test_a_bucket_that_stays_busy_leaves_the_images_to_another_attempt(place: Place) -> None:
    place.put_shard(images(2))
    assert place.run(faults.without_patience, partial(faults.busy_bucket, 99)) == 88
    record = place.record()
    assert (record["outcome"], record["images"], record["failed"]) == ("ServiceUnavailable", [], [])
    assert record["message"].startswith(
        "2 images could not be uploaded, the first: Could not write"
    )
    assert "503" in record["message"]
    assert place.run(ATTEMPT="2") == 0
    assert len(place.record(2)["images"]) == 2


def test_a_bucket_out_of_reach_is_an_end_in_words_on_the_log(place: Place) -> None:
    place.put_shard(images(4))
    gone = partial(faults.bucket_out_of_reach, 2)
    worker = place.start(faults.without_patience, gone, COMPUTE_BATCH="1")
    assert worker.wait() == 88, worker.output()
    assert len(place.keys("images/")) >= 2
    assert place.keys("jobs/job-1/attempts/00000-1.json") == []
    assert "No attempt record: Could not write" in worker.output()
    assert "Traceback" not in worker.output()


def test_a_full_disk_is_said_to_be_one(place: Place) -> None:
    place.put_shard(images(1))
    worker = place.start(partial(faults.small_disk, 40_000))
    assert worker.wait() == 82, worker.output()
    assert "Could not keep weights" in place.record()["message"]


def test_two_workers_of_other_batches_store_each_image_once(place: Place) -> None:
    place.put_shard(images(6))
    on = [{"ATTEMPT": "1", "COMPUTE_BATCH": "1"}, {"ATTEMPT": "2", "COMPUTE_BATCH": "3"}]
    workers = [place.start(**environment) for environment in on]
    assert [worker.wait() for worker in workers] == [0, 0]
    records = [place.record(1), place.record(2)]
    told = [(i["hash"], i["pixelHash"]) for record in records for i in record["images"]]
    assert sorted(name for name, _ in told) == sorted(image["hash"] for image in images(6))
    assert stored(place) == {f"images/{name}.png": pixels for name, pixels in told}
    assert sum(record["skipped"] for record in records) == 6
