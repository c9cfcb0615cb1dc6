"""Checkers of random weights and the real architectures."""

import importlib
import json
from pathlib import Path
from typing import Any

import torch

transformers: Any = importlib.import_module("transformers")

SIDE = 32
VISION = {
    "hidden_size": 16,
    "intermediate_size": 16,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "image_size": SIDE,
    "patch_size": 8,
}


def make_safety_checker(folder: Path, threshold: float) -> None:
    """A model's folder, as far as its checker is in it. `threshold`: 1 flags nothing, -1 all."""
    diffusers: Any = importlib.import_module("diffusers.pipelines.stable_diffusion.safety_checker")
    torch.manual_seed(0)
    config = transformers.CLIPConfig(vision_config=VISION, projection_dim=8)
    checker = diffusers.StableDiffusionSafetyChecker(config)
    checker.concept_embeds_weights.data.fill_(threshold)
    checker.special_care_embeds_weights.data.fill_(1)
    checker.save_pretrained(folder / "safety_checker")
    write_processor(folder / "feature_extractor", {"size": SIDE, "crop_size": SIDE})


def make_classifier(folder: Path, labels: list[str], bias: float) -> None:
    """`bias`: above 0 it takes every picture for the last label."""
    torch.manual_seed(0)
    names = {"id2label": dict(enumerate(labels)), "label2id": {n: i for i, n in enumerate(labels)}}
    model = transformers.ViTForImageClassification(transformers.ViTConfig(**VISION, **names))
    model.classifier.weight.data.zero_()
    model.classifier.bias.data = torch.tensor([0.0, bias])
    model.save_pretrained(folder)
    write_processor(folder, {"size": {"height": SIDE, "width": SIDE}})


def write_processor(folder: Path, fields: dict[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "preprocessor_config.json").write_text(json.dumps(fields))
