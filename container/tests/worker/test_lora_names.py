"""Which LoRAs a shard may name."""

from typing import Any

import pytest

from builders import a_shard, an_image
from shards import read
from worker.errors import InvalidJob


@pytest.mark.parametrize(
    "loras",
    [
        [{"name": "../secret", "weight": 1}],
        [{"name": "Ink", "weight": 1}],
        [{"name": "ink", "weight": 3}],
        [{"name": "ink", "weight": 1}, {"name": "ink", "weight": 0.5}],
    ],
)
def test_a_shard_with_wrong_loras_is_refused(loras: list[dict[str, Any]]) -> None:
    with pytest.raises(InvalidJob, match=r"images\[0\]\.recipe\.loras"):
        read(a_shard([an_image(loras=loras)]))


def test_a_shard_may_name_loras() -> None:
    shard = read(a_shard([an_image(loras=[{"name": "ink.v2", "weight": 0.5}])]))
    assert [lora.name for lora in shard.images[0].recipe.loras] == ["ink.v2"]
