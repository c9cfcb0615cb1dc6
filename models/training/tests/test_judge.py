"""The check itself is checked: it must accept true drawings and refuse everything else."""

import ast
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.training import judge as judge_module
from models.training import templates
from models.training.captions import COMBINATIONS, Scene, pick_scenes
from models.training.draw import COLOURS, SHAPES
from models.training.judge import judge, read_picture
from models.training.tests.false_pictures import SPOILERS, Spoil, draw_truth, place, wobbly_blob

Scenes = list[Scene]


def is_right(image: Image.Image, scene: Scene) -> bool:
    verdict = judge(
        image,
        colour=COLOURS[scene.colour],
        shape=SHAPES[scene.shape],
        background=COLOURS[scene.background],
    )
    return verdict.right


def pick(count: int, seed: int) -> tuple[Scenes, np.random.Generator]:
    rng = np.random.default_rng(seed)
    return pick_scenes(COMBINATIONS, count, rng), rng


def test_true_drawings_of_every_size_are_accepted() -> None:
    scenes, rng = pick(300, seed=5)
    assert {scene.size for scene in scenes} == {0, 1, 2}
    accepted = sum(is_right(draw_truth(scene, rng), scene) for scene in scenes)
    assert accepted >= 0.98 * len(scenes)


@pytest.mark.parametrize("spoil", SPOILERS, ids=lambda spoil: spoil.__name__)
def test_false_pictures_are_refused(spoil: Spoil) -> None:
    scenes, rng = pick(50, seed=6)
    accepted = sum(is_right(spoil(scene, rng), scene) for scene in scenes)
    assert accepted <= 0.02 * len(scenes)


def test_blobs_pass_as_hardly_any_shape_at_all() -> None:
    scenes, rng = pick(100, seed=7)
    clear = sum(read_picture(wobbly_blob(scene, rng)).is_clear for scene in scenes)
    assert clear <= 0.02 * len(scenes)


def test_an_empty_picture_has_a_background_and_nothing_else() -> None:
    reading = read_picture(Image.new("RGB", (64, 64), (215, 30, 40)))
    assert (reading.background, reading.colour, reading.shape) == ("red", None, None)
    assert not reading.is_clear


def test_a_colour_between_the_names_is_no_colour() -> None:
    assert judge_module.name_colour(np.array([128.0, 128.0, 128.0])) is None


@pytest.mark.parametrize("shape", SHAPES)
def test_templates_agree_with_the_renderer_they_do_not_use(shape: str) -> None:
    drawn = templates.crop_mask(place(SHAPES.index(shape), 20.0))
    assert drawn is not None
    best, overlap, lead = judge_module.compare_shapes(drawn)
    assert best == shape
    assert overlap > judge_module.LEAST_OVERLAP[shape] + 0.03
    assert lead > judge_module.LEAST_LEAD


def test_the_judge_takes_only_words_and_colours_from_the_renderer() -> None:
    imported: set[str] = set()
    for module in (judge_module, templates):
        tree = ast.parse(Path(str(module.__file__)).read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == "models.training.draw":
                imported |= {alias.name for alias in node.names}
    assert imported == {"COLOURS", "PALETTE", "SHAPES"}
