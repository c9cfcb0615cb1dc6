"""What the model is taught to say: captions, and which combinations are kept from training.

A scene is one shape of one colour on one other background: 8 x 6 x 7 = 336 combinations. 50 of them
(15 %) are held out: never drawn for training, so that scoring them measures composition.
"""

from dataclasses import dataclass

import numpy as np

from models.training.draw import (
    COLOURS,
    PALETTE_RGB,
    RADII,
    SHAPES,
    SIZES,
    draw_coverage,
    paint,
)

MEDIA = ("picture", "image", "drawing", "photo")
GRAMMAR_WORDS = ("a", "an", "on", "of", "with", "in", "the", "and", "background", ",")
WORDS = tuple(sorted({*COLOURS, *SHAPES, *SIZES[1:], *MEDIA, *GRAMMAR_WORDS}))

# Small shapes are the hardest to get right (a pixel weighs most there), so they are drawn more.
SIZE_SHARES = (0.3, 0.4, 0.3)
UNNAMED_BACKGROUND_SHARE = 0.4
COLOUR_JITTER = 0.04

COMBINATIONS = np.array(
    [
        (colour, shape, background)
        for colour in range(len(COLOURS))
        for shape in range(len(SHAPES))
        for background in range(len(COLOURS))
        if colour != background
    ]
)
# Another seed is another split, and makes the published figures incomparable.
_order = np.random.default_rng(2024).permutation(len(COMBINATIONS))
_held_out_count = round(0.15 * len(COMBINATIONS))
HELD_OUT = COMBINATIONS[np.sort(_order[:_held_out_count])]
SEEN = COMBINATIONS[np.sort(_order[_held_out_count:])]


@dataclass(frozen=True)
class Scene:
    """Indices into COLOURS, SHAPES, COLOURS and SIZES."""

    colour: int
    shape: int
    background: int
    size: int


@dataclass(frozen=True)
class Examples:
    captions: list[str]
    scenes: list[Scene]
    pictures: np.ndarray
    """(n, 3, 64, 64) float32 in [-1, 1]."""


def default_background(colour: int) -> int:
    """A caption that names no background means white, and black for a white shape."""
    return COLOURS.index("black" if COLOURS[colour] == "white" else "white")


def with_article(words: str) -> str:
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def write_caption(scene: Scene, rng: np.random.Generator, *, may_omit: bool = True) -> str:
    """One of the forms a user would type; `may_omit` allows leaving a default background out."""
    thing = f"{SIZES[scene.size]} {COLOURS[scene.colour]} {SHAPES[scene.shape]}".strip()
    ground = COLOURS[scene.background]
    is_default = scene.background == default_background(scene.colour)
    if may_omit and is_default and rng.random() < UNNAMED_BACKGROUND_SHARE:
        return with_article(thing) if rng.random() < 0.7 else thing
    plain = f"{with_article(thing)} on {with_article(ground)} background"
    forms = (
        f"{with_article(thing)} on {ground}",
        f"{thing}, {ground} background",
        f"{thing} on {with_article(ground)} background",
        f"{with_article(thing)}, {ground} background",
        f"{with_article(MEDIA[rng.integers(len(MEDIA))])} of {plain}",
    )
    choice = int(rng.integers(2 * len(forms)))  # half of all captions are the plain form
    return forms[choice] if choice < len(forms) else plain


def draw_scenes(scenes: list[Scene], rng: np.random.Generator) -> np.ndarray:
    """Pictures (n, 3, 64, 64) with radius, place, turn and colours varied a little."""
    count = len(scenes)
    sizes = np.array([scene.size for scene in scenes])
    radius = rng.uniform(*RADII[sizes].T).astype(np.float32)
    # A star's tip reaches 1.1 radius: the free room shrinks so that nothing touches the border.
    room = np.clip(30.5 - 1.08 * radius, 2, 3.5)
    centre = rng.uniform(-1, 1, (count, 2)).astype(np.float32) * room[:, None]
    turn = rng.uniform(-0.05, 0.05, count).astype(np.float32)
    coverage = draw_coverage(np.array([s.shape for s in scenes]), centre, radius, turn)

    def jitter(colours: list[int]) -> np.ndarray:
        shift = rng.uniform(-COLOUR_JITTER, COLOUR_JITTER, (count, 3)).astype(np.float32)
        return np.clip(PALETTE_RGB[colours] + shift, -1, 1)

    colour = jitter([s.colour for s in scenes])
    return paint(coverage, colour, jitter([s.background for s in scenes]))


def pick_scenes(combinations: np.ndarray, count: int, rng: np.random.Generator) -> list[Scene]:
    rows = combinations[rng.integers(len(combinations), size=count)]
    sizes = rng.choice(len(SIZES), size=count, p=SIZE_SHARES)
    return [
        Scene(int(colour), int(shape), int(background), int(size))
        for (colour, shape, background), size in zip(rows, sizes, strict=True)
    ]


def draw_examples(combinations: np.ndarray, count: int, rng: np.random.Generator) -> Examples:
    """Captioned pictures of scenes picked from `combinations` (SEEN or HELD_OUT)."""
    scenes = pick_scenes(combinations, count, rng)
    captions = [write_caption(scene, rng) for scene in scenes]
    return Examples(captions, scenes, draw_scenes(scenes, rng))
