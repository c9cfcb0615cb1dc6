import json
from typing import Any

import pytest

from builders import MODEL, REVISION
from worker.errors import WeightsUnavailable
from worker.manifest import Manifest, parse_manifest


def parse(*paths: str, **overrides: Any) -> Manifest:
    source = {
        "version": 1,
        "id": MODEL,
        "revision": REVISION,
        "pipeline": "StableDiffusionPipeline",
        "dtype": "float32",
        "files": [{"path": path, "bytes": 1, "sha256": "0" * 64} for path in paths],
        **overrides,
    }
    return parse_manifest(json.dumps(source).encode(), MODEL, REVISION)


def test_lists_the_files_of_a_part() -> None:
    manifest = parse("unet/config.json", "unet/a.safetensors", "vae/a.safetensors")
    assert manifest.paths_in("unet") == ["unet/config.json", "unet/a.safetensors"]
    assert manifest.prefix == f"models/{MODEL}/{REVISION}"


@pytest.mark.parametrize(
    "name",
    ["unet/weights.bin", "v1.CKPT", "a.pt", "b.pkl", "pipeline.py", "a.npz", "b.so", "c"],
)
def test_refuses_pickle_and_code(name: str) -> None:
    with pytest.raises(WeightsUnavailable, match="refused"):
        parse("unet/a.safetensors", name)


@pytest.mark.parametrize("path", ["../outside.json", "/etc/passwd", "a/../../b.json"])
def test_refuses_a_path_out_of_the_folder(path: str) -> None:
    with pytest.raises(WeightsUnavailable, match="relative path"):
        parse(path)


@pytest.mark.parametrize(
    "change", [{"id": "another"}, {"revision": "old"}, {"files": []}, {"dtype": "int4"}]
)
def test_refuses_a_manifest_that_is_wrong(change: dict[str, Any]) -> None:
    with pytest.raises(WeightsUnavailable, match="manifest of model"):
        parse("unet/a.safetensors", **change)
