"""What looks at the pictures. Importing this module imports torch and transformers.

The model's own checker where its files hold one (`safety_checker/`: Stable Diffusion 1.x), else the
classifier of the bucket, imported like a model; without either nobody looks, and the record says
`unchecked`. Both are called on the finished picture: inside diffusers' pipelines the checker paints
pictures black, and is skipped where latents are asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers.pipelines.stable_diffusion.safety_checker import StableDiffusionSafetyChecker
from transformers import CLIPImageProcessorPil, ViTForImageClassification, ViTImageProcessorPil

from worker.attempt import Attempt
from worker.bucket import BucketError
from worker.errors import WeightsUnavailable, one_line
from worker.manifest import Manifest
from worker.safety import Checker, Verdict
from worker.trouble import is_out_of_memory
from worker.weights import distrust, fetch_manifest, fetch_weights

SAFETY_CHECKER = "safety_checker"
# Falconsai/nsfw_image_detection, Apache-2.0: a ViT of 86 million parameters, labels normal, nsfw.
CLASSIFIER = "safety-classifier"
CLASSIFIER_REVISION = "96cb0d0342c7afb80cab76ecc58b265fa44da256"
FLAGGED_LABEL = "nsfw"
# The label is flagged where it is the likelier of the two, as its own pipeline says it.
THRESHOLD = 0.5


@dataclass(frozen=True)
class NamedChecker:
    name: str
    check: Checker


def make_checker(
    attempt: Attempt, folder: Path, manifest: Manifest, device: torch.device
) -> NamedChecker | None:
    """`folder` holds the model's files. None without a checker for it.

    Raises WeightsUnavailable if there is one that does not load, torch's error if it does not fit,
    and what the stop raises.
    """
    if any(file.path.startswith(f"{SAFETY_CHECKER}/") for file in manifest.files):
        return NamedChecker(SAFETY_CHECKER, loaded(load_safety_checker, folder, device))
    key = f"models/{CLASSIFIER}/{CLASSIFIER_REVISION}/manifest.json"
    try:
        is_there = attempt.bucket.exists(key)
    except BucketError as error:
        raise WeightsUnavailable(str(error)) from error
    if not is_there:
        attempt.log.warn(f"No safety checker: the bucket holds no `{key}`", phase="load")
        return None
    found = fetch_manifest(attempt.bucket, CLASSIFIER, CLASSIFIER_REVISION)
    cache_dir = attempt.settings.cache_dir
    classifier = fetch_weights(attempt.bucket, found, cache_dir, attempt.stop)
    return NamedChecker(CLASSIFIER, loaded(load_classifier, classifier, device))


def loaded(load: Any, folder: Path, device: torch.device) -> Checker:
    try:
        return load(folder, device)
    except Exception as error:  # whatever the libraries say of files that are wrong
        if is_out_of_memory(error):
            raise
        distrust(folder)
        raise WeightsUnavailable(
            f"Expected the safety checker in `{folder}` to load, got {one_line(error)}. "
            "To fix: import it again."
        ) from error


def half_on_cuda(device: torch.device) -> torch.dtype:
    return torch.float16 if device.type == "cuda" else torch.float32


def load_safety_checker(folder: Path, device: torch.device) -> Checker:
    """`folder`: the model's. Its processor is CLIP's own where the files hold none."""
    dtype = half_on_cuda(device)
    model: Any = StableDiffusionSafetyChecker.from_pretrained(
        str(folder / SAFETY_CHECKER), dtype=dtype, use_safetensors=True, local_files_only=True
    )
    model = model.to(device).eval()
    processor: Any = processor_of(CLIPImageProcessorPil, folder / "feature_extractor")

    def check(pictures: Sequence[np.ndarray]) -> list[Verdict]:
        pixels = processor(images=list(pictures), return_tensors="pt").pixel_values
        # It blackens what it is given as `images`: that is never our pictures.
        scraps = [np.zeros(1) for _ in pictures]
        _, flags = model(images=scraps, clip_input=pixels.to(device, dtype))
        return [Verdict(bool(flag), SAFETY_CHECKER if flag else "") for flag in flags]

    return check


def load_classifier(folder: Path, device: torch.device) -> Checker:
    """Raises ValueError if none of its labels is `nsfw`."""
    dtype = half_on_cuda(device)
    model: Any = ViTForImageClassification.from_pretrained(
        str(folder), dtype=dtype, use_safetensors=True, local_files_only=True
    )
    labels = [model.config.id2label[index].lower() for index in range(model.config.num_labels)]
    flagged = labels.index(FLAGGED_LABEL)
    model = model.to(device).eval()
    processor: Any = processor_of(ViTImageProcessorPil, folder)

    def check(pictures: Sequence[np.ndarray]) -> list[Verdict]:
        pixels = processor(images=list(pictures), return_tensors="pt").pixel_values
        with torch.no_grad():
            logits = model(pixels.to(device, dtype)).logits
        scores = torch.softmax(logits.float(), dim=-1)[:, flagged].tolist()
        return [Verdict(s > THRESHOLD, f"nsfw {s:.2f}" if s > THRESHOLD else "") for s in scores]

    return check


def processor_of(kind: Any, folder: Path) -> Any:
    """Pillow's, whatever the file says: the default one needs torchvision, which we do without."""
    if (folder / "preprocessor_config.json").exists():
        return kind.from_pretrained(str(folder), local_files_only=True)
    return kind()
