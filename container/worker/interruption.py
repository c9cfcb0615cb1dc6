"""The Spot notice, polled from the instance metadata service (IMDSv2).

Lifecycle: a daemon thread from the start of the attempt to its end. It ends at the first notice.
Gotchas: draining a container instance does not signal Batch jobs, so nobody else tells us; the
hop limit must be 2 to reach IMDS from a container; proxies must not be asked for it.
Source: AWS EC2 User Guide, "Spot Instance interruption notices".
"""

import http.client
import json
import threading
import time
import urllib.error
import urllib.request
from datetime import datetime

from worker.errors import one_line
from worker.log import Log
from worker.settings import Settings
from worker.stop import Stop

TOKEN_SECONDS = 21600
ANSWER_SECONDS = 2
NOTICE_SECONDS = 120

_open = urllib.request.build_opener(urllib.request.ProxyHandler({})).open


class Imds:
    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        self._token: str | None = None

    def interruption_time(self) -> float | None:
        """Seconds since the epoch of the announced interruption, None without one.

        Raises OSError (URLError is one) or HTTPException when the service does not answer.
        """
        if self._token is None:
            header = {"X-aws-ec2-metadata-token-ttl-seconds": str(TOKEN_SECONDS)}
            self._token = self._ask("PUT", "api/token", header)
        try:
            header = {"X-aws-ec2-metadata-token": self._token}
            return parse_notice(self._ask("GET", "meta-data/spot/instance-action", header))
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return None
            if error.code == 401:
                self._token = None  # expired; the next poll asks for another
            raise

    def _ask(self, method: str, path: str, headers: dict[str, str]) -> str:
        url = f"{self._endpoint}/latest/{path}"
        request = urllib.request.Request(url, method=method, headers=headers)
        with _open(request, timeout=ANSWER_SECONDS) as answer:
            return answer.read().decode()


def parse_notice(body: str) -> float:
    """`{"action": "terminate", "time": "2026-11-23T22:10:00Z"}`; stop and hibernate end us too."""
    try:
        return datetime.fromisoformat(json.loads(body)["time"]).timestamp()
    except (ValueError, KeyError, TypeError):
        # A notice that can't be read is a notice all the same; EC2 gives two minutes.
        return time.time() + NOTICE_SECONDS


def watch_for_interruption(settings: Settings, stop: Stop, log: Log) -> threading.Event:
    """Starts the poller; setting the returned event ends it."""
    done = threading.Event()
    arguments = (Imds(settings.imds_endpoint), settings.imds_poll_seconds, stop, log, done)
    threading.Thread(target=_poll, args=arguments, name="imds", daemon=True).start()
    return done


def _poll(imds: Imds, poll_seconds: float, stop: Stop, log: Log, done: threading.Event) -> None:
    warned = False
    while not done.is_set():
        try:
            interrupted_at = imds.interruption_time()
        except (OSError, http.client.HTTPException) as error:
            interrupted_at = None
            if not warned:  # once: a laptop without IMDS would repeat it for ever
                log.warn(f"No answer from IMDS, still asking: {one_line(error)}")
            warned = True
        if interrupted_at is not None:
            stop.announce(interrupted_at)
            log.warn("Spot interruption notice", secondsLeft=round(stop.seconds_left(), 1))
            return
        done.wait(poll_seconds)
