"""A bucket of its own and the workers that are started on it."""

import json
import multiprocessing
import time
from collections.abc import Callable, Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from builders import PREFIX, a_manifest, a_shard, an_environment
from worker_process import run_worker

# Forked from a server that has imported torch once: a true process, without seconds of imports.
PROCESSES = multiprocessing.get_context("forkserver")
LONGEST_SECONDS = 60


class Worker:
    def __init__(self, process: ForkServerProcess, output: Path) -> None:
        self.process = process
        self._output = output

    def wait(self) -> int | None:
        self.process.join(LONGEST_SECONDS)
        if self.process.is_alive():
            self.process.kill()
            raise AssertionError(f"The worker does not end.\n{self.output()}")
        return self.process.exitcode

    def output(self) -> str:
        return self._output.read_text() if self._output.exists() else ""


class Place:
    def __init__(self, s3: Any, name: str, folder: Path, environment: dict[str, str]) -> None:
        self.s3 = s3
        self.name = name
        self.environment = {**environment, "BUCKET": name}
        self._folder = folder
        self._started = 0

    def put(self, key: str, body: bytes | dict[str, Any]) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.s3.put_object(Bucket=self.name, Key=key, Body=data)

    def put_model(self, folder: Path, prefix: str = PREFIX, **overrides: Any) -> None:
        """The files of the folder and a manifest of them."""
        manifest = a_manifest(folder, **overrides)
        for file in manifest["files"]:
            self.put(f"{prefix}/{file['path']}", (folder / file["path"]).read_bytes())
        self.put(f"{prefix}/manifest.json", manifest)

    def put_shard(self, images: Sequence[dict[str, Any]], **overrides: Any) -> None:
        self.put("jobs/job-1/shards/00000.json", a_shard(list(images), **overrides))

    def keys(self, prefix: str) -> list[str]:
        found = self.s3.list_objects_v2(Bucket=self.name, Prefix=prefix).get("Contents", [])
        return [entry["Key"] for entry in found]

    def read(self, key: str) -> bytes:
        return self.s3.get_object(Bucket=self.name, Key=key)["Body"].read()

    def record(self, attempt: int = 1) -> dict[str, Any]:
        return json.loads(self.read(f"jobs/job-1/attempts/00000-{attempt}.json"))

    def start(self, *faults: Callable[[], None], **environment: str) -> Worker:
        self._started += 1
        output = self._folder / f"{self.name}-{self._started}.log"
        arguments = ({**an_environment(), **self.environment, **environment}, str(output))
        process = PROCESSES.Process(target=run_worker, args=(*arguments, list(faults)))
        process.start()
        return Worker(process, output)

    def run(self, *faults: Callable[[], None], **environment: str) -> int | None:
        return self.start(*faults, **environment).wait()

    def wait_for_images(self, count: int) -> None:
        end = time.monotonic() + LONGEST_SECONDS
        while len(self.keys("images/")) < count:
            assert time.monotonic() < end, f"Expected {count} images in time."
            time.sleep(0.02)
