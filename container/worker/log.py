"""Log lines for CloudWatch: one JSON object a line on stdout."""

import json
import threading
from typing import Any

from worker.settings import Settings

_one_line_at_a_time = threading.Lock()


class Log:
    def __init__(self, **fields: Any) -> None:
        self._fields = fields

    @classmethod
    def of_attempt(cls, settings: Settings) -> "Log":
        return cls(jobId=settings.job_id, shard=settings.shard, attempt=settings.attempt)

    def info(self, message: str, **fields: Any) -> None:
        self._write("INFO", message, fields)

    def warn(self, message: str, **fields: Any) -> None:
        self._write("WARN", message, fields)

    def error(self, message: str, **fields: Any) -> None:
        self._write("ERROR", message, fields)

    def _write(self, level: str, message: str, fields: dict[str, Any]) -> None:
        line = json.dumps({"level": level, "message": message, **self._fields, **fields})
        # Flushed at once: what a buffer holds is lost with the instance.
        with _one_line_at_a_time:
            print(line, flush=True)
