"""moto as the engine of the local mode: runs the state machine, serves S3, SNS, DynamoDB and more.

Lifecycle: prints `{"port": N}` once it listens on 127.0.0.1, then obeys its stdin: `watch PID` and
`forget PID` keep the list of worker process groups. When stdin closes, the parent is gone by
whatever way it went: the watched groups are killed and this process ends.

Needs MOTO_PORT (where moto's own clients find the router), ENGINE_CACHE (a folder), and the keys
that let the router in, ENGINE_KEY and ENGINE_OWN_KEY (gate.py).
"""

import importlib.util
import json
import os
import signal
import sys
import types
from pathlib import Path


def main() -> None:
    from pascal_case_models import use_pascal_case_models

    use_pascal_case_models(Path(os.environ["ENGINE_CACHE"]))
    _skip_batch_backend()
    from aborts import keep_aborts
    from evaluators import install_evaluator
    from gate import install_gate
    from moto.server import ThreadedMotoServer
    from moto.stepfunctions.parser.asl.parse import asl_parser as _warm  # noqa: F401

    install_gate()
    install_evaluator()
    keep_aborts()
    _poll_sync_tasks_often()
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    print(json.dumps({"port": server.get_host_and_port()[1]}), flush=True)
    _obey_parent()


def _skip_batch_backend() -> None:
    """Let `moto.batch.utils` load without `moto.batch`, which drags in all of EC2 at each start.

    moto's Batch task imports one enum from there. Batch is served by the router here, so its
    backend is never asked for.
    """
    spec = importlib.util.find_spec("moto")
    assert spec and spec.submodule_search_locations
    package = types.ModuleType("moto.batch")
    package.__path__ = [str(Path(spec.submodule_search_locations[0]) / "batch")]
    sys.modules["moto.batch"] = package


def _poll_sync_tasks_often() -> None:
    """Look for the end of a `.sync` task every 0.1 s instead of 0.5: asking the router is cheap."""
    from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
        state_task_service_callback as callback,
    )

    assert callback._DELAY_SECONDS_SYNC_CONDITION_CHECK == 0.5
    callback._DELAY_SECONDS_SYNC_CONDITION_CHECK = 0.1  # type: ignore[misc]


def _obey_parent() -> None:
    groups: set[int] = set()
    for line in sys.stdin:
        verb, pid = line.split()
        (groups.add if verb == "watch" else groups.discard)(int(pid))
    for group in groups:
        try:
            os.killpg(group, signal.SIGKILL)
        except ProcessLookupError:
            continue
    os._exit(0)


if __name__ == "__main__":
    main()
