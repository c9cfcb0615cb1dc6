"""What a test makes go wrong inside a worker's process, before the worker starts there."""

import functools
import importlib
import time
import urllib.request
from typing import Any


def replace(target: str, change: Any) -> None:
    """`target`: `module:attribute[.attribute]`; `change` gets the original, returns the new one."""
    module_name, path = target.split(":")
    *owners, name = path.split(".")
    owner = functools.reduce(getattr, owners, importlib.import_module(module_name))
    setattr(owner, name, change(getattr(owner, name)))


def slow_steps(seconds: float) -> None:
    def change(render: Any) -> Any:
        def slowly(self: Any, recipes: Any, size: int, on_step: Any) -> Any:
            def on_slow_step(done: int, of: int) -> None:
                time.sleep(seconds)
                on_step(done, of)

            return render(self, recipes, size, on_slow_step)

        return slowly

    replace("worker.render:Renderer.render", change)


def memory_for(largest_batch: int) -> None:
    import torch

    def change(render: Any) -> Any:
        def greedily(self: Any, recipes: Any, size: int, on_step: Any) -> Any:
            if size > largest_batch:
                raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
            return render(self, recipes, size, on_step)

        return greedily

    replace("worker.render:Renderer.render", change)


def break_seed(seed: int) -> None:
    def change(render: Any) -> Any:
        def brittle(self: Any, recipes: Any, size: int, on_step: Any) -> Any:
            if any(recipe.seed == seed for recipe in recipes):
                raise RuntimeError("shapes cannot be multiplied")
            return render(self, recipes, size, on_step)

        return brittle

    replace("worker.render:Renderer.render", change)


def announce(imds: str, seconds: float) -> None:
    request = urllib.request.Request(f"{imds}/announce?seconds={seconds}", method="POST")
    urllib.request.urlopen(request).close()
    time.sleep(0.4)  # several polls


def announce_at(target: str, imds: str, seconds: float, call: int = 1) -> None:
    """A Spot notice for `seconds` from now, when `target` is called for the `call`-th time."""
    calls = 0

    def change(original: Any) -> Any:
        def then(*args: Any, **kwargs: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == call:
                announce(imds, seconds)
            return original(*args, **kwargs)

        return then

    replace(target, change)


def run_worker(environment: dict[str, str], output: str, sabotages: list[Any]) -> None:
    """The target of a child process: the worker as `python -m worker` would run it."""
    import os
    import sys

    sink = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(sink, 1)
    os.dup2(sink, 2)
    os.environ.clear()
    os.environ.update(environment)
    for sabotage in sabotages:
        sabotage()
    from worker.__main__ import main

    sys.exit(main())
