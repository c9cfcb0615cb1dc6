"""Needs no torch: the syntax alone. That it is compel's is shown in test_prompts.py."""

import json
import random
from itertools import pairwise
from pathlib import Path

import pytest

from worker.prompt_syntax import parse_prompt

FIXTURES = Path(__file__).parents[3] / "test" / "fixtures" / "prompts.json"
SHARED = json.loads(FIXTURES.read_text("utf8"))


@pytest.mark.parametrize("case", SHARED, ids=lambda case: case["prompt"])
def test_reads_prompts_as_typescript_does(case: dict) -> None:
    assert [list(fragment) for fragment in parse_prompt(case["prompt"])] == case["fragments"]


def test_reads_any_text_and_loses_no_word_of_it() -> None:
    draw = random.Random(0)
    for _ in range(3000):
        text = "".join(draw.choices("ab()[]\\+-.1:, \n雪🦊", k=draw.randrange(40)))
        fragments = parse_prompt(text)
        letters = "".join(fragment.text for fragment in fragments)
        assert [c for c in letters if c in "ab雪🦊"] == [c for c in text if c in "ab雪🦊"]
        assert all(one.text and one.weight >= 0 for one in fragments)
        assert all(one.weight != other.weight for one, other in pairwise(fragments))


def test_reads_the_deepest_nesting_that_a_prompt_may_have() -> None:
    depth = 500
    (fragment,) = parse_prompt("(" * depth + "a" + ")1" * depth)
    assert fragment.text == "a"
