"""What looks at the pictures of a model without a checker of its own: imported along with it."""

from typing import Any

from importer.registry import Model, read_model

CLASSIFIER = "safety-classifier"


def checker_beside(model: Model, manifest: dict[str, Any]) -> Model | None:
    """None where the files hold one: then the worker takes that (worker/checkers.py). And for the
    classifier itself."""
    has_own = any(file["path"].startswith("safety_checker/") for file in manifest["files"])
    return None if has_own or not model.is_pipeline else read_model(CLASSIFIER)
