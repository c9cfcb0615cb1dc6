"""Entry: `python -m importer`, with MODEL, BUCKET and perhaps HF_TOKEN in the environment.

With STATE_DIR, the state folder of a local run, in place of BUCKET it imports into that store.
A model without a checker of its own brings along the classifier that looks at its pictures.

Ends with 0 when the model is in the bucket, whole; with 1 and one line that says what to do else;
with 70 and a stack for a bug. Nothing that it prints holds the token (plain.py).
"""

import os
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

from importer.checker import checker_beside
from importer.copying import Say, import_model
from importer.errors import ImportProblem
from importer.folder_target import FolderTarget
from importer.hub import Hub, disk_problem
from importer.place import HERE, IN_AWS, ImportPlace
from importer.plain import plain, token_problem
from importer.registry import Model, is_on_hub, read_model
from importer.target import BucketTarget, Target


def main(environment: Mapping[str, str]) -> int:
    # Empty counts as absent: a secret that nobody filled is an empty text.
    token = environment.get("HF_TOKEN", "").strip() or None

    def say(line: str, file: TextIO | None = None) -> None:
        # Flushed at once: a line that waits in a buffer is no progress to a person who watches.
        print(plain(line, token), file=file, flush=True)

    try:
        run(environment, token, say)
    except ImportProblem as problem:
        say(str(problem), sys.stderr)
        return 1
    except OSError as error:
        say(str(disk_problem(error, place_of(environment))), sys.stderr)
        return 1
    except Exception:
        # A bug: where it is, line by line, and still without the token, which a library may quote.
        for line in traceback.format_exc().splitlines():
            say(line, sys.stderr)
        return 70
    return 0


def place_of(environment: Mapping[str, str]) -> ImportPlace:
    return HERE if environment.get("STATE_DIR") else IN_AWS


def run(environment: Mapping[str, str], token: str | None, say: Say) -> None:
    """Raises ImportProblem, or OSError for the disk."""
    here = environment.get("STATE_DIR")
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
    problem = token_problem(token) if token else None
    if problem:
        raise ImportProblem(problem)
    target = FolderTarget(Path(here)) if here else BucketTarget(environment["BUCKET"])
    import_whole(model, token, target, place_of(environment), say)


def import_whole(
    model: Model, token: str | None, target: Target, place: ImportPlace, say: Say
) -> None:
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


if __name__ == "__main__":
    sys.exit(main(os.environ))
