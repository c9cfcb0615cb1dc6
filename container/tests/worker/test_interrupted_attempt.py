"""A Spot notice in each phase of an attempt."""

from functools import partial

import pytest

from builders import images
from fake_imds import FakeImds
from faults import announce_at, slow_steps
from place import Place

PAST = 0  # seconds from the notice to the end: less than the 25 s kept for uploads


@pytest.mark.parametrize(
    ("phase", "call", "finished"),
    [
        ("worker.run_attempt:fetch_manifest", 1, 0),
        ("worker.render_missing:open_studio", 1, 0),
        ("worker.delivery:Delivery._take_batch", 2, 4),
        ("worker.denoise:StepQueue.wait_for_last_but_one", 6, 4),
    ],
    ids=["download", "load", "between batches", "between steps"],
)
def test_finishes_nothing_that_has_no_time_left(
    place: Place, imds: FakeImds, phase: str, call: int, finished: int
) -> None:
    place.put_shard(images(8))
    worker = place.start(partial(announce_at, phase, imds.url, PAST, call))
    assert worker.wait() == 80, worker.output()
    assert len(place.keys("images/")) == finished
    record = place.record()
    assert (record["outcome"], len(record["images"])) == ("SpotInterrupted", finished)


def test_succeeds_when_the_notice_comes_with_the_last_upload(place: Place, imds: FakeImds) -> None:
    place.put_shard(images(4))
    assert place.run(partial(announce_at, "worker.upload:encode_png", imds.url, PAST, 4)) == 0
    assert place.record()["outcome"] == "Succeeded"


def test_renders_on_while_there_is_time(place: Place, imds: FakeImds) -> None:
    imds.announce(120)
    place.put_shard(images(8))
    assert place.run() == 0
    assert len(place.keys("images/")) == 8


def test_starts_no_batch_that_would_not_end_in_time(place: Place, imds: FakeImds) -> None:
    place.put_shard(images(12))
    # Batches of 4 take 4 steps x 0.5 s; the second would have 1.6 s or less.
    notice = partial(announce_at, "worker.delivery:Delivery._take_batch", imds.url, 27, 2)
    worker = place.start(partial(slow_steps, 0.5), notice)
    assert worker.wait() == 80, worker.output()
    assert len(place.keys("images/")) == 4
    assert worker.output().count('"Rendered ') == 1
