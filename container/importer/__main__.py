"""Entry: `python -m importer`, with MODEL, BUCKET and perhaps HF_TOKEN in the environment.

Ends with 0 when the model is in the bucket, whole; with 1 and one line that says what to do else.
"""

import os
import sys
from collections.abc import Mapping

from importer.copying import import_model
from importer.errors import ImportProblem
from importer.hub import Hub, disk_problem
from importer.registry import is_on_hub, read_model
from importer.target import Target


def main(environment: Mapping[str, str]) -> int:
    try:
        names = ("MODEL", "BUCKET")
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
        import_model(model, Hub(model, token), Target(environment["BUCKET"]), say)
    except ImportProblem as problem:
        print(problem, file=sys.stderr, flush=True)
        return 1
    except OSError as error:
        print(disk_problem(error), file=sys.stderr, flush=True)
        return 1
    return 0


def say(line: str) -> None:
    # Flushed at once: a line that waits in a buffer is no progress to a person who watches.
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main(os.environ))
