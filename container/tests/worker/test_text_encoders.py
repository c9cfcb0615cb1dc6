"""Models of sentences, by a pipeline that answers in no time. CLIP is shown in test_prompts.py."""

import inspect
from types import SimpleNamespace
from typing import Any

import diffusers
import pytest
import torch

from builders import recipe_of
from random_models import FLUX, SD3
from worker.prompts import PromptEncoder


def a_stub(name: str, guidance_embeds: bool = False) -> Any:
    """A pipeline that takes what the real one takes, and answers with the text's length."""

    real = inspect.signature(getattr(diffusers, name).encode_prompt)

    def encode_prompt(self: Any, **asked: Any) -> tuple[Any, ...]:
        real.bind(self, **asked)
        assert asked["num_images_per_prompt"] == 1
        tokens = torch.full((1, asked["max_sequence_length"], 4), float(len(asked["prompt"])))
        pooled = torch.full((1, 6), float(len(asked["prompt"])))
        return (tokens, pooled, None) if "Flux" in name else (tokens, None, pooled, None)

    config = SimpleNamespace(guidance_embeds=guidance_embeds)
    parts = {"config": {}, "transformer": SimpleNamespace(config=config)}
    pipe = type(name, (), {"encode_prompt": encode_prompt, **parts})()
    return SimpleNamespace(pipe=pipe, device=torch.device("cpu"))


@pytest.mark.parametrize(
    ("pipeline", "is_dev", "length"), [(SD3, False, 256), (FLUX, False, 256), (FLUX, True, 512)]
)
def test_sentence_models_read_texts_as_they_are(pipeline: str, is_dev: bool, length: int) -> None:
    encoder = PromptEncoder(a_stub(pipeline, is_dev))
    made = encoder.encode(["abc", "abcd", r"\(a"], ["no", "", ""])
    assert made["prompt_embeds"].shape == (3, length, 4)
    assert made["pooled_prompt_embeds"][:, 0].tolist() == [3, 4, 2]
    long = recipe_of(prompt="a red cat. " * 20, negativePrompt="a dog. " * 200)
    assert encoder.embedding_length(long) == length
    if pipeline == FLUX:
        assert set(made) == {"prompt_embeds", "pooled_prompt_embeds"}
    else:
        assert made["negative_prompt_embeds"][:, 0, 0].tolist() == [2, 0, 0]
        assert made["negative_pooled_prompt_embeds"].shape == (3, 6)
