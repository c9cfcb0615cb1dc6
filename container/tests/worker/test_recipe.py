import json
from pathlib import Path

import pytest

from builders import a_recipe
from worker.recipe import Recipe

FIXTURES = Path(__file__).parents[3] / "test" / "fixtures" / "recipes.json"
SHARED = json.loads(FIXTURES.read_text("utf8"))


@pytest.mark.parametrize("case", SHARED, ids=lambda case: case["name"])
def test_hashes_as_typescript_does(case: dict) -> None:
    recipe = Recipe.from_json(case["recipe"])
    assert recipe.canonical() == case["canonical"]
    assert recipe.hash() == case["hash"]


def test_sorts_keys_and_writes_numbers_as_javascript_does() -> None:
    loras = [{"name": "ink", "weight": 0.75}]
    recipe = Recipe.from_json(a_recipe(guidance=7.0, prompt='é "\u2028', loras=loras))
    assert recipe.canonical() == (
        '{"guidance":7,"height":64,"loras":[{"name":"ink","weight":0.75}],"model":"random",'
        '"negativePrompt":"","prompt":"é \\"\u2028","revision":"abc123","scheduler":"ddim",'
        '"seed":1,"steps":4,"width":64}'
    )


def test_a_whole_guidance_hashes_alike_as_integer_and_as_float() -> None:
    assert Recipe.from_json(a_recipe(guidance=7)).hash() == (
        Recipe.from_json(a_recipe(guidance=7.0)).hash()
    )


def test_survives_a_round_trip() -> None:
    source = a_recipe(loras=[{"name": "ink", "weight": 0.5}])
    assert Recipe.from_json(source).to_json() == source


@pytest.mark.parametrize("change", [{"extra": 1}, {"loras": [{"name": "ink"}]}])
def test_refuses_unknown_and_missing_fields(change: dict) -> None:
    with pytest.raises(TypeError):
        Recipe.from_json({**a_recipe(), **change})


START = {"image": "s3://spot-diffusion/start-images/a", "sha256": "a" * 64, "strength": 0.5}


@pytest.mark.parametrize(
    "more",
    [
        {"start": START},
        {"safety": {"policy": "off"}},
        {"safety": {"policy": "reseed", "tries": 3}, "start": START},
    ],
)
def test_optional_parts_survive_a_round_trip_and_name_another_image(more: dict) -> None:
    recipe = Recipe.from_json(a_recipe(**more))
    assert recipe.to_json() == a_recipe(**more)
    assert recipe.hash() != Recipe.from_json(a_recipe()).hash()
    assert len({recipe, Recipe.from_json(a_recipe(**more))}) == 1


def test_absent_parts_and_the_default_policy_leave_no_trace() -> None:
    recipe = Recipe.from_json(a_recipe(safety={"policy": "block"}))
    assert recipe == Recipe.from_json(a_recipe())
    assert recipe.to_json() == a_recipe()


@pytest.mark.parametrize(
    "change",
    [{"start": {"image": "s3://a/b"}}, {"start": None}, {"safety": {"policy": "off", "more": 1}}],
)
def test_refuses_broken_optional_parts(change: dict) -> None:
    with pytest.raises(TypeError):
        Recipe.from_json(a_recipe(**change))
