import pytest

from worker.errors import JobCanceled, SpotInterrupted
from worker.stop import Stop


def test_stops_25_seconds_before_the_announced_time() -> None:
    stop = Stop(now=lambda: 1000)
    stop.check(seconds_needed=1e9)
    stop.announce(1035)
    assert stop.seconds_left() == 10
    stop.check(seconds_needed=9)
    with pytest.raises(SpotInterrupted):
        stop.check(seconds_needed=11)


def test_a_cancellation_counts_at_once() -> None:
    stop = Stop()
    stop.cancel()
    with pytest.raises(JobCanceled):
        stop.check()
