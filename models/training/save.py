"""Writes the trained parts as a folder that a stock StableDiffusionPipeline loads.

UNet and autoencoder are stored in fp16: half the bytes, and diffusers loads them as fp32 unless
told otherwise. The text encoder is stored in fp32: transformers 5 keeps the stored type on a plain
load, and mixed types fail in the first matrix product.
"""

# diffusers exports lazily and annotates loosely, so pyright's rules misreport here:
# pyright: reportPrivateImportUsage=false, reportArgumentType=false

import copy
import shutil
from pathlib import Path

from diffusers import AutoencoderKL, DDIMScheduler, StableDiffusionPipeline, UNet2DConditionModel
from transformers import CLIPTextModel, CLIPTokenizer

from models.training.tokenizer import write_tokenizer


def save_model(
    folder: Path,
    *,
    vae: AutoencoderKL,
    unet: UNet2DConditionModel,
    text_encoder: CLIPTextModel,
    tokenizer: CLIPTokenizer,
    scheduler: DDIMScheduler,
    scratch: Path,
) -> None:
    """Builds the folder beside `scratch` and moves it into place: readers never see half of it."""
    fresh = scratch / "model.partial"
    shutil.rmtree(fresh, ignore_errors=True)
    pipeline = StableDiffusionPipeline(
        vae=copy.deepcopy(vae).half(),
        unet=copy.deepcopy(unet).half(),
        text_encoder=text_encoder,
        tokenizer=tokenizer,
        scheduler=scheduler,
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.save_pretrained(fresh, safe_serialization=True)
    # transformers 5 writes tokenizer.json only; readers in other languages want these two.
    write_tokenizer(scratch / "tokenizer")
    for name in ("vocab.json", "merges.txt"):
        shutil.copy(scratch / "tokenizer" / name, fresh / "tokenizer" / name)
    replace_folder(folder, fresh, scratch / "model.previous")


def replace_folder(folder: Path, fresh: Path, previous: Path) -> None:
    shutil.rmtree(previous, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists():
        shutil.move(folder, previous)
    shutil.move(fresh, folder)
    shutil.rmtree(previous, ignore_errors=True)
