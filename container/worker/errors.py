"""The ways an attempt can end badly.

Names and exit codes equal `statemachine/schema/errors.json` (made from functions/core/errors.ts; a
test compares them). 80-88: clear of Python's own codes (1, 2), the shell's (126+), signals' (128+).
"""

from typing import ClassVar


class WorkerError(Exception):
    """An end that the state machine knows by name; the message is one line for a person."""

    name: ClassVar[str]
    exit_code: ClassVar[int]


class SpotInterrupted(WorkerError):
    """The instance is announced to be taken back and no further image can be finished."""

    name = "SpotInterrupted"
    exit_code = 80


class GpuOutOfMemory(WorkerError):
    """Not even a single image of this shard fits into the device's memory."""

    name = "GpuOutOfMemory"
    exit_code = 81


class WeightsUnavailable(WorkerError):
    """The model is missing, corrupt, not ours to load, or offered as pickle."""

    name = "WeightsUnavailable"
    exit_code = 82


class GenerationFailed(WorkerError):
    """Anything else that kept an image from being rendered or uploaded."""

    name = "GenerationFailed"
    exit_code = 83


class InvalidJob(WorkerError):
    """The environment or the shard can't be read."""

    name = "InvalidJob"
    exit_code = 84


class JobCanceled(WorkerError):
    """SIGTERM: the job was stopped from outside."""

    name = "JobCanceled"
    exit_code = 85


class WorkerNeverStarted(WorkerError):
    """The GPU of this machine failed the self-check: nothing was fetched or rendered."""

    name = "WorkerNeverStarted"
    exit_code = 86


class WorkerLost(WorkerError):
    """The GPU failed under the worker: this process can't use it any more, another may."""

    name = "WorkerLost"
    exit_code = 87


class ServiceUnavailable(WorkerError):
    """S3 throttled us, failed or was silent for longer than a client tries: no pool is at fault."""

    name = "ServiceUnavailable"
    exit_code = 88


LONGEST_MESSAGE = 500


def one_line(error: BaseException) -> str:
    """`Type: text` on one line, cut to LONGEST_MESSAGE: libraries' texts can be pages."""
    text = " ".join(f"{type(error).__name__}: {error}".split())
    return text if len(text) <= LONGEST_MESSAGE else f"{text[: LONGEST_MESSAGE - 1]}…"
