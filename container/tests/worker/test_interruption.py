import time
import urllib.error

import pytest

from builders import an_environment
from fake_imds import FakeImds
from worker.interruption import Imds, parse_notice, watch_for_interruption
from worker.log import Log
from worker.settings import read_settings
from worker.stop import STOP_BEFORE_SECONDS, Stop


def test_there_is_no_notice_until_there_is_one(imds: FakeImds) -> None:
    client = Imds(imds.url)
    assert client.interruption_time() is None
    imds.announce(120)
    assert client.interruption_time() == pytest.approx(time.time() + 120, abs=2)


def test_asks_for_another_token_when_one_expires(imds: FakeImds) -> None:
    client = Imds(imds.url)
    client.interruption_time()
    imds.expire_token()
    with pytest.raises(urllib.error.HTTPError):
        client.interruption_time()
    assert client.interruption_time() is None


@pytest.mark.parametrize("body", ["", "{}", '{"time": "soon"}', "[]"])
def test_a_notice_that_cannot_be_read_means_two_minutes(body: str) -> None:
    assert parse_notice(body) == pytest.approx(time.time() + 120, abs=2)


def test_reads_the_time_as_ec2_writes_it() -> None:
    notice = '{"action": "terminate", "time": "1970-01-01T00:01:00Z"}'
    assert parse_notice(notice) == 60


def test_the_poller_tells_once_and_ends(imds: FakeImds) -> None:
    settings, stop = read_settings(an_environment(IMDS_ENDPOINT=imds.url)), Stop()
    done = watch_for_interruption(settings, stop, Log())
    imds.announce(120)
    time.sleep(0.5)
    assert stop.seconds_left() == pytest.approx(120 - STOP_BEFORE_SECONDS, abs=3)
    polls = imds.polls
    time.sleep(0.2)
    assert imds.polls == polls
    done.set()


def test_a_machine_without_imds_is_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    stop = Stop()
    done = watch_for_interruption(read_settings(an_environment()), stop, Log())
    time.sleep(0.5)
    done.set()
    stop.check()
    assert capsys.readouterr().out.count("No answer from IMDS") == 1
