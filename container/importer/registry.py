"""The registry: models/<id>.json, the same files that the workflow reads."""

import json
import re
from dataclasses import dataclass
from pathlib import Path, PurePath

from importer.errors import ImportProblem
from importer.pickles import PICKLES

MODELS = Path(__file__).resolve().parents[2] / "models"
COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True)
class Gate:
    page: str
    accept: str
    """What a person accepts on that page."""


@dataclass(frozen=True)
class Model:
    id: str
    home: str
    revision: str
    pipeline: str
    dtype: str
    gate: Gate | None

    @property
    def is_pipeline(self) -> bool:
        """Of several parts, each in a folder; the safety classifier is a single one."""
        return self.pipeline.endswith("Pipeline")

    @property
    def prefix(self) -> str:
        return f"models/{self.id}/{self.revision}"


def read_model(model_id: str, folder: Path = MODELS) -> Model:
    """Raises ImportProblem for a model that is not registered or has no home to import from."""
    if PurePath(model_id).suffix.lower() in PICKLES:
        raise ImportProblem(
            f"Expected the id of a model, got the file `{PurePath(model_id).name}`: pickle runs "
            "code when it is read and is never loaded. To fix: on your own machine, "
            "`python -m importer.convert <file> <name>.safetensors` (docs/security.md)."
        )
    known = sorted(file.stem for file in folder.glob("*.json"))
    if model_id not in known:
        names = ", ".join(f"`{name}`" for name in known)
        raise ImportProblem(f"Expected `MODEL` to be one of {names}, got `{model_id}`.")
    source = json.loads((folder / f"{model_id}.json").read_text("utf8"))
    gate = source["gate"]
    return Model(
        id=source["id"],
        home=source["home"],
        revision=source["revision"],
        pipeline=source["pipeline"],
        dtype=source["dtype"],
        gate=Gate(gate["page"], gate["accept"]) if gate else None,
    )


def is_on_hub(model: Model) -> bool:
    """A home in this repository has no commit of the hub as its revision."""
    return COMMIT.fullmatch(model.revision) is not None
