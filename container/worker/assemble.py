"""One part of a pipeline from its folder: the module is made without memory for its weights and
then given the tensors that were read, so that nothing is initialised, read or copied twice.

Raises what the libraries raise for files that do not fit, ValueError where they would only warn.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import diffusers
import torch
from accelerate import init_empty_weights

from worker.kinds import Kind
from worker.page_cache import reading_ahead
from worker.schedulers import SCHEDULER_CLASSES
from worker.tensors import Check, map_files, read_tensors


@dataclass(frozen=True)
class Place:
    """Where weights go, and as what."""

    device: torch.device
    dtype: torch.dtype
    check: Check = lambda: None


def make_body(cls: Any, folder: Path) -> Any:
    """A model of diffusers on torch's `meta` device: its configuration is there, no weight is."""
    # Not buffers: those that are computed would be lost.
    with init_empty_weights(include_buffers=False):
        return cls.from_config(cls.load_config(str(folder), local_files_only=True)).eval()


def fill_body(module: Any, files: Sequence[Path], place: Place) -> None:
    """Gives the module its weights."""
    tensors = read_tensors(files, place.device, place.dtype, place.check)
    # Old files name a VAE's attention `query`, `key`, `value`: what from_pretrained does of it.
    module._fix_state_dict_keys_on_load(tensors)
    module.load_state_dict(tensors, strict=True, assign=True)
    for parameter in module.parameters():
        parameter.requires_grad_(False)
    move_buffers(module, place)


def load_encoder(cls: Any, folder: Path, files: Sequence[Path], place: Place) -> Any:
    """By transformers' own loader, since it alone knows how names changed between its versions.

    For a GPU it is given the mapped files, which takes no time; then each weight is replaced by the
    tensor that was staged onto the device.
    """
    is_cpu = place.device.type == "cpu"
    mapped = map_files(files)
    dtype = place.dtype if is_cpu else common_dtype(mapped)
    config = cls.config_class.from_pretrained(str(folder), local_files_only=True)
    with reading_ahead(files if is_cpu else [], place.check):
        module, found = cls.from_pretrained(
            None, config=config, state_dict=dict(mapped), dtype=dtype, output_loading_info=True
        )
    missing = [*found["missing_keys"], *found["mismatched_keys"]]
    if missing:
        # transformers would go on with random weights.
        raise ValueError(f"Expected weights for `{missing[0]}` and {len(missing) - 1} more.")
    if not is_cpu:
        staged = read_tensors(files, place.device, place.dtype, place.check)
        replace_weights(module, mapped, staged)
        module.to(place.device)
        move_buffers(module, place)
    return module.eval().requires_grad_(False)


def move_buffers(module: torch.nn.Module, place: Place) -> None:
    """Those that no file holds. Not module.to(dtype): diffusers warns of it."""
    for buffer in module.buffers():
        buffer.data = buffer.to(place.device, place.dtype if buffer.is_floating_point() else None)


def common_dtype(tensors: Mapping[str, torch.Tensor]) -> torch.dtype:
    """Of the floating tensors. With several, those of the others are copied once more."""
    return next(
        (tensor.dtype for tensor in tensors.values() if tensor.is_floating_point()), torch.float32
    )


def replace_weights(
    module: torch.nn.Module,
    mapped: Mapping[str, torch.Tensor],
    staged: Mapping[str, torch.Tensor],
) -> None:
    """Each parameter that is a mapped tensor becomes the staged one of the same name."""
    names = {tensor.data_ptr(): name for name, tensor in mapped.items() if tensor.numel()}
    for parameter in module.parameters():
        name = names.get(parameter.data_ptr())
        if name is not None and staged[name].shape == parameter.shape:
            parameter.data = staged[name]


def load_scheduler(folder: Path) -> Any:
    source = json.loads((folder / "scheduler_config.json").read_text("utf8"))
    name = source.get("_class_name")
    if name not in SCHEDULER_CLASSES:
        known = ", ".join(sorted(SCHEDULER_CLASSES))
        raise ValueError(f"Expected the scheduler to be one of {known}, got `{name}`.")
    return getattr(diffusers, name).from_config(source)


def make_pipeline(kind: Kind, folder: Path, parts: Mapping[str, Any]) -> Any:
    """`parts`: the modules by their names; tokenizers and scheduler are read here."""
    index = json.loads((folder / "model_index.json").read_text("utf8"))
    decided = {name: index[name] for name in kind.index_options if name in index}
    tokenizers = {
        name: cls.from_pretrained(str(folder / name), local_files_only=True)
        for name, cls in kind.tokenizers.items()
    }
    scheduler = load_scheduler(folder / "scheduler")
    options = {**kind.options, **decided}
    pipe = kind.pipeline(**tokenizers, **parts, scheduler=scheduler, **options)
    pipe.set_progress_bar_config(disable=True)
    return pipe
