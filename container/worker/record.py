"""The attempt record: what this attempt did, written at every end that the worker can see.

Schema: statemachine/schema/attempt-record.schema.json.
"""

import json
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from worker.errors import WorkerError
from worker.settings import Settings

PHASES = ("import", "download", "load", "render", "upload")


def iso_now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def read_versions() -> dict[str, str]:
    """From the installed metadata: a record is also written where torch is never imported."""
    packages = {name: version(name) for name in ("torch", "diffusers", "transformers")}
    return {**packages, "python": platform.python_version()}


@dataclass
class AttemptRecord:
    settings: Settings
    device: str = "cpu"
    compute_batch: int = 1
    images: list[dict[str, Any]] = field(default_factory=list)
    failed: list[dict[str, str]] = field(default_factory=list)
    skipped: int = 0
    started_at: str = field(default_factory=iso_now)
    phases: dict[str, float] = field(default_factory=lambda: dict.fromkeys(PHASES, 0.0))

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Wall seconds of a phase. `upload` counts only what rendering does not hide."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.phases[name] += time.perf_counter() - start

    def to_json(self, error: WorkerError | None) -> dict[str, Any]:
        return {
            "version": 1,
            "jobId": self.settings.job_id,
            "shard": self.settings.shard,
            "attempt": self.settings.attempt,
            "pool": self.settings.pool,
            "outcome": error.name if error else "Succeeded",
            "message": str(error) if error else "",
            "startedAt": self.started_at,
            "endedAt": iso_now(),
            "phases": {f"{name}Seconds": round(value, 3) for name, value in self.phases.items()},
            "device": self.device,
            "computeBatch": self.compute_batch,
            "images": self.images,
            "skipped": self.skipped,
            "failed": self.failed,
            "versions": read_versions(),
        }

    def to_bytes(self, error: WorkerError | None) -> bytes:
        return json.dumps(self.to_json(error), indent=1).encode()
