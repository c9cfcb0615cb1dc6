from builders import recipe_of
from worker.compute_batch import Layout, Layouts, Size
from worker.recipe import Recipe


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
