"""Pictures that a careless check would accept: each takes what was asked for and spoils it."""

from collections.abc import Callable

import numpy as np
from PIL import Image

from models.training.captions import Scene, draw_scenes
from models.training.draw import (
    COLOURS,
    GRID_X,
    GRID_Y,
    PALETTE_RGB,
    SHAPES,
    SIDE,
    draw_coverage,
    paint,
)

Spoil = Callable[[Scene, np.random.Generator], Image.Image]


def to_image(picture: np.ndarray) -> Image.Image:
    """(3, 64, 64) in [-1, 1] to an RGB image."""
    pixels = ((picture.transpose(1, 2, 0) + 1) * 127.5).round().clip(0, 255).astype(np.uint8)
    return Image.fromarray(pixels)


def paint_scene(coverage: np.ndarray, scene: Scene) -> Image.Image:
    ground = PALETTE_RGB[[scene.background]]
    return to_image(paint(coverage[None], PALETTE_RGB[[scene.colour]], ground)[0])


def place(shape: int, radius: float, turn: float = 0.0, x: float = 0.0) -> np.ndarray:
    arguments = np.array([shape]), np.array([[x, 0.0]]), np.array([radius]), np.array([turn])
    return draw_coverage(*arguments)[0]


def draw_truth(scene: Scene, rng: np.random.Generator) -> Image.Image:
    return to_image(draw_scenes([scene], rng)[0])


def other(index: int, count: int, rng: np.random.Generator) -> int:
    return int((index + rng.integers(1, count)) % count)


def wobbly_blob(scene: Scene, rng: np.random.Generator) -> Image.Image:
    """A closed outline whose radius wanders by a third of itself."""
    angle = np.arctan2(GRID_Y, GRID_X)
    waves = np.zeros_like(angle)
    for frequency in range(2, 6):
        phase = rng.uniform(0, 2 * np.pi)
        waves += rng.normal() / frequency**0.7 * np.cos(frequency * angle + phase)
    radius = 16 * (1 + 0.33 * waves / np.abs(waves).max())
    return paint_scene(np.clip(0.5 + radius - np.hypot(GRID_X, GRID_Y), 0, 1), scene)


def wrong_shape(scene: Scene, rng: np.random.Generator) -> Image.Image:
    shape = other(scene.shape, len(SHAPES), rng)
    return draw_truth(Scene(scene.colour, shape, scene.background, scene.size), rng)


def wrong_colour(scene: Scene, rng: np.random.Generator) -> Image.Image:
    colour = other(scene.colour, len(COLOURS), rng)
    return draw_truth(Scene(colour, scene.shape, scene.background, scene.size), rng)


def wrong_background(scene: Scene, rng: np.random.Generator) -> Image.Image:
    ground = other(scene.background, len(COLOURS), rng)
    return draw_truth(Scene(scene.colour, scene.shape, ground, scene.size), rng)


def swapped_colours(scene: Scene, rng: np.random.Generator) -> Image.Image:
    return draw_truth(Scene(scene.background, scene.shape, scene.colour, scene.size), rng)


def empty(scene: Scene, rng: np.random.Generator) -> Image.Image:
    return paint_scene(np.zeros((SIDE, SIDE), np.float32), scene)


def cut_in_half(scene: Scene, rng: np.random.Generator) -> Image.Image:
    return paint_scene(place(scene.shape, 18) * (GRID_X < 0), scene)


def twice(scene: Scene, rng: np.random.Generator) -> Image.Image:
    pair = np.maximum(place(scene.shape, 10, x=-14), place(scene.shape, 10, x=14))
    return paint_scene(pair, scene)


def half_turned(scene: Scene, rng: np.random.Generator) -> Image.Image:
    """A diamond for a square, an x for a cross. Round shapes look the same: a circle is cut."""
    if SHAPES[scene.shape] in ("circle", "ring"):
        return cut_in_half(scene, rng)
    quarter = np.pi / 4 if SHAPES[scene.shape] in ("square", "cross") else np.pi
    return paint_scene(place(scene.shape, 18, turn=quarter), scene)


def noise(scene: Scene, rng: np.random.Generator) -> Image.Image:
    return to_image(rng.uniform(-1, 1, (3, SIDE, SIDE)))


SPOILERS: tuple[Spoil, ...] = (
    wobbly_blob,
    wrong_shape,
    wrong_colour,
    wrong_background,
    swapped_colours,
    empty,
    cut_in_half,
    twice,
    half_turned,
    noise,
)
