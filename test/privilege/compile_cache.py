"""What a worker asks of the bucket for its compile cache, which it has on a GPU alone.

Signed by the id of a job, as a worker's calls are. What torch would write and read is replaced:
here it counts what goes over the wire, and that it comes back.
"""

import os
from typing import Any

import torch
from worker.bucket import Bucket
from worker.compile_cache import CacheKey, CompileCache
from worker.log import Log
from worker.settings import read_settings

MADE = b"what was compiled"
loaded: list[bytes] = []
compiler: Any = torch.compiler
compiler.save_cache_artifacts = lambda: (MADE, None)
compiler.load_cache_artifacts = loaded.append

key = CacheKey("3919d67fe3c4a86d", "NVIDIA L4", "sdxl@1", "compiled-whole,1024x1024,4")
first, second, third = (
    CompileCache(Bucket(read_settings({**os.environ, "ATTEMPT": attempt})), key, Log())
    for attempt in ("1", "2", "3")
)
assert not first.load(), "Expected no cache at first."
assert first.save(), "Expected the first worker to keep what it compiled."
assert not second.save(), "Expected the second one to leave it as it is."
assert third.load() and loaded == [MADE], "Expected the third one to load it."
