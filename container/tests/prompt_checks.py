"""What the encoder of prompts must do, as functions that fail: run in a child, where torch is."""

import contextlib
import functools
import inspect
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from builders import a_recipe
from random_model import describe

PLAIN = ["a red cat", "a cat (cute), sitting", "well-lit, pre- and post-war", "ü 🦊", "a.b"]
LONG = "a red cat sits on a mat and looks, at a dog. " * 3
WEIGHTED = ["a (red)1.3 cat", "a cat++", "a (cat)0.5", "((red)1.2 cat)1.1", "a (red)0 cat"]


@functools.cache
def load(folder: Path, pipeline: str = "StableDiffusionPipeline") -> Any:
    from worker.manifest import parse_manifest
    from worker.pipeline import load_model

    source = describe(folder) | {"pipeline": pipeline}
    manifest = parse_manifest(json.dumps(source).encode(), source["id"], source["revision"])
    return load_model(folder, manifest, 1)


def encoder_of(model: Any) -> Any:
    from worker.prompts import PromptEncoder

    return PromptEncoder(model)


@contextlib.contextmanager
def logged() -> Iterator[list[str]]:
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    for name in ("diffusers", "transformers", None):
        logging.getLogger(name).addHandler(handler)
    yield lines


def plain_prompts_are_what_the_pipeline_makes_of_them(folder: Path, pipeline: str) -> None:
    import torch

    model = load(folder, pipeline)
    for text in PLAIN:
        short = text if model.pipe.tokenizer.model_max_length > 60 else text[:12]
        ours = encoder_of(model).encode([short, short], [""] * 2)
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


def escapes_are_the_characters_themselves(folder: Path, pipeline: str) -> None:
    import torch

    encoder = encoder_of(load(folder, pipeline))
    escaped = encoder.encode([r"a \(b\)2"], [""])["prompt_embeds"]
    assert torch.equal(escaped, encoder.encode(["a (b) 2"], [""])["prompt_embeds"])


def weights_and_long_prompts_are_compels(folder: Path, pipeline: str) -> None:
    import torch
    from compel import CompelForSD, CompelForSDXL

    model = load(folder, pipeline)
    is_xl = pipeline == "StableDiffusionXLPipeline"
    compel = CompelForSDXL(model.pipe) if is_xl else CompelForSD(model.pipe)
    encoder = encoder_of(model)
    plain = encoder.encode(["a red cat"], [""])["prompt_embeds"]
    for text in [*WEIGHTED, LONG, f"(red)1.2 {LONG} cat--"]:
        ours = encoder.encode([text], ["blur"])
        theirs = compel([text], negative_prompt=["blur"])
        torch.testing.assert_close(ours["prompt_embeds"], theirs.embeds, rtol=0, atol=1e-6)
        assert ours["prompt_embeds"].shape == ours["negative_prompt_embeds"].shape
        assert not torch.equal(ours["prompt_embeds"][:, : plain.shape[1]], plain)


def a_pooled_embedding_has_no_weights(folder: Path, pipeline: str) -> None:
    import torch

    encoder = encoder_of(load(folder, pipeline))
    weighted = encoder.encode(["a (red)1.3 cat"], ["x"])["pooled_prompt_embeds"]
    assert torch.equal(weighted, encoder.encode(["a red cat"], ["x"])["pooled_prompt_embeds"])


def a_prompt_does_not_depend_on_its_mates(folder: Path, pipeline: str) -> None:
    import torch

    model = load(folder, pipeline)
    dog, weighted = LONG.replace("cat", "dog"), LONG.replace(" mat ", " (mat)1.2 ")
    pairs = [(LONG, ""), (dog, "blur"), (weighted, LONG), ("cat", LONG), (LONG, "")]
    together = encoder_of(model).encode(*zip(*pairs, strict=True))
    for row, (prompt, negative) in enumerate(pairs):
        alone = encoder_of(model).encode([prompt], [negative])
        for name, tensor in alone.items():
            assert torch.equal(tensor[0], together[name][row]), name


def the_shorter_of_a_pair_is_padded(folder: Path, pipeline: str) -> None:
    import torch

    model = load(folder, pipeline)
    encoder = encoder_of(model)
    window = model.pipe.tokenizer.model_max_length
    empty = model.pipe.encode_prompt(
        prompt="", device=model.device, num_images_per_prompt=1, do_classifier_free_guidance=False
    )[0]
    for prompt, negative, short in [("cat", LONG, ""), (LONG, "blur", "negative_")]:
        made = encoder.encode([prompt], [negative])[f"{short}prompt_embeds"]
        assert made.shape[1] > window and made.shape[1] % window == 0
        assert torch.equal(made[:, window : 2 * window], empty)


def zeros_stand_for_no_negative_of_any_length(folder: Path, pipeline: str) -> None:
    made = encoder_of(load(folder, pipeline)).encode([LONG], [""])
    assert made["negative_prompt_embeds"].shape == made["prompt_embeds"].shape
    assert not made["negative_prompt_embeds"].any()
    assert not made["negative_pooled_prompt_embeds"].any()


def lengths_are_known_beforehand(folder: Path, pipeline: str) -> None:
    from worker.recipe import Recipe

    encoder = encoder_of(load(folder, pipeline))
    texts = [*PLAIN, *WEIGHTED, LONG, f"(a)1.1{LONG}", "(  )0.5", "! ! (!)0.5 !", "(!!)0.2 " * 30]
    for prompt in texts:
        for negative in ["", "blur", LONG * 2]:
            recipe = Recipe.from_json(a_recipe(prompt=prompt, negativePrompt=negative))
            made = encoder.encode([prompt], [negative])
            assert made["prompt_embeds"].shape[1] == encoder.embedding_length(recipe)
            assert made["negative_prompt_embeds"].shape[1] == encoder.embedding_length(recipe)


def prompts_of_two_lengths_are_no_batch(folder: Path, pipeline: str) -> None:
    try:
        encoder_of(load(folder, pipeline)).encode(["cat", f"secret {LONG}"], ["", ""])
    except ValueError as error:
        assert "embedding_length" in str(error) and "secret" not in str(error)
    else:
        raise AssertionError("Expected a ValueError")


def a_prompt_is_in_no_log(folder: Path, pipeline: str) -> None:
    with logged() as lines:
        encoder = encoder_of(load(folder, pipeline))
        encoder.encode([f"secret {LONG}"], [f"secret {LONG}"])
        encoder.encode([f"(secret)1.2 {LONG}"], [""])
    assert not [line for line in lines if "secret" in line or "cat" in line]


def a_text_is_encoded_once(folder: Path, pipeline: str) -> None:
    model = load(folder, pipeline)
    calls: list[str] = []
    original = model.pipe.encode_prompt

    def count(*args: Any, **kwargs: Any) -> Any:
        calls.append(kwargs["prompt"])
        return original(*args, **kwargs)

    encoder = encoder_of(model)
    model.pipe.encode_prompt = count
    try:
        for _ in range(2):
            encoder.encode(["cat", "dog", "cat"], ["blur"] * 3)
    finally:
        del model.pipe.encode_prompt
    assert sorted(calls) == ["blur", "cat", "dog"]


def other_weights_are_asked_again_once_it_forgets(folder: Path, pipeline: str) -> None:
    import torch

    model = load(folder, pipeline)
    encoder = encoder_of(model)
    texts = ["a cat", "a (cat)1.3"]
    before = [encoder.encode([text], [""])["prompt_embeds"] for text in texts]
    norm = model.pipe.text_encoder.final_layer_norm.bias
    norm.data += 1
    try:
        kept = [encoder.encode([text], [""])["prompt_embeds"] for text in texts]
        encoder.forget()
        after = [encoder.encode([text], [""])["prompt_embeds"] for text in texts]
    finally:
        norm.data -= 1
    assert all(torch.equal(*pair) for pair in zip(before, kept, strict=True))
    assert not any(torch.equal(*pair) for pair in zip(before, after, strict=True))


def old_embeddings_move_to_the_host_and_come_back() -> None:
    import torch

    from worker.embeddings import Embedding, Shelf

    shelf = Shelf(torch.device("cpu"), limit=100)
    made = {str(n): Embedding(torch.full((1, 4, 5), float(n)), None) for n in range(3)}
    for text, embedding in made.items():
        shelf.put(text, embedding)
    for text, embedding in made.items():
        found = shelf.get(text)
        assert found is not None and torch.equal(found.tokens, embedding.tokens)
    assert shelf.get("3") is None


def a_stub(name: str, guidance_embeds: bool = False) -> Any:
    """A pipeline that takes what the real one takes, and answers with the text's length."""
    import diffusers
    import torch

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


def sentence_models_read_texts_as_they_are() -> None:
    from worker.recipe import Recipe

    recipe = Recipe.from_json(a_recipe(prompt=LONG, negativePrompt=LONG * 9))
    cases = [("StableDiffusion3Pipeline", False, 256), ("FluxPipeline", False, 256)]
    for name, is_dev, length in [*cases, ("FluxPipeline", True, 512)]:
        model = a_stub(name, is_dev)
        encoder = encoder_of(model)
        made = encoder.encode(["abc", "abcd", r"\(a"], ["no", "", ""])
        assert made["prompt_embeds"].shape == (3, length, 4)
        assert made["pooled_prompt_embeds"][:, 0].tolist() == [3, 4, 2]
        assert encoder.embedding_length(recipe) == length
        if name == "FluxPipeline":
            assert set(made) == {"prompt_embeds", "pooled_prompt_embeds"}
        else:
            assert made["negative_prompt_embeds"][:, 0, 0].tolist() == [2, 0, 0]
            assert made["negative_pooled_prompt_embeds"].shape == (3, 6)
