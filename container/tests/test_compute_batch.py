"""The compute batch of a size, what is alike in a batch, and what warming up took. No torch."""

from builders import a_recipe

from worker.compute_batch import Layout, Layouts, Size
from worker.likeness import likeness, put_alike_together
from worker.recipe import Recipe
from worker.shard import Image
from worker.warm_up import WarmUp


def recipe_of(**overrides: object) -> Recipe:
    return Recipe.from_json(a_recipe(**overrides))


def layouts_of(layout: Layout, **options: object) -> tuple[Layouts, list[tuple[int, int]]]:
    asked: list[tuple[int, int]] = []

    def find(recipe: Recipe) -> Layout:
        asked.append((recipe.width, recipe.height))
        return layout

    return Layouts(find, **options), asked  # type: ignore[arg-type]


def test_is_found_once_a_size() -> None:
    layouts, asked = layouts_of(Layout(8, 4))
    for width in (64, 72, 64):
        assert layouts.of(recipe_of(width=width)) == Layout(8, 4)
    assert asked == [(64, 64), (72, 64)]
    assert layouts.known == {(64, 64): Layout(8, 4), (72, 64): Layout(8, 4)}


def test_what_is_remembered_is_not_found_again() -> None:
    layouts, asked = layouts_of(Layout(8, 8), remembered={"64x64": Layout(2, 1)})
    assert layouts.of(recipe_of()) == Layout(2, 1)
    assert asked == []


def test_is_halved_for_its_size_alone_and_told_before_it_is_used() -> None:
    told: list[tuple[Size, Layout]] = []
    layouts, _ = layouts_of(Layout(4, 4), use=lambda size, layout: told.append((size, layout)))
    assert layouts.halve(recipe_of()) == Layout(2, 1)
    assert layouts.of(recipe_of()) == Layout(2, 1)
    assert layouts.of(recipe_of(height=72)) == Layout(4, 4)
    assert told == [
        (Size(64, 64), Layout(4, 4)),
        (Size(64, 64), Layout(2, 1)),
        (Size(64, 72), Layout(4, 4)),
    ]


def test_a_single_picture_cannot_be_halved() -> None:
    layouts, _ = layouts_of(Layout(1, 1))
    assert layouts.halve(recipe_of()) is None
    assert layouts.of(recipe_of()) == Layout(1, 1)


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


def test_warming_up_is_what_the_first_batch_of_a_kind_takes_longer() -> None:
    warm_up = WarmUp()
    small, large = Size(64, 64), Size(128, 64)
    slow, quick = [9.0, 12.0, 13.0, 14.0, 15.0], [3.0, 4.0, 5.0]
    for kind, size, times in [
        ("a", small, slow),
        ("a", small, [50.0]),
        ("b", small, [1.0, 2.0]),
        ("a", large, quick),
    ]:
        warm_up.begin(kind, size).extend(times)
    # Steps of 9, 3, 1, 1 and 1 s: 10 s above five of 1 s. Two steps tell nothing.
    assert (warm_up.seconds_of(small), warm_up.seconds_of(large)) == (10, 2)
    assert warm_up.seconds == 12
