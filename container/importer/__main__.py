"""Entry: `python -m importer`, with MODEL, BUCKET and perhaps HF_TOKEN in the environment.

With STATE_DIR, the state folder of a local run, in place of BUCKET it imports into that store.
A model without a checker of its own brings along the classifier that looks at its pictures.

Ends with 0 when the model is in the bucket, whole; with 1 and one line that says what to do else.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from importer.checker import checker_beside
from importer.copying import import_model
from importer.errors import ImportProblem
from importer.folder_target import FolderTarget
from importer.hub import Hub, disk_problem
from importer.place import HERE, IN_AWS, ImportPlace
from importer.registry import Model, is_on_hub, read_model
from importer.target import BucketTarget, Target


def main(environment: Mapping[str, str]) -> int:
    here = environment.get("STATE_DIR")
    place = HERE if here else IN_AWS
    try:
        names = ("MODEL",) if here else ("MODEL", "BUCKET")
        missing = [f"`{name}`" for name in names if not environment.get(name)]
        if missing:
            raise ImportProblem(f"Expected {' and '.join(missing)} in the environment, got none.")
        model = read_model(environment["MODEL"])
        if not is_on_hub(model):
            raise ImportProblem(
                f"Expected a model of the hub, but `{model.id}` lies in this repository: "
                "there is nothing to import."
            )
        # Empty counts as absent: a secret that nobody filled is an empty text.
        token = environment.get("HF_TOKEN", "").strip() or None
        target = FolderTarget(Path(here)) if here else BucketTarget(environment["BUCKET"])
        import_whole(model, token, target, place)
    except ImportProblem as problem:
        print(problem, file=sys.stderr, flush=True)
        return 1
    except OSError as error:
        print(disk_problem(error, place), file=sys.stderr, flush=True)
        return 1
    return 0


def import_whole(model: Model, token: str | None, target: Target, place: ImportPlace) -> None:
    manifest = import_model(model, Hub(model, token, place), target, say)
    checker = checker_beside(model, manifest)
    if checker is None:
        return
    try:
        import_model(checker, Hub(checker, token, place), target, say)
    except ImportProblem as problem:
        raise ImportProblem(
            f"`{model.id}` is imported, but not `{checker.id}`: nobody would look at its pictures. "
            f"{problem}"
        ) from problem


def say(line: str) -> None:
    # Flushed at once: a line that waits in a buffer is no progress to a person who watches.
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main(os.environ))
