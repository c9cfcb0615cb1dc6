"""The store of a person's own machine: `<state>/bucket`, as local/bucket/disk-bucket.ts reads it.

The weights are linked into the worker's cache, too (`<state>/worker-cache`, WORKER_CACHE_DIR of a
local run), complete with its sentinel: gigabytes would else pass through the local S3, which keeps
objects in memory and reads them from disk whole.
"""

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from importer.errors import ImportProblem
from importer.target import hash_file

# What local/bucket/object-path.ts leaves as it is.
PLAIN_KEY = re.compile(r"[\w .,=@+~-]+(/[\w .,=@+~-]+)*", re.ASCII)
SENTINEL = ".complete"


class FolderTarget:
    def __init__(self, state: Path) -> None:
        self._bucket = state / "bucket"
        self._cache = state / "worker-cache"
        # Not inside of the bucket: everything there is an object.
        staging = state / "import"
        staging.mkdir(parents=True, exist_ok=True)
        self.staging: Path | None = staging

    def size_of(self, key: str) -> int | None:
        file = self._file(key)
        return file.stat().st_size if file.is_file() else None

    def describe(self, key: str) -> tuple[int, str | None] | None:
        file = self._file(key)
        return (file.stat().st_size, hash_file(file)) if file.is_file() else None

    def read_json(self, key: str) -> Any:
        try:
            return json.loads(self._file(key).read_text("utf8"))
        except (FileNotFoundError, ValueError):
            return None

    def upload(self, key: str, file: Path, sha256: str) -> None:
        self._place(file, self._file(key))

    def write_json(self, key: str, value: Any) -> None:
        with self._staged(self._file(key)) as staged:
            staged.write_text(json.dumps(value, indent=2), "utf8")

    def finish(self, manifest_key: str, manifest: Any) -> None:
        source, folder = self._file(manifest_key).parent, self._cache / Path(manifest_key).parent
        for entry in manifest["files"]:
            self._place(source / entry["path"], folder / entry["path"])
        (folder / SENTINEL).touch()

    def _file(self, key: str) -> Path:
        if not PLAIN_KEY.fullmatch(key) or ".." in key.split("/"):
            raise ImportProblem(f"Expected plain names in the repository, got `{key}`.")
        return self._bucket / key

    def _place(self, source: Path, target: Path) -> None:
        """A second name of the same bytes, or a copy where that cannot be; never half of it."""
        with self._staged(target) as staged:
            try:
                os.link(source, staged)
            except OSError:
                shutil.copyfile(source, staged)

    @contextmanager
    def _staged(self, target: Path) -> Iterator[Path]:
        """A name on the same disk for what becomes the target; each of two imports has its own."""
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.staging) as folder:
            staged = Path(folder) / target.name
            yield staged
            os.replace(staged, target)
