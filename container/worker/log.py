"""Log lines for CloudWatch: one JSON object a line on stdout, named as the functions' are."""

import json
import threading
import traceback
from typing import Any

from worker.clock import iso_now
from worker.settings import Settings

STATE = "Run GPU job"
# The innermost frames; those of libraries that only pass the call on come before them.
LONGEST_STACK = 12

_one_line_at_a_time = threading.Lock()


class Log:
    def __init__(self, **fields: Any) -> None:
        self._fields = fields

    @classmethod
    def of_attempt(cls, settings: Settings) -> "Log":
        return cls(
            state=STATE,
            jobId=settings.job_id,
            shard=settings.shard,
            attempt=settings.attempt,
            pool=settings.pool,
        )

    def info(self, message: str, **fields: Any) -> None:
        self._write("INFO", message, fields)

    def warn(self, message: str, **fields: Any) -> None:
        self._write("WARN", message, fields)

    def error(self, message: str, **fields: Any) -> None:
        self._write("ERROR", message, fields)

    def _write(self, level: str, message: str, fields: dict[str, Any]) -> None:
        head = {"level": level, "message": message, "timestamp": iso_now()}
        line = json.dumps({**head, **self._fields, **fields})
        # Flushed at once: what a buffer holds is lost with the instance.
        with _one_line_at_a_time:
            print(line, flush=True)


def stack_of(error: BaseException) -> list[str]:
    """`file:line in function`, the innermost last. No source lines and no message: both may quote
    what a person wrote."""
    frames = traceback.extract_tb(error.__traceback__)[-LONGEST_STACK:]
    return [f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
