"""What the shapes look like to the judge: drawn with Pillow's own primitives.

Nothing here comes from the renderer that made the training pictures (draw.py); only the words and
the proportions are shared. A judge built from the renderer would share its mistakes.
"""

import math
from functools import cache

import numpy as np
from PIL import Image, ImageDraw

CANVAS, OVERSAMPLE = 64, 8
MASK_SIDE = 48
TURNS_DEGREES = (-6.0, -3.0, 0.0, 3.0, 6.0)
RADII = (12.0, 20.0)
# A little air around the bounding box, so that a one-pixel halo counts against a shape.
BOX_MARGIN = 1.04

Points = list[tuple[float, float]]


def regular_points(radii: list[float], middle: float) -> Points:
    """Corners at equal angles, the first one straight up; `radii` in turn."""
    return [
        (
            middle + radius * math.sin(2 * math.pi * i / len(radii)),
            middle - radius * math.cos(2 * math.pi * i / len(radii)),
        )
        for i, radius in enumerate(radii)
    ]


def draw_shape(shape: str, radius: float, turn_degrees: float) -> np.ndarray:
    """Coverage (64, 64) in [0, 1] of the shape in the middle of the canvas."""
    side, size = CANVAS * OVERSAMPLE, radius * OVERSAMPLE
    middle = side / 2
    image = Image.new("L", (side, side))
    pen = ImageDraw.Draw(image)

    def box(half_width: float, half_height: float) -> tuple[float, float, float, float]:
        return middle - half_width, middle - half_height, middle + half_width, middle + half_height

    match shape:
        case "circle":
            pen.ellipse(box(size, size), fill=255)
        case "square":
            pen.rectangle(box(size, size), fill=255)
        case "triangle":
            pen.polygon(regular_points([size] * 3, middle), fill=255)
        case "star":
            pen.polygon(regular_points([size, 0.436 * size] * 5, middle), fill=255)
        case "ring":
            pen.ellipse(box(size, size), fill=255)
            pen.ellipse(box(0.48 * size, 0.48 * size), fill=0)
        case "cross":
            pen.rectangle(box(size, 0.32 * size), fill=255)
            pen.rectangle(box(0.32 * size, size), fill=255)
        case _:
            raise ValueError(f"Expected a shape that has a template, got `{shape}`.")
    turned = image.rotate(turn_degrees, Image.Resampling.BICUBIC)
    return np.asarray(turned.reduce(OVERSAMPLE), np.float32) / 255


def sample_square(coverage: np.ndarray, middle: tuple[float, float], half: float) -> np.ndarray:
    """Bilinear samples (48, 48) of the square of 2 x `half` pixels around `middle` (y, x)."""
    offsets = ((np.arange(MASK_SIDE) + 0.5) / MASK_SIDE * 2 - 1) * half
    limit = len(coverage) - 1.001
    y, x = (np.clip(centre + offsets, 0, limit) for centre in middle)
    top, left = y.astype(int), x.astype(int)
    down, right = (y - top)[:, None], (x - left)[None]
    upper = coverage[top][:, left] * (1 - right) + coverage[top][:, left + 1] * right
    lower = coverage[top + 1][:, left] * (1 - right) + coverage[top + 1][:, left + 1] * right
    return upper * (1 - down) + lower * down


def crop_mask(coverage: np.ndarray) -> np.ndarray | None:
    """The shape's mask (48, 48) filling its bounding square, or None where nothing is there."""
    rows = np.flatnonzero(coverage.max(1) > 0.5)
    columns = np.flatnonzero(coverage.max(0) > 0.5)
    if len(rows) < 3 or len(columns) < 3:
        return None
    middle = (rows[0] + rows[-1]) / 2, (columns[0] + columns[-1]) / 2
    half = max(np.ptp(rows), np.ptp(columns)) / 2 + 0.5
    return sample_square(coverage, middle, half * BOX_MARGIN) > 0.5


@cache
def template_masks(shape: str) -> np.ndarray:
    """(variants, 48 * 48) booleans: the shape in two sizes and five small turns."""
    variants = [(radius, turn) for radius in RADII for turn in TURNS_DEGREES]
    masks = [crop_mask(draw_shape(shape, radius, turn)) for radius, turn in variants]
    return np.stack([mask for mask in masks if mask is not None]).reshape(len(variants), -1)
