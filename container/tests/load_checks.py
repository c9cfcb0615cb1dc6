"""What loading must do, as functions that fail: run in a child, where torch is."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from random_model import describe

from worker.arrivals import Arrivals
from worker.errors import JobCanceled, WeightsUnavailable
from worker.manifest import Manifest, parse_manifest


def manifest_of(folder: Path, **overrides: Any) -> Manifest:
    source = describe(folder) | overrides
    return parse_manifest(json.dumps(source).encode(), source["id"], source["revision"])


def prompts_are_encoded_before_the_rest_arrives(folder: Path) -> None:
    import torch

    from worker.pipeline import Loading
    from worker.prompts import PromptEncoder

    manifest = manifest_of(folder)
    late = [path for path in manifest.paths if path.startswith(("unet/diff", "vae/diff"))]
    arrivals = Arrivals(folder, set(manifest.paths) - set(late))
    loading = Loading(arrivals, manifest, 1)
    model = loading.model_for_prompts()
    assert next(model.denoiser.parameters()).device.type == "meta"
    encoded = PromptEncoder(model).encode(["a cat"], [""])
    assert encoded["prompt_embeds"].isfinite().all()
    for path in late:
        arrivals.arrive(path)
    assert loading.model() is model
    modules = (model.pipe.unet, model.pipe.vae, model.pipe.text_encoder)
    parameters = [parameter for module in modules for parameter in module.parameters()]
    assert {parameter.device.type for parameter in parameters} == {"cpu"}
    assert not any(parameter.requires_grad for parameter in parameters)
    assert all(parameter.dtype == torch.float32 for parameter in parameters)


def a_problem_of_the_download_reaches_who_waits(folder: Path) -> None:
    from worker.pipeline import Loading

    arrivals = Arrivals(folder, ["model_index.json"])
    loading = Loading(arrivals, manifest_of(folder), 1)
    threading.Timer(0.1, arrivals.fail, [WeightsUnavailable("no such object")]).start()
    for wait in (loading.model_for_prompts, loading.model):
        with pytest.raises(WeightsUnavailable, match="no such object"):
            wait()


def a_stop_ends_a_load(folder: Path) -> None:
    from worker.pipeline import Loading

    def check() -> None:
        raise JobCanceled("SIGTERM received.")

    with pytest.raises(JobCanceled):
        Loading(Arrivals(folder), manifest_of(folder), 1, check).model()


def files_that_do_not_load_are_named(folder: Path, scratch: Path) -> None:
    """Whole by their checksums, and yet wrong; afterwards nobody trusts the folder."""
    import shutil

    import torch
    from safetensors.torch import load_file, save_file

    from worker.pipeline import load_model

    unet, text = "unet/diffusion_pytorch_model.safetensors", "text_encoder/model.safetensors"

    def cut(file: Path) -> None:
        file.write_bytes(file.read_bytes()[:-100])

    def no_header(file: Path) -> None:
        file.write_bytes(b"\x80\x04\x95pickle" * 100)

    def empty(file: Path) -> None:
        file.write_bytes(b"")

    def lacks_one(file: Path) -> None:
        tensors = load_file(file)
        tensors.pop(next(iter(tensors)))
        save_file(tensors, file)

    def other_shape(file: Path) -> None:
        tensors = load_file(file)
        name = next(name for name in tensors if name.endswith("weight"))
        save_file(tensors | {name: torch.zeros(3, 3)}, file)

    for index, damage in enumerate([cut, no_header, empty, lacks_one, other_shape]):
        for path in (unet, text):
            copy = scratch / f"{index}-{path.split('/')[0]}"
            shutil.copytree(folder, copy)
            damage(copy / path)
            (copy / ".complete").touch()
            with pytest.raises(WeightsUnavailable, match="Expected `random@abc123` to load, got"):
                load_model(copy, manifest_of(copy), 1)
            assert not (copy / ".complete").exists(), (damage, path)


def unknown_pipelines_and_schedulers_are_refused(folder: Path, scratch: Path) -> None:
    import shutil

    from worker.pipeline import load_model

    with pytest.raises(WeightsUnavailable, match="FluxPipeline, got `Evil`"):
        load_model(folder, manifest_of(folder, pipeline="Evil"), 1)
    copy = scratch / "scheduler"
    shutil.copytree(folder, copy)
    (copy / "scheduler/scheduler_config.json").write_text('{"_class_name": "KarrasVeScheduler"}')
    with pytest.raises(WeightsUnavailable, match="Expected the scheduler to be one of"):
        load_model(copy, manifest_of(copy), 1)


def measures_both_ways(folder: Path) -> None:
    from bench.measure_load import manifest_of, measure_load

    found = measure_load(folder, manifest_of(folder, "StableDiffusionPipeline", "float32"), 1)
    assert found["loadSeconds"] > 0 and found["baselineLoadSeconds"] > 0 and found["bytes"] > 1000
