"""What a test makes go wrong inside a worker's process, before the worker starts there."""

import functools
import importlib
import itertools
import os
import signal
import time
import urllib.request
from types import SimpleNamespace
from typing import Any

IMAGES = "/images/"


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


def without_driver() -> None:
    """As on a host whose driver is gone, also where this machine has one."""
    replace("worker.self_check:read_driver", lambda _: lambda: "")


def kill_after_image(number: int) -> None:
    """SIGKILL at the moment when the bucket holds `number` images of this process."""
    stored = itertools.count(1)

    def change(put: Any) -> Any:
        def put_and_die(self: Any, *args: Any, **kwargs: Any) -> Any:
            is_first = put(self, *args, **kwargs)
            if next(stored) == number:
                os.kill(os.getpid(), signal.SIGKILL)
            return is_first

        return put_and_die

    replace("worker.bucket:Bucket.put_once", change)


def lose_device(call: int) -> None:
    """A sticky CUDA error at the `call`-th step of the denoiser; says so if it is asked again."""
    import torch

    calls = itertools.count(1)

    def change(forward: Any) -> Any:
        def fail(self: Any, *args: Any, **kwargs: Any) -> Any:
            number = next(calls)
            if number > call:
                print("ASKED AGAIN", flush=True)
            if number >= call:
                raise torch.AcceleratorError("CUDA error: an illegal memory access was encountered")
            return forward(self, *args, **kwargs)

        return fail

    replace("diffusers:UNet2DConditionModel.forward", change)


def without_patience() -> None:
    """botocore's waits between its tries take no time."""
    replace("botocore.endpoint:time", lambda _: SimpleNamespace(sleep=lambda _: None))


def busy_bucket(refusals: int) -> None:
    """S3 answers 503 to the first `refusals` writes of each image."""
    from botocore.awsrequest import AWSResponse

    asked: dict[str, int] = {}

    def change(send: Any) -> Any:
        def answer(self: Any, request: Any) -> Any:
            if request.method == "PUT" and IMAGES in request.url:
                asked[request.url] = asked.get(request.url, 0) + 1
                if asked[request.url] <= refusals:
                    raw = SimpleNamespace(stream=lambda: iter([b""]))
                    return AWSResponse(request.url, 503, {}, raw)
            return send(self, request)

        return answer

    replace("botocore.httpsession:URLLib3Session.send", change)


def bucket_out_of_reach(images: int) -> None:
    """After `images` stored images no connection to the bucket is made any more."""
    from botocore.exceptions import EndpointConnectionError

    stored = itertools.count(1)
    is_gone = False

    def change(send: Any) -> Any:
        def answer(self: Any, request: Any) -> Any:
            nonlocal is_gone
            if is_gone:
                raise EndpointConnectionError(endpoint_url=request.url)
            response = send(self, request)
            if request.method == "PUT" and IMAGES in request.url:
                is_gone = next(stored) >= images
            return response

        return answer

    replace("botocore.httpsession:URLLib3Session.send", change)


def flag_first_looks(count: int) -> None:
    """A checker that flags the first `count` pictures it is shown and none after."""
    from worker.checkers import NamedChecker
    from worker.safety import Verdict

    looks = itertools.count(1)

    def check(pictures: Any) -> list[Any]:
        flags = [next(looks) <= count for _ in pictures]
        return [Verdict(flag, "nsfw 0.98" if flag else "") for flag in flags]

    # Where it is made and where it is used: whoever imports it by name keeps the old one.
    for module in ("worker.checkers", "worker.studio"):
        replace(f"{module}:make_checker", lambda _: lambda *_: NamedChecker("made-up", check))


def small_disk(longest_file: int) -> None:
    """Writing past `longest_file` bytes is an OSError, as on a full disk."""
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (longest_file, longest_file))
