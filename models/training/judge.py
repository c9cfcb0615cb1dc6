"""Says whether a picture shows what was asked: colour, background and shape, strictly.

The check knows nothing of the model. It finds the background from the border, the colour from the
pixels that stand out most, and compares the outline with templates of its own (templates.py). A
shape counts only if it fits its template well AND no other template nearly as well, in one piece,
in two colours: blobs, halves and double shapes are refused. `tests/test_judge.py` measures the
check itself on drawn truth and on false pictures.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from models.training.draw import COLOURS, PALETTE, SHAPES
from models.training.pieces import label_pieces
from models.training.templates import crop_mask, template_masks

# Overlap (intersection over union) that a true drawing reaches with its template. Stars have the
# most outline for their area, so one pixel costs them most.
LEAST_OVERLAP = {
    "circle": 0.90,
    "square": 0.90,
    "triangle": 0.85,
    "star": 0.76,
    "ring": 0.82,
    "cross": 0.85,
}
LEAST_LEAD = 0.06
"""By how much the best template must lead the second."""
MOST_STRAY = 0.06
"""Share of the shape's pixels that may lie in other pieces."""
MOST_FOREIGN = 0.03
"""Share of the picture's pixels that may be off the line between the two colours."""
COLOUR_DISTANCE = 57.0
FOREIGN_DISTANCE = 64.0
LEAST_CONTRAST = 38.0
LARGE_FROM_PIXELS = 33
_PALETTE_RGB = np.array([PALETTE[name] for name in COLOURS], np.float32)


@dataclass(frozen=True)
class Reading:
    """What a picture shows, without knowing what was asked."""

    background: str | None
    colour: str | None = None
    shape: str | None = None
    """The nearest template; `is_clear` says whether it counts."""
    overlap: float = 0.0
    lead: float = 0.0
    stray: float = 1.0
    foreign: float = 1.0
    extent_pixels: int = 0

    @property
    def is_clear(self) -> bool:
        return (
            self.shape is not None
            and self.overlap >= LEAST_OVERLAP[self.shape]
            and self.lead >= LEAST_LEAD
            and self.stray <= MOST_STRAY
            and self.foreign <= MOST_FOREIGN
        )


@dataclass(frozen=True)
class Verdict:
    colour: bool
    background: bool
    shape: bool

    @property
    def right(self) -> bool:
        return self.colour and self.background and self.shape


def name_colour(rgb: np.ndarray) -> str | None:
    distances = np.linalg.norm(_PALETTE_RGB - rgb, axis=1)
    nearest = int(distances.argmin())
    return COLOURS[nearest] if distances[nearest] < COLOUR_DISTANCE else None


def compare_shapes(mask: np.ndarray) -> tuple[str, float, float]:
    """The best shape for a mask (48, 48), its overlap, and its lead over the second."""
    flat = mask.ravel()

    def overlap(shape: str) -> float:
        masks = template_masks(shape)
        return float(((masks & flat).sum(1) / (masks | flat).sum(1)).max())

    overlaps = {shape: overlap(shape) for shape in SHAPES}
    best, second, *_ = sorted(SHAPES, key=lambda shape: -overlaps[shape])
    return best, overlaps[best], overlaps[best] - overlaps[second]


def read_picture(image: Image.Image) -> Reading:
    pixels = np.asarray(image.convert("RGB"), np.float32)
    border = np.concatenate(
        [side.reshape(-1, 3) for side in (pixels[:2], pixels[-2:], pixels[:, :2], pixels[:, -2:])]
    )
    ground = np.median(border, axis=0)
    background = name_colour(ground)
    difference = pixels - ground
    distance = np.linalg.norm(difference, axis=2)
    strongest = float(np.sort(distance, axis=None)[-60:].mean())
    if strongest < LEAST_CONTRAST:
        return Reading(background)
    paint = np.median(pixels[distance > 0.75 * strongest], axis=0)
    line = paint - ground
    coverage = np.clip(difference @ line / (line @ line), 0, 1)
    foreign = np.linalg.norm(difference - coverage[..., None] * line, axis=2) > FOREIGN_DISTANCE

    labels, counts = label_pieces(coverage > 0.5)
    if not counts:
        return Reading(background, name_colour(paint))
    biggest = labels == int(np.argmax(counts)) + 1
    mask = crop_mask(np.where(biggest | (coverage <= 0.5), coverage, 0))
    if mask is None:
        return Reading(background, name_colour(paint))
    shape, overlap, lead = compare_shapes(mask)
    rows, columns = np.nonzero(biggest)
    return Reading(
        background=background,
        colour=name_colour(paint),
        shape=shape,
        overlap=overlap,
        lead=lead,
        stray=1 - max(counts) / sum(counts),
        foreign=float(foreign.mean()),
        extent_pixels=int(max(np.ptp(rows), np.ptp(columns))) + 1,
    )


def judge(image: Image.Image, *, colour: str, shape: str, background: str) -> Verdict:
    reading = read_picture(image)
    return Verdict(
        colour=reading.colour == colour,
        background=reading.background == background,
        shape=reading.shape == shape and reading.is_clear,
    )
