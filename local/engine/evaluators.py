"""JSONata for moto's state machine engine, whose own evaluator is None in 5.2.5 (moto issue 10105).

`in_python` is the default. `in_node` asks jsonata 2.0.6, the version that AWS names, in a Node
child: an independent second opinion on every expression. Both add what AWS adds, and no more.
"""

import hashlib
import json
import os
import random
import subprocess
import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jsonata import Jsonata
from moto.stepfunctions.parser.asl.jsonata import jsonata as moto_jsonata

Evaluate = Callable[[str], Any]


def install_evaluator() -> None:
    # The only private name of moto that is touched. Drop this file when moto brings its own.
    if moto_jsonata._eval_jsonata is not None:
        raise SystemExit("Expected moto to have no JSONata evaluator, it has one: drop this glue.")
    moto_jsonata._eval_jsonata = in_node() if os.environ.get("JSONATA") == "node" else in_python


def in_python(expression: str) -> Any:
    try:
        parsed = Jsonata(expression)
        for name, function in _AWS_FUNCTIONS.items():
            parsed.register_lambda(name, function)
        return parsed.evaluate(None)
    except Exception as error:
        raise moto_jsonata.JSONataException("UNKNOWN", str(error)) from error


def in_node() -> Evaluate:
    program = Path(__file__).with_name("evaluator.cjs")
    child = subprocess.Popen(
        [os.environ.get("NODE", "node"), str(program)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    lock = threading.Lock()

    def evaluate(expression: str) -> Any:
        assert child.stdin and child.stdout
        with lock:
            child.stdin.write(json.dumps(expression) + "\n")
            child.stdin.flush()
            answer = json.loads(child.stdout.readline())
        if "error" in answer:
            raise moto_jsonata.JSONataException("UNKNOWN", answer["error"])
        return answer["value"]

    return evaluate


def _parse(text: str | None) -> Any:
    return None if text is None else json.loads(text)


def _partition(items: list[Any], size: int) -> list[list[Any]]:
    return [items[start : start + size] for start in range(0, len(items), size)]


def _range(first: int, last: int, step: int) -> list[int]:
    return list(range(first, last + (1 if step > 0 else -1), step))


def _hash(content: Any, algorithm: str) -> str:
    text = content if isinstance(content, str) else json.dumps(content, separators=(",", ":"))
    return hashlib.new(algorithm.replace("-", ""), text.encode()).hexdigest()


def _random(seed: int | None = None) -> float:
    return random.random() if seed is None else random.Random(seed).random()


_AWS_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "parse": _parse,
    "uuid": lambda: str(uuid.uuid4()),
    "partition": _partition,
    "range": _range,
    "hash": _hash,
    "random": _random,
}
