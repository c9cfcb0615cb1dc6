from builders import recipe_of
from worker.likeness import likeness, put_alike_together
from worker.recipe import Recipe
from worker.shard import Image


def order_of(recipes: list[Recipe]) -> list[int]:
    images = [Image(str(index), recipe) for index, recipe in enumerate(recipes)]
    ordered = put_alike_together(
        images, lambda image: likeness(image.recipe, lambda recipe: len(recipe.prompt) // 10)
    )
    return [int(image.hash) for image in ordered]


def test_only_what_is_alike_stands_side_by_side() -> None:
    long = "a prompt of some length"
    assert order_of(
        [recipe_of(), recipe_of(steps=5), recipe_of(seed=9), recipe_of(prompt=long), recipe_of()]
    ) == [0, 2, 4, 1, 3]


def test_start_images_of_another_strength_are_not_alike() -> None:
    def start(strength: float) -> dict[str, object]:
        return {"image": "s3://pictures/a", "sha256": "0" * 64, "strength": strength}

    starts = [recipe_of(start=start(0.5)), recipe_of(), recipe_of(start=start(0.7))]
    assert order_of([*starts, *starts]) == [0, 3, 1, 4, 2, 5]


def test_each_set_of_loras_is_rendered_in_one_go() -> None:
    ink = [{"name": "ink", "weight": 0.5}]
    recipes = [recipe_of(loras=ink), recipe_of(), recipe_of(loras=ink, steps=5), recipe_of(steps=5)]
    assert order_of(recipes) == [0, 2, 1, 3]
