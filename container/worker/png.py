"""A picture as PNG, with its recipe as text; no cost and no time, so that it is reproducible."""

import hashlib
import io
import json

import numpy as np
import PIL.Image
from PIL.PngImagePlugin import PngInfo

from worker.recipe import Recipe
from worker.schedulers import SCHEDULERS

# Level 6 costs about 0.7 s of a core at 1024 x 1024, level 3 a fraction for a few per cent more.
COMPRESS_LEVEL = 3


def encode_png(pixels: np.ndarray, recipe: Recipe) -> bytes:
    """`pixels`: (height, width, 3) uint8 RGB."""
    text = PngInfo()
    text.add_text("parameters", a1111_parameters(recipe))
    # The truth: a prompt can spoof the line-based text above.
    text.add_text("spot-diffusion", recipe.canonical())
    sink = io.BytesIO()
    PIL.Image.fromarray(pixels).save(sink, "PNG", pnginfo=text, compress_level=COMPRESS_LEVEL)
    return sink.getvalue()


def hash_pixels(pixels: np.ndarray) -> str:
    """Hex SHA-256 of the raw RGB bytes, rows from the top: equality is by this, not by the file."""
    return hashlib.sha256(np.ascontiguousarray(pixels).tobytes()).hexdigest()


def a1111_parameters(recipe: Recipe) -> str:
    """Source: AUTOMATIC1111/stable-diffusion-webui, modules/infotext_utils.py (its reader)."""
    choice = SCHEDULERS[recipe.scheduler]
    pairs = {
        "Steps": str(recipe.steps),
        "Sampler": choice.a1111_name,
        "Schedule type": choice.schedule_type,
        "CFG scale": f"{recipe.guidance:g}",
        "Seed": str(recipe.seed),
        "Size": f"{recipe.width}x{recipe.height}",
        "Model": recipe.model,
        "RNG": "CPU",
        "Version": "spot-diffusion",
    }
    lines = [recipe.prompt]
    if recipe.negative_prompt:
        lines.append(f"Negative prompt: {recipe.negative_prompt}")
    lines.append(", ".join(f"{name}: {quote(value)}" for name, value in pairs.items() if value))
    return "\n".join(lines)


def quote(value: str) -> str:
    return json.dumps(value, ensure_ascii=False) if any(c in value for c in ",:\n") else value
