"""Which files of a repository the pipeline needs: pure, from the list of files alone."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from importer.errors import ImportProblem
from importer.pickles import PICKLES
from importer.registry import Model

INDEX = "model_index.json"
# Exact names: a repository also holds variants (`.non_ema`, `.fp16`), ONNX, Flax and OpenVINO.
PLAIN = re.compile(r"(model|diffusion_pytorch_model)(-\d{5}-of-\d{5})?\.safetensors")
HALF = re.compile(r"(model|diffusion_pytorch_model)\.fp16\.safetensors")
SHARD_INDEX = re.compile(r"(model|diffusion_pytorch_model)\.safetensors\.index\.json")
TEXTS = frozenset({".json", ".txt", ".model"})


@dataclass(frozen=True)
class HubFile:
    path: str
    bytes: int
    sha256: str | None
    """As the hub states it; small files have none there."""


@dataclass(frozen=True)
class Chosen:
    source: HubFile
    path: str
    """Where it goes: the plain name, so that from_pretrained finds it without a variant."""


def choose_files(files: Iterable[HubFile], index: Mapping[str, Any], model: Model) -> list[Chosen]:
    """Raises ImportProblem if a component has its weights as pickle only."""
    all_files = list(files)
    chosen = [Chosen(file, INDEX) for file in all_files if file.path == INDEX]
    for component in components_of(index):
        inside = [file for file in all_files if str(PurePosixPath(file.path).parent) == component]
        chosen += choose_in_component(component, inside, model)
    if not any(file.path.endswith(".safetensors") for file in chosen):
        raise no_safetensors(model, "the repository")
    return sorted(chosen, key=lambda file: file.path)


def choose_single(files: Iterable[HubFile], model: Model) -> list[Chosen]:
    """Of a repository that holds one model, without folders. Raises ImportProblem as above."""
    named = [file for file in files if "/" not in file.path]
    chosen = choose_in_component(".", named, model)
    if not any(file.path.endswith(".safetensors") for file in chosen):
        raise no_safetensors(model, "the repository")
    return sorted(chosen, key=lambda file: file.path)


def components_of(index: Mapping[str, Any]) -> list[str]:
    """`{"unet": ["diffusers", "UNet2DConditionModel"], "image_encoder": [null, null], …}`"""
    return [name for name, value in index.items() if isinstance(value, list) and value and value[0]]


def choose_in_component(component: str, files: list[HubFile], model: Model) -> list[Chosen]:
    named = {PurePosixPath(file.path).name: file for file in files}
    halves = {name: file for name, file in named.items() if HALF.fullmatch(name)}
    if model.dtype == "float16" and halves:
        weights = {name.replace(".fp16", ""): file for name, file in halves.items()}
    else:
        weights = {
            name: file
            for name, file in named.items()
            if PLAIN.fullmatch(name) or SHARD_INDEX.fullmatch(name)
        }
    has_pickle = any(PurePosixPath(name).suffix.lower() in PICKLES for name in named)
    if has_pickle and not weights:
        raise no_safetensors(model, f"its folder `{component}`")
    texts = {name: file for name, file in named.items() if is_text(name)}
    return [
        Chosen(file, str(PurePosixPath(component, name)))
        for name, file in {**texts, **weights}.items()
    ]


def is_text(name: str) -> bool:
    """Configurations and tokenizers; the index of shards goes with the shards."""
    return PurePosixPath(name).suffix in TEXTS and ".index." not in name


def no_safetensors(model: Model, where: str) -> ImportProblem:
    return ImportProblem(
        f"Expected safetensors in {where} of `{model.home}@{model.revision}`, found none: pickle "
        "runs code when it is read and is refused. To fix: name a revision or a repository that "
        f"holds safetensors in `models/{model.id}.json`."
    )
