import re

import numpy as np
import pytest

from models.training.captions import (
    COMBINATIONS,
    HELD_OUT,
    SEEN,
    WORDS,
    Scene,
    default_background,
    draw_examples,
    pick_scenes,
    write_caption,
)
from models.training.draw import COLOURS, SHAPES


def as_set(combinations: np.ndarray) -> set[tuple[int, ...]]:
    return {tuple(map(int, row)) for row in combinations}


def a_scene(colour: str, shape: str, background: str, size: int = 0) -> Scene:
    return Scene(COLOURS.index(colour), SHAPES.index(shape), COLOURS.index(background), size)


def test_seen_and_held_out_share_nothing_and_miss_nothing() -> None:
    assert not as_set(SEEN) & as_set(HELD_OUT)
    assert as_set(SEEN) | as_set(HELD_OUT) == as_set(COMBINATIONS)
    assert (len(SEEN), len(HELD_OUT)) == (286, 50)


def test_training_never_draws_a_held_out_combination() -> None:
    examples = draw_examples(SEEN, 3000, np.random.default_rng(1))
    drawn = {(scene.colour, scene.shape, scene.background) for scene in examples.scenes}
    assert not drawn & as_set(HELD_OUT)
    assert drawn == as_set(SEEN)


def test_each_word_of_a_held_out_combination_is_trained_with_others() -> None:
    for column, names in enumerate((COLOURS, SHAPES, COLOURS)):
        assert set(SEEN[:, column]) == set(range(len(names)))


def test_captions_use_only_words_of_the_grammar() -> None:
    rng = np.random.default_rng(2)
    for scene in pick_scenes(COMBINATIONS, 500, rng):
        assert set(re.findall(r"[a-z]+|,", write_caption(scene, rng))) <= set(WORDS)


def test_a_caption_leaves_out_only_a_default_background() -> None:
    rng = np.random.default_rng(3)
    for scene in pick_scenes(COMBINATIONS, 2000, rng):
        if COLOURS[scene.background] not in write_caption(scene, rng):
            assert scene.background == default_background(scene.colour)


def test_a_default_background_may_be_required_to_stand() -> None:
    rng, scene = np.random.default_rng(4), a_scene("red", "star", "white")
    assert all("white" in write_caption(scene, rng, may_omit=False) for _ in range(50))
    assert any("white" not in write_caption(scene, rng) for _ in range(50))


@pytest.mark.parametrize(
    ("scene", "words"),
    [
        (a_scene("orange", "ring", "blue"), "an orange ring on a blue background"),
        (a_scene("blue", "ring", "orange", 1), "a small blue ring on an orange background"),
    ],
)
def test_articles_follow_the_next_word(scene: Scene, words: str) -> None:
    rng = np.random.default_rng(5)
    assert words in {write_caption(scene, rng) for _ in range(50)}
