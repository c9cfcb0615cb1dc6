"""Models for botocore whose arguments are PascalCase, as Step Functions writes them.

moto 5.2.5 hands a state's Arguments to boto3 unchanged (moto issue 10076), and boto3 knows only
`jobName`. AWS_DATA_PATH is botocore's public way to bring a model of one's own. Of Batch, and of
the start of a child execution: what else moto asks of Step Functions it writes as boto3 does.
"""

import copy
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import botocore
from botocore.loaders import Loader

# moto's own poller of `.sync` reads and writes these in lower case, and DescribeJobs as a whole.
_LOWER_TOO = {
    ("JobDetail", "status"),
    ("KeyValuePair", "name"),
    ("KeyValuePair", "value"),
}
_UNTOUCHED = {"DescribeJobsRequest", "DescribeJobsResponse"}
_OF_A_START = {"StartExecutionInput", "StartExecutionOutput"}


def use_pascal_case_models(cache: Path) -> None:
    """Point botocore at the models, written once per botocore version, to start sooner."""
    root = cache / f"pascal-case-models-{botocore.__version__}"
    if not root.exists():
        _write_models(root)
    os.environ["AWS_DATA_PATH"] = str(root)


def _write_models(root: Path) -> None:
    root.parent.mkdir(parents=True, exist_ok=True)
    staged = Path(tempfile.mkdtemp(dir=root.parent))
    _write_model(staged, "batch", lambda shape: shape not in _UNTOUCHED)
    _write_model(staged, "stepfunctions", lambda shape: shape in _OF_A_START)
    try:
        staged.rename(root)
    except OSError:
        if not root.exists():  # another engine was quicker: its copy is the same
            raise


def _write_model(staged: Path, service: str, is_changed: Callable[[str], bool]) -> None:
    loader = Loader()
    version = loader.determine_latest_version(service, "service-2")
    model = _to_pascal_case(loader.load_service_model(service, "service-2"), is_changed)
    folder = staged / service / version
    folder.mkdir(parents=True)
    (folder / "service-2.json").write_text(json.dumps(model), encoding="utf-8")


def _to_pascal_case(original: dict[str, Any], is_changed: Callable[[str], bool]) -> dict[str, Any]:
    model = copy.deepcopy(original)
    for shape_name, shape in model["shapes"].items():
        if shape.get("type") != "structure" or not is_changed(shape_name):
            continue
        members: dict[str, Any] = {}
        for name, member in shape["members"].items():
            members[_pascal(name)] = {"locationName": name, **member}
            if (shape_name, name) in _LOWER_TOO:
                members[name] = members[_pascal(name)]
        shape["members"] = members
        if "required" in shape:
            shape["required"] = [_pascal(name) for name in shape["required"]]
    return model


def _pascal(name: str) -> str:
    return name[:1].upper() + name[1:]
