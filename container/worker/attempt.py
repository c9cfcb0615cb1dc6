"""What everything that is done for a shard has at hand."""

from dataclasses import dataclass

from worker.bucket import Bucket
from worker.log import Log
from worker.record import AttemptRecord
from worker.settings import Settings
from worker.stop import Stop


@dataclass(frozen=True)
class Attempt:
    """One try of a shard in one pool."""

    settings: Settings
    bucket: Bucket
    record: AttemptRecord
    stop: Stop
    log: Log
