"""A model of random weights in a folder, as the importer would have left it."""

import importlib
import json
from pathlib import Path
from typing import Any

import torch

from bench.architectures import FLUX_PIPELINE, Architecture, Config
from worker.kinds import KINDS

# Its pictures mean nothing, so its texts need not either: letters are tokens.
LETTERS = [chr(code) for code in range(33, 127)]
START, END = "<|startoftext|>", "<|endoftext|>"


def write_random_model(folder: Path, architecture: Architecture, device: torch.device) -> None:
    """Made on `device` in the model's dtype: seconds instead of minutes on a GPU."""
    torch.manual_seed(0)
    before = torch.get_default_dtype()
    torch.set_default_dtype(getattr(torch, architecture.dtype))
    try:
        with torch.device(device):
            modules = make_modules(architecture)
    finally:
        torch.set_default_dtype(before)
    kind = KINDS[architecture.pipeline]
    scratch = folder.parent / "tokenizers"
    pipe = kind.pipeline(**modules, **make_tokenizers(architecture, scratch), **kind.options)
    pipe.save_pretrained(folder, safe_serialization=True)


def make_modules(architecture: Architecture) -> dict[str, Any]:
    diffusers: Any = importlib.import_module("diffusers")
    is_flux = architecture.pipeline == FLUX_PIPELINE
    scheduler = (
        diffusers.FlowMatchEulerDiscreteScheduler if is_flux else diffusers.EulerDiscreteScheduler
    )
    name, denoiser = KINDS[architecture.pipeline].denoiser
    return {
        name: denoiser(**architecture.denoiser),
        "vae": diffusers.AutoencoderKL(**architecture.vae),
        "scheduler": scheduler(**architecture.scheduler),
        **make_text_encoders(architecture),
    }


def make_text_encoders(architecture: Architecture) -> dict[str, Any]:
    transformers: Any = importlib.import_module("transformers")
    first, *second = architecture.texts
    found = {"text_encoder": transformers.CLIPTextModel(clip_config(first))}
    if second and architecture.pipeline == FLUX_PIPELINE:
        found["text_encoder_2"] = transformers.T5EncoderModel(transformers.T5Config(**second[0]))
    elif second:
        projecting = transformers.CLIPTextModelWithProjection(clip_config(second[0]))
        found["text_encoder_2"] = projecting
    return found


def clip_config(source: Config) -> Any:
    transformers: Any = importlib.import_module("transformers")
    ids = {"bos_token_id": len(LETTERS) * 2, "eos_token_id": len(LETTERS) * 2 + 1}
    return transformers.CLIPTextConfig(**source, **ids, pad_token_id=ids["eos_token_id"])


def make_tokenizers(architecture: Architecture, scratch: Path) -> dict[str, Any]:
    transformers: Any = importlib.import_module("transformers")
    scratch.mkdir(parents=True, exist_ok=True)
    tokens = [*LETTERS, *[f"{letter}</w>" for letter in LETTERS], START, END]
    vocabulary, merges = scratch / "vocab.json", scratch / "merges.txt"
    vocabulary.write_text(json.dumps({token: index for index, token in enumerate(tokens)}))
    merges.write_text("#version: 0.2\n")
    clip = transformers.CLIPTokenizer(
        str(vocabulary), str(merges), model_max_length=architecture.tokens
    )
    if len(architecture.texts) == 1:
        return {"tokenizer": clip}
    if architecture.pipeline != FLUX_PIPELINE:
        return {"tokenizer": clip, "tokenizer_2": clip}
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -1.0)]
    pieces += [(letter, -2.0) for letter in LETTERS]
    sentence = transformers.T5Tokenizer(vocab=pieces, extra_ids=0, model_max_length=512)
    return {"tokenizer": clip, "tokenizer_2": sentence}
