"""The policy alone: a checker here is a function that knows which pictures it flags."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from builders import a_recipe
from worker.recipe import Recipe
from worker.safety import Checker, Safety, Settled, Verdict, derive_seed, needs_checker
from worker.shard import Image

FINE, BAD = np.zeros((8, 8, 3), np.uint8), np.full((8, 8, 3), 255, np.uint8)


def an_image(seed: int = 1, **safety: Any) -> Image:
    fields = {"safety": safety} if safety else {}
    return Image(f"hash-{seed}", Recipe.from_json(a_recipe(seed=seed, **fields)))


def reseed(tries: int, seed: int = 1) -> Image:
    return an_image(seed, policy="reseed", tries=tries)


def bright(pictures: Sequence[np.ndarray]) -> list[Verdict]:
    return [Verdict(True, "nsfw 0.98") if p.mean() > 100 else Verdict(False) for p in pictures]


def broken(_: Sequence[np.ndarray]) -> list[Verdict]:
    raise RuntimeError("CUDA out of memory")


def settle(image: Image, picture: np.ndarray, checker: Checker | None = bright) -> Settled:
    return Safety(checker).settle([image], [picture])


def test_delivers_what_passes_as_it_was_asked_for() -> None:
    (delivered,) = settle(an_image(), FINE).delivered
    assert (delivered.image, delivered.look) == (an_image(), "passed")
    assert delivered.effective_seed is None
    assert delivered.pixels is FINE


@pytest.mark.parametrize("safety", [{}, {"policy": "block"}])
def test_blocks_what_is_flagged_and_paints_nothing_black(safety: Any) -> None:
    judge, before = Safety(bright), BAD.copy()
    settled = judge.settle([an_image(**safety)], [BAD])
    assert (settled.delivered, settled.again) == ([], [])
    assert judge.blocked == {"hash-1": "flagged by the safety checker (nsfw 0.98)"}
    assert (before == BAD).all()


def test_tries_other_seeds_and_says_which_one_made_the_picture() -> None:
    judge = Safety(bright)
    (second,) = judge.settle([reseed(3)], [BAD]).again
    assert (second.hash, second.recipe.seed) == ("hash-1", derive_seed(1, 1))
    (third,) = judge.settle([second], [BAD]).again
    assert third.recipe.seed == derive_seed(1, 2)
    (delivered,) = judge.settle([third], [FINE]).delivered
    assert delivered.image == reseed(3)
    assert delivered.effective_seed == derive_seed(1, 2)
    assert judge.blocked == {}


def test_blocks_after_the_last_try() -> None:
    judge, image = Safety(bright), reseed(2)
    pictures = 0
    batch = [image]
    while batch:
        pictures += 1
        batch = judge.settle(batch, [BAD]).again
    assert pictures == 3
    assert judge.blocked == {
        "hash-1": "flagged by the safety checker (nsfw 0.98), as were 2 other seeds"
    }


def test_settles_each_image_of_a_batch_on_its_own() -> None:
    judge = Safety(bright)
    batch = [an_image(1), reseed(1, seed=2), an_image(3), an_image(4, policy="off")]
    settled = judge.settle(batch, [BAD, BAD, FINE, BAD])
    assert [(d.image.hash, d.look) for d in settled.delivered] == [
        ("hash-3", "passed"),
        ("hash-4", "off"),
    ]
    assert [image.hash for image in settled.again] == ["hash-2"]
    assert list(judge.blocked) == ["hash-1"]


def test_without_a_checker_it_delivers_and_says_that_nobody_looked() -> None:
    assert [d.look for d in settle(an_image(), BAD, None).delivered] == ["unchecked"]
    off = settle(an_image(policy="off"), BAD, None)
    assert [d.look for d in off.delivered] == ["off"]


def test_a_checker_that_fails_settles_nothing() -> None:
    judge = Safety(broken)
    with pytest.raises(RuntimeError):
        judge.settle([reseed(1)], [BAD])
    assert judge.blocked == {}
    assert settle(an_image(policy="off"), BAD, broken).delivered


def test_needs_a_checker_only_where_somebody_wants_one() -> None:
    off = an_image(policy="off").recipe
    assert not needs_checker([off])
    assert needs_checker([off, an_image().recipe])


def test_derived_seeds_are_the_same_for_ever_and_all_different() -> None:
    assert [derive_seed(0, 1), derive_seed(7, 3)] == [2839049726, 1698595815]
    seeds = {derive_seed(seed, n) for seed in range(50) for n in range(1, 4)}
    assert len(seeds) == 150
    assert all(0 <= seed <= 0xFFFFFFFF for seed in seeds)
