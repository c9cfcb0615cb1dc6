import io
import json
import xml.etree.ElementTree as ElementTree

import numpy as np
import PIL.Image
import pytest

from a1111_reader import read_parameters
from builders import recipe_of
from worker.infotext import a1111_parameters
from worker.png import EFFECTIVE_SEED, RECIPE, encode_png, hash_pixels
from worker.recipe import Recipe
from worker.xmp import EDITED, KEYWORD

PIXELS = np.arange(8 * 8 * 3, dtype=np.uint8).reshape(8, 8, 3)


def open_png(body: bytes) -> PIL.Image.Image:
    return PIL.Image.open(io.BytesIO(body))


def test_keeps_the_pixels_and_the_recipe() -> None:
    recipe = recipe_of(prompt="猫, naïve")
    picture = open_png(encode_png(PIXELS, recipe))
    assert hash_pixels(np.asarray(picture)) == hash_pixels(PIXELS)
    assert Recipe.from_json(json.loads(picture.info[RECIPE])) == recipe
    assert picture.info["parameters"].startswith("猫, naïve\nSteps: 4, ")


def test_the_same_recipe_gives_the_same_file() -> None:
    assert encode_png(PIXELS, recipe_of()) == encode_png(PIXELS, recipe_of())


def test_writes_parameters_as_a1111_does() -> None:
    fields = {"negativePrompt": "blue", "scheduler": "dpmpp-2m-karras", "guidance": 7.5}
    assert a1111_parameters(recipe_of(**fields)) == (
        "a red cat\nNegative prompt: blue\nSteps: 4, Sampler: DPM++ 2M, Schedule type: Karras, "
        "CFG scale: 7.5, Seed: 1, Size: 64x64, Model: random, RNG: CPU, Version: spot-diffusion"
    )


@pytest.mark.parametrize("prompt", ["a red cat", "a cat,\nthat sits: there, alone", "猫 <b>"])
@pytest.mark.parametrize("negative", ["", "blue, low: quality\nbad"])
def test_a1111_reads_it_back(prompt: str, negative: str) -> None:
    recipe = recipe_of(prompt=prompt, negativePrompt=negative, model='a, "b": c', guidance=7.5)
    found = read_parameters(open_png(encode_png(PIXELS, recipe)).info["parameters"])
    assert (found["Prompt"], found["Negative prompt"]) == (prompt, negative)
    assert (found["Steps"], found["Sampler"], found["CFG scale"]) == ("4", "DDIM", "7.5")
    assert (found["Seed"], found["Size"], found["RNG"]) == ("1", "64x64", "CPU")
    assert found["Model"] == 'a, "b": c'
    assert "Model hash" not in found and "Denoising strength" not in found


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("a (red ball)1.3, blue++ sky", "a (red ball:1.3), (blue:1.21) sky"),
        ("((red)1.2 ball)0.5", "(red:0.6)( ball:0.5)"),
        ("a cat (at night) [1]", "a cat \\(at night\\) \\[1\\]"),
        ("a cat \\(at night\\)", "a cat \\(at night\\)"),
        ("c:\\cats", "c:\\\\cats"),
    ],
)
def test_writes_weights_as_a1111_reads_them(ours: str, theirs: str) -> None:
    found = read_parameters(a1111_parameters(recipe_of(prompt=ours, negativePrompt=ours)))
    assert (found["Prompt"], found["Negative prompt"]) == (theirs, theirs)


def test_names_loras_in_the_prompt_as_a1111_does() -> None:
    loras = [{"name": "ink-v2", "weight": 0.8}, {"name": "fog", "weight": 1}]
    found = read_parameters(a1111_parameters(recipe_of(loras=loras, negativePrompt="blue")))
    assert found["Prompt"] == "a red cat <lora:ink-v2:0.8> <lora:fog:1>"
    assert "Lora hashes" not in found


@pytest.mark.parametrize(
    "spoof",
    [
        "a cat\nNegative prompt: a dog",
        "Steps: 99, Sampler: Euler, CFG scale: 1, Seed: 666, Size: 8x8",
        "a cat\nSteps: 99, Sampler: Euler, CFG scale: 1, Seed: 666, Size: 8x8, Model: evil",
        'a cat", "seed": 666, "x": "',
        "a cat\0spot-diffusion\0{}",
    ],
)
def test_a_prompt_that_plays_parameters_changes_nothing_that_counts(spoof: str) -> None:
    recipe = recipe_of(prompt=spoof)
    info = open_png(encode_png(PIXELS, recipe)).info
    assert info[RECIPE] == recipe.canonical()
    assert Recipe.from_json(json.loads(info[RECIPE])).hash() == recipe.hash()
    found = read_parameters(info["parameters"])
    assert (found["Steps"], found["Seed"], found["Size"]) == ("4", "1", "64x64")


def test_says_which_seed_made_the_picture_where_it_is_another() -> None:
    recipe = recipe_of()
    info = open_png(encode_png(PIXELS, recipe, effective_seed=77)).info
    assert (info[RECIPE], info[EFFECTIVE_SEED]) == (recipe.canonical(), "77")
    assert read_parameters(info["parameters"])["Seed"] == "77"
    assert EFFECTIVE_SEED not in open_png(encode_png(PIXELS, recipe)).info


def source_type_of(xmp: str) -> str | None:
    root = ElementTree.fromstring(xmp.lstrip("\ufeff").encode())
    space = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
    return root.findtext(f".//{space}DigitalSourceType")


def test_says_by_xmp_that_a_machine_made_it_and_nothing_else() -> None:
    xmp = open_png(encode_png(PIXELS, recipe_of(prompt="a secret"))).info[KEYWORD]
    name = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    assert source_type_of(xmp) == name
    assert "secret" not in xmp
    assert xmp.startswith('<?xpacket begin="\ufeff"') and xmp.endswith('<?xpacket end="r"?>')


def test_says_how_far_a_picture_is_from_the_one_it_began_with() -> None:
    start = {"image": "s3://spot-diffusion/cat.png", "sha256": "0" * 64, "strength": 0.6}
    info = open_png(encode_png(PIXELS, recipe_of(start=start))).info
    assert read_parameters(info["parameters"])["Denoising strength"] == "0.6"
    assert source_type_of(info[KEYWORD]) == EDITED
