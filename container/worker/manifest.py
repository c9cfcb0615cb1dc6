"""A model's manifest: which files it has, written to the bucket last of them all."""

import json
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import jsonschema

from worker.errors import WeightsUnavailable

# Configurations, tokenizers and safetensors: what the import copies. Pickle runs code when it is
# read, `.py` would be imported by a custom pipeline, and of what is unknown nobody knows.
SUFFIXES = frozenset({".json", ".txt", ".model", ".safetensors"})

SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["version", "id", "revision", "pipeline", "dtype", "files"],
    "properties": {
        "version": {"const": 1},
        "pipeline": {"type": "string"},
        "dtype": {"enum": ["float32", "float16", "bfloat16"]},
        "files": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["path", "bytes", "sha256"],
                "properties": {
                    "path": {"type": "string", "minLength": 1},
                    "bytes": {"type": "integer", "minimum": 0},
                    "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                },
            },
        },
    },
}


@dataclass(frozen=True)
class ModelFile:
    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    id: str
    revision: str
    pipeline: str
    dtype: str
    files: tuple[ModelFile, ...]

    @property
    def prefix(self) -> str:
        return f"models/{self.id}/{self.revision}"

    @property
    def paths(self) -> list[str]:
        return [file.path for file in self.files]

    def paths_in(self, component: str) -> list[str]:
        return [path for path in self.paths if path.startswith(f"{component}/")]


def parse_manifest(body: bytes, model: str, revision: str) -> Manifest:
    """Raises WeightsUnavailable if it is malformed, of another model, or lists a refused file."""
    name = f"manifest of model `{model}@{revision}`"
    try:
        source = json.loads(body)
        jsonschema.validate(source, SCHEMA)
    except (ValueError, RecursionError, jsonschema.ValidationError) as error:
        reason = getattr(error, "message", str(error))
        raise WeightsUnavailable(f"Expected a valid {name}, got: {reason[:200]}.") from error
    if (source["id"], source["revision"]) != (model, revision):
        raise WeightsUnavailable(
            f"Expected the {name}, got the one of `{source['id']}@{source['revision']}`."
        )
    files = tuple(ModelFile(f["path"], f["bytes"], f["sha256"]) for f in source["files"])
    for file in files:
        check_path(file.path, name)
    return Manifest(model, revision, source["pipeline"], source["dtype"], files)


def check_path(path: str, name: str) -> None:
    parts = PurePosixPath(path)
    if parts.is_absolute() or ".." in parts.parts or "\\" in path:
        raise WeightsUnavailable(f"Expected a relative path in the {name}, got `{path}`.")
    if parts.suffix not in SUFFIXES:
        raise WeightsUnavailable(
            f"Expected safetensors in the {name}, got `{path}`: pickle and code are refused. "
            "To fix: import the model again, as safetensors."
        )
