"""The worker's environment, parsed once; the only module that reads os.environ."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from worker.errors import InvalidJob
from worker.learned import Learned, parse_learned

SHARD_KEY = re.compile(r"jobs/(?P<job>[^/]+)/shards/(?P<shard>\d{5})\.json")
# `use1-az4/g6.xlarge/spot`: instance families with a GPU begin with g or p.
GPU_POOL = re.compile(r"[^/]+/[gp]\d[^/]*/[^/]+")


@dataclass(frozen=True)
class Settings:
    job_id: str
    shard_key: str
    shard: int
    attempt: int
    pool: str
    bucket: str
    region: str
    endpoint_url: str | None
    imds_endpoint: str
    imds_poll_seconds: float
    cache_dir: Path
    compute_batch: int
    threads: int
    learned: Learned
    image_fingerprint: str
    """Of what the worker's image is built from; empty where it runs from a folder."""

    @property
    def record_key(self) -> str:
        return f"jobs/{self.job_id}/attempts/{self.shard:05}-{self.attempt}.json"

    @property
    def progress_key(self) -> str:
        return f"jobs/{self.job_id}/attempts/{self.shard:05}-{self.attempt}.progress.json"

    @property
    def expects_gpu(self) -> bool:
        """Whether the machine must have one: all our pools do, but a pool of the local mode (which
        alone has an endpoint of its own) is a rehearsal on whatever machine this is."""
        return self.endpoint_url is None and GPU_POOL.fullmatch(self.pool) is not None


class Reader:
    """Reads variables and remembers every problem, so that all are reported at once."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self.problems: list[str] = []

    def text(self, name: str, default: str | None = None) -> str:
        # An empty variable counts as absent: templates render an unset value as "".
        value = self._environment.get(name) or default
        if value is None:
            self.problems.append(f"Expected environment variable `{name}`, got none.")
        return value or ""

    def number(
        self, name: str, default: str | None, parse: Callable[[str], float], least: float
    ) -> float:
        raw = self.text(name, default)
        if not raw:
            return 0
        try:
            value = parse(raw)
        except ValueError:
            value = float("nan")
        if not value >= least:  # so written that NaN fails too
            self.problems.append(
                f"Expected `{name}` to be {parse.__name__} >= {least:g}, got `{raw}`."
            )
        return value

    def learned(self) -> Learned:
        try:
            return parse_learned(self.text("LEARNED", "{}"))
        except ValueError as error:
            self.problems.append(str(error))
            return Learned()

    def whole(self, name: str, default: str | None) -> int:
        value = self.number(name, default, int, 1)
        return int(value) if value == value else 0


def shard_number(reader: Reader, shard_key: str, job_id: str) -> int:
    match = SHARD_KEY.fullmatch(shard_key)
    if match and match["job"] == job_id:
        return int(match["shard"])
    if shard_key and job_id:
        reader.problems.append(
            f"Expected `SHARD_KEY` to be `jobs/{job_id}/shards/<5 digits>.json`, got `{shard_key}`."
        )
    return 0


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Raises InvalidJob with one line that names every problem."""
    reader = Reader(environment)
    job_id, shard_key = reader.text("JOB_ID"), reader.text("SHARD_KEY")
    settings = Settings(
        job_id=job_id,
        shard_key=shard_key,
        shard=shard_number(reader, shard_key, job_id),
        attempt=reader.whole("ATTEMPT", None),
        pool=reader.text("POOL"),
        bucket=reader.text("BUCKET"),
        region=reader.text("AWS_REGION", environment.get("AWS_DEFAULT_REGION")),
        endpoint_url=environment.get("AWS_ENDPOINT_URL") or None,
        imds_endpoint=reader.text("IMDS_ENDPOINT", "http://169.254.169.254").rstrip("/"),
        imds_poll_seconds=reader.number("IMDS_POLL_SECONDS", "5", float, 0.01),
        cache_dir=Path(reader.text("WORKER_CACHE_DIR", "/scratch")),
        compute_batch=reader.whole("COMPUTE_BATCH", "4"),
        threads=reader.whole("OMP_NUM_THREADS", str(os.cpu_count() or 1)),
        learned=reader.learned(),
        image_fingerprint=environment.get("IMAGE_FINGERPRINT", ""),
    )
    if reader.problems:
        raise InvalidJob(" ".join(reader.problems))
    return settings
