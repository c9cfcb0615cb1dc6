"""Whole attempts: a worker's process, a bucket, and what is in it afterwards."""

import io
import json
from collections.abc import Callable
from functools import partial

import numpy as np
import PIL.Image

import faults
from builders import a_recipe, an_image, images
from place import Place
from worker.png import hash_pixels


def test_renders_every_image_and_ends_with_0(place: Place) -> None:
    place.put_shard(images(5))
    worker = place.start()
    assert worker.wait() == 0, worker.output()
    assert place.keys("images/") == sorted(f"images/{image['hash']}.png" for image in images(5))
    record = place.record()
    assert record["outcome"] == "Succeeded"
    assert [image["hash"] for image in record["images"]] == [i["hash"] for i in images(5)]
    assert (record["skipped"], record["failed"], record["device"]) == (0, [], "cpu")
    assert (record["computeBatch"], record["pool"]) == (4, "use1-az4/g6.xlarge/spot")
    assert record["phases"]["renderSeconds"] > 0


def test_an_image_is_what_its_record_says(place: Place) -> None:
    place.put_shard([an_image(width=72, prompt="a blue dog")])
    assert place.run() == 0
    (entry,) = place.record()["images"]
    picture = PIL.Image.open(io.BytesIO(place.read(f"images/{entry['hash']}.png")))
    assert (picture.size, picture.mode) == ((72, 64), "RGB")
    assert hash_pixels(np.asarray(picture)) == entry["pixelHash"]
    assert json.loads(picture.info["spot-diffusion"])["prompt"] == "a blue dog"


def test_makes_the_same_pixels_in_another_order_and_in_two_halves(
    make_place: Callable[[], Place],
) -> None:
    prompts = ["a red cat", "a blue dog that is red and blue", "a red cat", "dog"]
    schedulers = ["ddim", "euler-a", "dpmpp-2m-karras"]
    some = [
        an_image(seed=seed, prompt=prompt, scheduler=scheduler)
        for scheduler in schedulers
        for seed, prompt in enumerate(prompts)
    ]
    parts = [some, some[::-1][:5], some[::-1][5:]]
    places = [make_place() for _ in parts]
    for place, part in zip(places, parts, strict=True):
        place.put_shard(part)
    workers = [place.start() for place in places]
    assert [worker.wait() for worker in workers] == [0, 0, 0]
    whole, *halves = [pixels_of(place) for place in places]
    assert len(set(whole.values())) == len(some)
    assert halves[0] | halves[1] == whole


def pixels_of(place: Place) -> dict[str, str]:
    return {image["hash"]: image["pixelHash"] for image in place.record()["images"]}


def test_mixes_sizes_steps_guidance_and_schedulers_in_one_shard(place: Place) -> None:
    names = ["ddim", "euler", "euler-a", "dpmpp-2m", "dpmpp-2m-karras", "pndm"]
    place.put_shard(
        [an_image(scheduler=name) for name in names]
        + [an_image(height=72), an_image(steps=5), an_image(guidance=0), an_image(guidance=7.5)]
    )
    worker = place.start()
    assert worker.wait() == 0, worker.output()
    assert len(pixels_of(place)) == 10


def test_takes_the_compute_batch_that_it_is_told_and_says_what_it_took(place: Place) -> None:
    place.put_shard([*images(4), an_image(height=72)])
    learned = {"64x64": {"computeBatch": 2, "decodeBatch": 1}}
    assert place.run(LEARNED=json.dumps(learned), IMAGE_FINGERPRINT="0123abcd") == 0
    record = place.record()
    plain = {"isCompiled": False, "warmUpSeconds": 0}
    assert {size: {**known, "warmUpSeconds": 0} for size, known in record["sizes"].items()} == {
        "64x64": {"computeBatch": 2, "decodeBatch": 1, **plain},
        "64x72": {"computeBatch": 4, "decodeBatch": 4, **plain},
    }
    made = [
        (image["computeBatch"], image["decodeBatch"], image["mode"]) for image in record["images"]
    ]
    assert made == [(2, 1, "plain")] * 4 + [(4, 4, "plain")]
    assert (record["mode"], record["versions"]["image"]) == ("plain", "0123abcd")


def test_does_nothing_when_nothing_is_missing(place: Place) -> None:
    place.put_shard(images(2))
    for image in images(2):
        place.put(f"images/{image['hash']}.png", b"here already")
    assert place.run() == 0
    record = place.record()
    assert (record["outcome"], record["skipped"], record["images"]) == ("Succeeded", 2, [])
    assert record["phases"]["importSeconds"] == 0


def test_a_killed_worker_loses_only_the_batch_it_was_at(place: Place) -> None:
    place.put_shard(images(8))
    worker = place.start(partial(faults.slow_steps, 0.3))
    place.wait_for_images(4)
    worker.process.kill()
    worker.wait()
    survivors = len(place.keys("images/"))
    assert 4 <= survivors < 8
    assert place.run(ATTEMPT="2") == 0
    record = place.record(2)
    assert (record["skipped"], len(record["images"])) == (survivors, 8 - survivors)


def test_two_workers_on_one_shard_write_each_image_once(place: Place) -> None:
    place.put_shard(images(8))
    workers = [place.start(partial(faults.slow_steps, 0.1), ATTEMPT=n) for n in ("1", "2")]
    assert [worker.wait() for worker in workers] == [0, 0]
    first, second = place.record(1), place.record(2)
    written = [image["hash"] for image in first["images"] + second["images"]]
    assert sorted(written) == sorted(image["hash"] for image in images(8))
    assert first["skipped"] + second["skipped"] == 8


def test_sigterm_ends_it_with_85_and_a_record(place: Place) -> None:
    place.put_shard(images(8))
    worker = place.start(partial(faults.slow_steps, 0.2))
    place.wait_for_images(4)
    worker.process.terminate()
    assert worker.wait() == 85
    record = place.record()
    assert (record["outcome"], len(record["images"])) == ("JobCanceled", 4)


def test_a_recipe_that_fails_does_not_stop_the_others(place: Place) -> None:
    place.put_shard(images(6))
    assert place.run(partial(faults.break_seed, 2)) == 83
    record = place.record()
    assert (record["outcome"], len(record["images"])) == ("GenerationFailed", 5)
    message = "RuntimeError: shapes cannot be multiplied"
    assert record["failed"] == [
        {"hash": images(6)[2]["hash"], "error": "GenerationFailed", "message": message}
    ]
    assert message in record["message"]


def test_halves_the_compute_batch_when_memory_runs_out(place: Place) -> None:
    place.put_shard(images(5))
    assert place.run(partial(faults.memory_for, 1)) == 0
    record = place.record()
    assert (record["computeBatch"], len(record["images"])) == (1, 5)


def test_gives_up_when_a_single_image_does_not_fit(place: Place) -> None:
    place.put_shard(images(2))
    assert place.run(partial(faults.memory_for, 0)) == 81
    assert place.record()["outcome"] == "GpuOutOfMemory"


def test_ends_with_84_on_a_shard_whose_hash_is_wrong(place: Place) -> None:
    place.put_shard([{"hash": "0" * 64, "recipe": a_recipe()}])
    worker = place.start()
    assert worker.wait() == 84
    assert place.record()["outcome"] == "InvalidJob"
    assert "images[0].hash" in place.record()["message"]
    assert "a red cat" not in worker.output()


def test_ends_with_82_without_weights(empty_place: Callable[[], Place]) -> None:
    place = empty_place()
    place.put_shard(images(1))
    assert place.run() == 82
    record = place.record()
    assert (record["outcome"], record["device"]) == ("WeightsUnavailable", "")
    assert record["phases"]["loadSeconds"] > record["phases"]["importSeconds"] == 0


def test_ends_with_82_when_whole_files_do_not_load(place: Place) -> None:
    key = "models/random/abc123/manifest.json"
    manifest = json.loads(place.read(key))
    kept = [file for file in manifest["files"] if not file["path"].startswith("vae/")]
    place.put(key, {**manifest, "files": kept})
    place.put_shard(images(1))
    assert place.run() == 82
    assert "to load" in place.record()["message"]
