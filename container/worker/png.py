"""A picture as PNG, with its recipe as text; no cost and no time, so that it is reproducible.

Chunks: `spot-diffusion`                 the recipe's canonical JSON: its SHA-256 names the image
        `spot-diffusion-effective-seed`  only where the safety policy chose another seed
        `parameters`                     for A1111, ComfyUI, Civitai and whoever reads theirs
        XMP                              says that a machine made it (xmp.py)
"""

import hashlib
import io

import numpy as np
import PIL.Image
from PIL.PngImagePlugin import PngInfo

from worker.infotext import a1111_parameters, denoising_strength
from worker.recipe import Recipe
from worker.xmp import EDITED, GENERATED, KEYWORD, make_xmp

# The cores beside a GPU are few: a higher level takes more of them than its bytes are worth.
COMPRESS_LEVEL = 3
RECIPE = "spot-diffusion"
EFFECTIVE_SEED = "spot-diffusion-effective-seed"


def encode_png(pixels: np.ndarray, recipe: Recipe, effective_seed: int | None = None) -> bytes:
    """`pixels`: (height, width, 3) uint8 RGB; `effective_seed`: the one that made them, where it is
    not the recipe's."""
    text = PngInfo()
    text.add_text("parameters", a1111_parameters(recipe, effective_seed))
    # The truth: a prompt can spoof the line-based text above, but nothing outside of a JSON string.
    text.add_text(RECIPE, recipe.canonical())
    if effective_seed is not None:
        text.add_text(EFFECTIVE_SEED, str(effective_seed))
    text.add_itxt(KEYWORD, make_xmp(GENERATED if denoising_strength(recipe) is None else EDITED))
    sink = io.BytesIO()
    PIL.Image.fromarray(pixels).save(sink, "PNG", pnginfo=text, compress_level=COMPRESS_LEVEL)
    return sink.getvalue()


def hash_pixels(pixels: np.ndarray) -> str:
    """Hex SHA-256 of the raw RGB bytes, rows from the top: equality is by this, not by the file."""
    return hashlib.sha256(np.ascontiguousarray(pixels).tobytes()).hexdigest()
