"""Checkers of random weights and the real architectures, and what one says of a picture. Run in a
child process, so that pytest itself never imports torch."""

import importlib
import json
from pathlib import Path
from typing import Any

import numpy as np

SIDE = 32
VISION = {
    "hidden_size": 16,
    "intermediate_size": 16,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "image_size": SIDE,
    "patch_size": 8,
}
PICTURES = [np.full((48, 64, 3), value, np.uint8) for value in (0, 90, 250)]


def make_safety_checker(folder: Path, threshold: float) -> None:
    """A model's folder, as far as its checker is in it. `threshold`: 1 flags nothing, -1 all."""
    import torch

    diffusers: Any = importlib.import_module("diffusers.pipelines.stable_diffusion.safety_checker")
    transformers: Any = importlib.import_module("transformers")
    torch.manual_seed(0)
    config = transformers.CLIPConfig(vision_config=VISION, projection_dim=8)
    checker = diffusers.StableDiffusionSafetyChecker(config)
    checker.concept_embeds_weights.data.fill_(threshold)
    checker.special_care_embeds_weights.data.fill_(1)
    checker.save_pretrained(folder / "safety_checker")
    write_processor(folder / "feature_extractor", {"size": SIDE, "crop_size": SIDE})


def make_classifier(folder: Path, labels: list[str], bias: float) -> None:
    """`bias`: above 0 it takes every picture for the last label."""
    import torch

    transformers: Any = importlib.import_module("transformers")
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


def look(kind: str, folder: Path) -> Any:
    """`(is_flagged, reason)` of each of PICTURES, which must stay as they are."""
    import torch

    from worker import checkers

    load = {"safety_checker": checkers.load_safety_checker, "classifier": checkers.load_classifier}
    check = load[kind](folder, torch.device("cpu"))
    before = [picture.copy() for picture in PICTURES]
    verdicts = [(verdict.is_flagged, verdict.reason) for verdict in check(PICTURES)]
    assert all((a == b).all() for a, b in zip(before, PICTURES, strict=True))
    return verdicts
