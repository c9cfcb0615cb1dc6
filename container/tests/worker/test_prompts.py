"""Prompts and weights, on models of random weights and on the tiny model of the repository."""

import contextlib
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from compel import CompelForSD, CompelForSDXL

from builders import recipe_of
from loading import TINY, load
from random_models import SD, XL
from worker.pipeline import Model
from worker.prompts import PromptEncoder

PLAIN = ["a red cat", "a cat (cute), sitting", "well-lit, pre- and post-war", "ü 🦊", "a.b"]
LONG = "a red cat sits on a mat and looks, at a dog. " * 3
WEIGHTED = ["a (red)1.3 cat", "a cat++", "a (cat)0.5", "((red)1.2 cat)1.1", "a (red)0 cat"]


@pytest.fixture
def sd(random_model: Path) -> Model:
    return load(random_model)


@pytest.fixture
def xl(model_of: Callable[[str], Path]) -> Model:
    return load(model_of(XL), XL)


@pytest.fixture(params=[SD, XL, "tiny"])
def model(request: pytest.FixtureRequest, model_of: Callable[[str], Path]) -> Model:
    if request.param == "tiny":
        return load(TINY)
    return load(model_of(request.param), request.param)


@contextlib.contextmanager
def logged() -> Iterator[list[str]]:
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    for name in ("diffusers", "transformers", None):
        logging.getLogger(name).addHandler(handler)
    try:
        yield lines
    finally:
        for name in ("diffusers", "transformers", None):
            logging.getLogger(name).removeHandler(handler)


def test_plain_prompts_are_what_the_pipeline_makes_of_them(model: Model) -> None:
    for text in PLAIN:
        short = text if model.pipe.tokenizer.model_max_length > 60 else text[:12]
        ours = PromptEncoder(model).encode([short, short], [""] * 2)
        theirs = model.pipe.encode_prompt(
            prompt=short,
            device=model.device,
            num_images_per_prompt=1,
            do_classifier_free_guidance=True,
        )
        names = ["prompt_embeds", "negative_prompt_embeds"]
        names += [f"{sign}pooled_prompt_embeds" for sign in ("", "negative_")]
        assert set(ours) == set(names[: len(theirs)])
        for name, tensor in zip(names, theirs, strict=False):
            assert torch.equal(ours[name][:1], tensor) and torch.equal(ours[name][1:], tensor)


def test_escapes_are_the_characters_themselves(model: Model) -> None:
    encoder = PromptEncoder(model)
    escaped = encoder.encode([r"a \(b\)2"], [""])["prompt_embeds"]
    assert torch.equal(escaped, encoder.encode(["a (b) 2"], [""])["prompt_embeds"])


def test_weights_and_long_prompts_are_compels(model: Model) -> None:
    is_xl = hasattr(model.pipe, "text_encoder_2")
    compel = CompelForSDXL(model.pipe) if is_xl else CompelForSD(model.pipe)
    encoder = PromptEncoder(model)
    plain = encoder.encode(["a red cat"], [""])["prompt_embeds"]
    for text in [*WEIGHTED, LONG, f"(red)1.2 {LONG} cat--"]:
        ours = encoder.encode([text], ["blur"])
        theirs = compel([text], negative_prompt=["blur"])
        torch.testing.assert_close(ours["prompt_embeds"], theirs.embeds, rtol=0, atol=1e-6)
        assert ours["prompt_embeds"].shape == ours["negative_prompt_embeds"].shape
        assert not torch.equal(ours["prompt_embeds"][:, : plain.shape[1]], plain)


def test_a_pooled_embedding_has_no_weights(xl: Model) -> None:
    encoder = PromptEncoder(xl)
    weighted = encoder.encode(["a (red)1.3 cat"], ["x"])["pooled_prompt_embeds"]
    assert torch.equal(weighted, encoder.encode(["a red cat"], ["x"])["pooled_prompt_embeds"])


def test_a_prompt_does_not_depend_on_its_mates(model: Model) -> None:
    dog, weighted = LONG.replace("cat", "dog"), LONG.replace(" mat ", " (mat)1.2 ")
    pairs = [(LONG, ""), (dog, "blur"), (weighted, LONG), ("cat", LONG), (LONG, "")]
    together = PromptEncoder(model).encode(*zip(*pairs, strict=True))
    for row, (prompt, negative) in enumerate(pairs):
        alone = PromptEncoder(model).encode([prompt], [negative])
        for name, tensor in alone.items():
            assert torch.equal(tensor[0], together[name][row]), name


def test_the_shorter_of_a_pair_is_padded(sd: Model) -> None:
    encoder = PromptEncoder(sd)
    window = sd.pipe.tokenizer.model_max_length
    empty = sd.pipe.encode_prompt(
        prompt="", device=sd.device, num_images_per_prompt=1, do_classifier_free_guidance=False
    )[0]
    for prompt, negative, short in [("cat", LONG, ""), (LONG, "blur", "negative_")]:
        made = encoder.encode([prompt], [negative])[f"{short}prompt_embeds"]
        assert made.shape[1] > window and made.shape[1] % window == 0
        assert torch.equal(made[:, window : 2 * window], empty)


def test_zeros_stand_for_no_negative_of_any_length(xl: Model) -> None:
    made = PromptEncoder(xl).encode([LONG], [""])
    assert made["negative_prompt_embeds"].shape == made["prompt_embeds"].shape
    assert not made["negative_prompt_embeds"].any()
    assert not made["negative_pooled_prompt_embeds"].any()


def test_lengths_are_known_beforehand(model: Model) -> None:
    encoder = PromptEncoder(model)
    texts = [*PLAIN, *WEIGHTED, LONG, f"(a)1.1{LONG}", "(  )0.5", "! ! (!)0.5 !", "(!!)0.2 " * 30]
    for prompt in texts:
        for negative in ["", "blur", LONG * 2]:
            recipe = recipe_of(prompt=prompt, negativePrompt=negative)
            made = encoder.encode([prompt], [negative])
            assert made["prompt_embeds"].shape[1] == encoder.embedding_length(recipe)
            assert made["negative_prompt_embeds"].shape[1] == encoder.embedding_length(recipe)


def test_prompts_of_two_lengths_are_no_batch(sd: Model) -> None:
    with pytest.raises(ValueError, match="embedding_length") as caught:
        PromptEncoder(sd).encode(["cat", f"secret {LONG}"], ["", ""])
    assert "secret" not in str(caught.value)


def test_a_prompt_is_in_no_log(model: Model) -> None:
    with logged() as lines:
        encoder = PromptEncoder(model)
        encoder.encode([f"secret {LONG}"], [f"secret {LONG}"])
        encoder.encode([f"(secret)1.2 {LONG}"], [""])
    assert not [line for line in lines if "secret" in line or "cat" in line]


def test_a_text_is_encoded_once(sd: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    original = sd.pipe.encode_prompt

    def count(*args: Any, **kwargs: Any) -> Any:
        calls.append(kwargs["prompt"])
        return original(*args, **kwargs)

    encoder = PromptEncoder(sd)
    monkeypatch.setattr(sd.pipe, "encode_prompt", count)
    for _ in range(2):
        encoder.encode(["cat", "dog", "cat"], ["blur"] * 3)
    assert sorted(calls) == ["blur", "cat", "dog"]


def test_other_weights_are_asked_again_once_it_forgets(sd: Model) -> None:
    encoder = PromptEncoder(sd)
    texts = ["a cat", "a (cat)1.3"]
    before = [encoder.encode([text], [""])["prompt_embeds"] for text in texts]
    norm = sd.pipe.text_encoder.final_layer_norm.bias
    norm.data += 1
    try:
        kept = [encoder.encode([text], [""])["prompt_embeds"] for text in texts]
        encoder.forget()
        after = [encoder.encode([text], [""])["prompt_embeds"] for text in texts]
    finally:
        norm.data -= 1
    assert all(torch.equal(*pair) for pair in zip(before, kept, strict=True))
    assert not any(torch.equal(*pair) for pair in zip(before, after, strict=True))
