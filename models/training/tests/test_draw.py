import numpy as np
import pytest

from models.training.captions import SEEN, Scene, draw_examples, draw_scenes
from models.training.draw import COLOURS, PALETTE_RGB, SHAPES, SIDE, SIZES


def draw(shape: int, size: int, seed: int = 0) -> np.ndarray:
    scene = Scene(COLOURS.index("black"), shape, COLOURS.index("white"), size)
    return draw_scenes([scene] * 8, np.random.default_rng(seed))


def test_the_same_seed_draws_the_same_bytes() -> None:
    first, again = (draw_examples(SEEN, 16, np.random.default_rng(3)) for _ in range(2))
    assert first.captions == again.captions
    assert first.scenes == again.scenes
    assert first.pictures.tobytes() == again.pictures.tobytes()


def test_another_seed_draws_another_batch() -> None:
    first, second = (draw_examples(SEEN, 16, np.random.default_rng(seed)) for seed in (3, 4))
    assert first.captions != second.captions


def test_pictures_stay_between_minus_one_and_one() -> None:
    pictures = draw_examples(SEEN, 64, np.random.default_rng(0)).pictures
    assert pictures.shape == (64, 3, SIDE, SIDE)
    assert pictures.dtype == np.float32
    assert pictures.min() >= -1
    assert pictures.max() <= 1


@pytest.mark.parametrize("shape", range(len(SHAPES)), ids=SHAPES)
def test_no_shape_touches_the_border(shape: int) -> None:
    white = PALETTE_RGB[COLOURS.index("white")].mean()
    pictures = draw(shape, SIZES.index("large")).mean(1)
    border = np.concatenate([pictures[:, 0], pictures[:, -1], pictures[:, :, 0]])
    assert np.abs(border - white).max() < 0.1


@pytest.mark.parametrize("shape", range(len(SHAPES)), ids=SHAPES)
def test_small_is_smaller_than_unsaid_is_smaller_than_large(shape: int) -> None:
    small, unsaid, large = (
        (draw(shape, SIZES.index(size)).mean(1) < 0).sum((1, 2)) for size in ("small", "", "large")
    )
    assert small.max() < unsaid.min()
    assert unsaid.max() < large.min()
