"""Start images, and prompts with weights, in a whole attempt."""

from builders import an_image
from place import Place
from start_images import RED, a_start


def test_an_attempt_starts_from_pictures_and_reads_weights(place: Place) -> None:
    place.put("red", RED)
    start = a_start(image=f"s3://{place.name}/red")
    prompts = ["a cat", "a (red)1.3 cat", "a red cat that sits on a mat. " * 4]
    some = [
        an_image(prompt=prompt, **more) for prompt in prompts for more in ({}, {"start": start})
    ]
    broken = an_image(start={**start, "sha256": "0" * 64})
    place.put_shard([*some, broken])
    worker = place.start()
    assert worker.wait() == 83, worker.output()
    record = place.record()
    assert {image["hash"] for image in record["images"]} == {image["hash"] for image in some}
    assert len({image["pixelHash"] for image in record["images"]}) == len(some)
    (failure,) = record["failed"]
    assert failure["hash"] == broken["hash"] and "to have SHA-256" in failure["message"]
    assert "sits on" not in worker.output()
