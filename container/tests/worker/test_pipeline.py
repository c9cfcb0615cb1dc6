"""From files to a model: in order, in parts, and what is wrong with them said by name."""

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from builders import manifest_of
from worker.arrivals import Arrivals
from worker.errors import JobCanceled, WeightsUnavailable
from worker.pipeline import Loading, load_model
from worker.prompts import PromptEncoder


def test_prompts_are_encoded_before_the_rest_arrives(random_model: Path) -> None:
    manifest = manifest_of(random_model)
    late = [path for path in manifest.paths if path.startswith(("unet/diff", "vae/diff"))]
    arrivals = Arrivals(random_model, set(manifest.paths) - set(late))
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


def test_a_problem_of_the_download_reaches_who_waits(random_model: Path) -> None:
    arrivals = Arrivals(random_model, ["model_index.json"])
    loading = Loading(arrivals, manifest_of(random_model), 1)
    threading.Timer(0.1, arrivals.fail, [WeightsUnavailable("no such object")]).start()
    for wait in (loading.model_for_prompts, loading.model):
        with pytest.raises(WeightsUnavailable, match="no such object"):
            wait()


def test_a_stop_ends_a_load(random_model: Path) -> None:
    def check() -> None:
        raise JobCanceled("SIGTERM received.")

    with pytest.raises(JobCanceled):
        Loading(Arrivals(random_model), manifest_of(random_model), 1, check).model()


UNET, TEXT = "unet/diffusion_pytorch_model.safetensors", "text_encoder/model.safetensors"


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


@pytest.mark.parametrize("damage", [cut, no_header, empty, lacks_one, other_shape])
@pytest.mark.parametrize("path", [UNET, TEXT])
def test_files_that_do_not_load_are_named_and_not_trusted_again(
    random_model: Path, tmp_path: Path, path: str, damage: Callable[[Path], None]
) -> None:
    """Whole by their checksums, and yet wrong."""
    copy = tmp_path / "model"
    shutil.copytree(random_model, copy)
    damage(copy / path)
    (copy / ".complete").touch()
    with pytest.raises(WeightsUnavailable, match="Expected `random@abc123` to load, got"):
        load_model(copy, manifest_of(copy), 1)
    assert not (copy / ".complete").exists()


def test_unknown_pipelines_and_schedulers_are_refused(random_model: Path, tmp_path: Path) -> None:
    with pytest.raises(WeightsUnavailable, match="FluxPipeline, got `Evil`"):
        load_model(random_model, manifest_of(random_model, pipeline="Evil"), 1)
    copy = tmp_path / "scheduler"
    shutil.copytree(random_model, copy)
    (copy / "scheduler/scheduler_config.json").write_text('{"_class_name": "KarrasVeScheduler"}')
    with pytest.raises(WeightsUnavailable, match="Expected the scheduler to be one of"):
        load_model(copy, manifest_of(copy), 1)
