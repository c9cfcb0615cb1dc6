"""Pictures of one shape on a plain background, drawn from signed distances.

A picture is 64x64 RGB in [-1, 1]. Coordinates are pixels from the picture's centre, x to the right
and y down; a signed distance is negative inside the shape. Everything is numpy on whole batches and
a pure function of its arguments, so that a batch depends on nothing but the random numbers given.

Source of the distance formulas: https://iquilezles.org/articles/distfunctions2d/
"""

from collections.abc import Callable

import numpy as np

SIDE = 64
PALETTE = {
    "red": (215, 30, 40),
    "orange": (245, 140, 20),
    "yellow": (250, 230, 60),
    "green": (40, 160, 70),
    "blue": (40, 80, 220),
    "purple": (150, 50, 165),
    "white": (250, 250, 250),
    "black": (20, 20, 20),
}
COLOURS = tuple(PALETTE)
SIZES = ("", "small", "large")
# Radius in pixels for each of SIZES. The gaps between the ranges keep small and large apart.
RADII = np.array([(15, 17), (11, 13), (19, 23)], np.float32)
PALETTE_RGB = np.array([PALETTE[c] for c in COLOURS], np.float32) / 127.5 - 1

Distance = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]

_axis = np.arange(SIDE, dtype=np.float32) + 0.5 - SIDE / 2
GRID_X, GRID_Y = np.meshgrid(_axis, _axis)


def circle(x: np.ndarray, y: np.ndarray, radius: np.ndarray) -> np.ndarray:
    return np.hypot(x, y) - radius


def square(x: np.ndarray, y: np.ndarray, radius: np.ndarray) -> np.ndarray:
    return np.maximum(abs(x), abs(y)) - 0.86 * radius


def triangle(x: np.ndarray, y: np.ndarray, radius: np.ndarray) -> np.ndarray:
    # Lowered by 0.2 radius: an equilateral triangle looks centred by its box, not by its centroid.
    y, inner = y - 0.2 * radius, 0.55 * radius
    sides = np.maximum(-0.5 * y + 0.8660254 * abs(x), -0.5 * y - 0.8660254 * abs(x))
    return np.maximum(y, sides) - inner


def star(x: np.ndarray, y: np.ndarray, radius: np.ndarray) -> np.ndarray:
    sector = 2 * np.pi / 5
    angle = abs(np.mod(np.arctan2(x, -y) + sector / 2, sector) - sector / 2)
    length = np.hypot(x, y)
    tip, dent = 1.1 * radius, 0.48 * radius
    edge_x, edge_y = dent * np.cos(sector / 2) - tip, dent * np.sin(sector / 2)
    cross_product = (length * np.cos(angle) - tip) * edge_y - length * np.sin(angle) * edge_x
    return cross_product / np.hypot(edge_x, edge_y)


def ring(x: np.ndarray, y: np.ndarray, radius: np.ndarray) -> np.ndarray:
    return abs(np.hypot(x, y) - 0.74 * radius) - 0.26 * radius


def cross(x: np.ndarray, y: np.ndarray, radius: np.ndarray) -> np.ndarray:
    arm = 0.32 * radius
    across = np.maximum(abs(x) - radius, abs(y) - arm)
    upright = np.maximum(abs(y) - radius, abs(x) - arm)
    return np.minimum(across, upright)


DISTANCES: dict[str, Distance] = {
    "circle": circle,
    "square": square,
    "triangle": triangle,
    "star": star,
    "ring": ring,
    "cross": cross,
}
SHAPES = tuple(DISTANCES)


def draw_coverage(
    shape: np.ndarray, centre: np.ndarray, radius: np.ndarray, turn: np.ndarray
) -> np.ndarray:
    """Share of each pixel that the shape covers, (n, 64, 64) in [0, 1].

    shape: (n,) index into SHAPES; centre: (n, 2) pixels; radius: (n,) pixels; turn: (n,) radians.
    """
    coverage = np.empty((len(shape), SIDE, SIDE), np.float32)
    for index, name in enumerate(SHAPES):
        rows = np.flatnonzero(shape == index)
        x = GRID_X - centre[rows, 0, None, None]
        y = GRID_Y - centre[rows, 1, None, None]
        cos, sin = np.cos(turn[rows])[:, None, None], np.sin(turn[rows])[:, None, None]
        distance = DISTANCES[name](x * cos + y * sin, y * cos - x * sin, radius[rows, None, None])
        coverage[rows] = np.clip(0.5 - distance, 0, 1)
    return coverage


def paint(coverage: np.ndarray, colour: np.ndarray, background: np.ndarray) -> np.ndarray:
    """Pictures (n, 3, 64, 64) in [-1, 1] from coverage (n, 64, 64) and two RGB arrays (n, 3)."""
    contrast = (colour - background)[:, :, None, None]
    return background[:, :, None, None] + coverage[:, None] * contrast
