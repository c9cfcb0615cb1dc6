"""What was compiled, kept in the bucket and loaded from it."""

import hashlib
from typing import Any

import pytest
import torch

from fake_bucket import FakeBucket
from worker.compile_cache import CacheKey, CompileCache
from worker.log import Log


def test_what_is_compiled_is_kept_once_and_loaded_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loaded: list[bytes] = []
    made = iter([b"first", b"second"])
    monkeypatch.setattr(torch.compiler, "save_cache_artifacts", lambda: (next(made), None))
    monkeypatch.setattr(torch.compiler, "load_cache_artifacts", loaded.append)
    bucket: Any = FakeBucket()
    key = CacheKey("0123abcd", "NVIDIA L4", "sdxl@1", "compiled-whole,1024x1024,4")
    prefix = "compile-cache/0123abcd/NVIDIA-L4/sdxl@1/compiled-whole,1024x1024,4"

    def open_cache() -> CompileCache:
        return CompileCache(bucket, key, Log())

    assert not open_cache().load()  # absent: no error
    early, late = open_cache(), open_cache()
    assert early.save() and not late.save()
    digest = hashlib.sha256(b"first").hexdigest()
    assert bucket.objects[f"{prefix}/sha256"] == digest.encode()
    third = open_cache()
    assert third.load() and loaded == [b"first"]
    assert not third.save()  # what was loaded is not written again
    bucket.objects[f"{prefix}/artifacts-{digest}"] = b"changed"
    assert not open_cache().load()
    bucket.objects[f"{prefix}/sha256"] = b"../../images/x"
    assert not open_cache().load()
    del bucket.objects[f"{prefix}/artifacts-{digest}"]
    bucket.objects[f"{prefix}/sha256"] = digest.encode()
    assert not open_cache().load()
    assert loaded == [b"first"]
