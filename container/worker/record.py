"""The attempt record: what this attempt did, written at every end that the worker can see.

Schema: statemachine/schema/attempt-record.schema.json.
"""

import json
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

from worker.clock import iso_now
from worker.errors import WorkerError
from worker.settings import Settings

PHASES = ("import", "load", "render", "upload")


def read_versions() -> dict[str, str]:
    """From the installed metadata: a record is also written where torch is never imported."""
    packages = {name: version(name) for name in ("torch", "diffusers", "transformers")}
    return {**packages, "python": platform.python_version()}


@dataclass
class AttemptRecord:
    settings: Settings
    device: str = ""
    """Empty if no model was ever loaded."""
    compute_batch: int = 1
    mode: str = ""
    """How the model was made fast (compilation.py); empty if it never was loaded."""
    sizes: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By `<width>x<height>`: what a later attempt on such an instance is told."""
    images: list[dict[str, Any]] = field(default_factory=list)
    failed: list[dict[str, str]] = field(default_factory=list)
    blocked: list[dict[str, str]] = field(default_factory=list)
    """Rendered, flagged by the checker and never uploaded: `{"hash", "reason"}`."""
    checker: str | None = None
    """What looked at the pictures; None where nothing did."""
    driver: str = ""
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
            "mode": self.mode,
            "sizes": self.sizes,
            "images": self.images,
            "skipped": self.skipped,
            "failed": self.failed,
            "blocked": self.blocked,
            "checker": self.checker,
            "versions": self._versions(),
        }

    def _versions(self) -> dict[str, str]:
        beside = {"driver": self.driver, "image": self.settings.image_fingerprint}
        return {**read_versions(), **{name: value for name, value in beside.items() if value}}

    def to_bytes(self, error: WorkerError | None) -> bytes:
        return json.dumps(self.to_json(error), indent=1).encode()
