import io
import json

import numpy as np
import PIL.Image
from builders import a_recipe

from worker.png import a1111_parameters, encode_png, hash_pixels
from worker.recipe import Recipe

PIXELS = np.arange(8 * 8 * 3, dtype=np.uint8).reshape(8, 8, 3)


def test_keeps_the_pixels_and_the_recipe() -> None:
    recipe = Recipe.from_json(a_recipe(prompt="猫, naïve"))
    picture = PIL.Image.open(io.BytesIO(encode_png(PIXELS, recipe)))
    assert hash_pixels(np.asarray(picture)) == hash_pixels(PIXELS)
    assert Recipe.from_json(json.loads(picture.info["spot-diffusion"])) == recipe
    assert picture.info["parameters"].startswith("猫, naïve\nSteps: 4, ")


def test_the_same_recipe_gives_the_same_file() -> None:
    recipe = Recipe.from_json(a_recipe())
    assert encode_png(PIXELS, recipe) == encode_png(PIXELS, recipe)


def test_writes_parameters_as_a1111_does() -> None:
    fields = {"negativePrompt": "blue", "scheduler": "dpmpp-2m-karras", "guidance": 7.5}
    assert a1111_parameters(Recipe.from_json(a_recipe(**fields))) == (
        "a red cat\nNegative prompt: blue\nSteps: 4, Sampler: DPM++ 2M, Schedule type: Karras, "
        "CFG scale: 7.5, Seed: 1, Size: 64x64, Model: random, RNG: CPU, Version: spot-diffusion"
    )


def test_quotes_values_that_would_break_the_line() -> None:
    recipe = Recipe.from_json(a_recipe(model="a, b: c"))
    assert 'Model: "a, b: c"' in a1111_parameters(recipe)
