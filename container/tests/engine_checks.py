"""What the engine must do with a model, as functions that fail: run in a child, where torch is."""

from pathlib import Path
from typing import Any

import numpy as np
from builders import a_recipe
from prompt_checks import load
from random_model import make_pipeline, write_tokenizer

from worker.recipe import Recipe
from worker.schedulers import SCHEDULERS

XL = "StableDiffusionXLPipeline"


def recipe_of(**overrides: Any) -> Recipe:
    return Recipe.from_json(a_recipe(**overrides))


def no_hook(done: int, of: int) -> None:
    pass


def fresh_model(scratch: Path) -> Any:
    """One that a check may change."""
    import torch

    from worker.pipeline import Model

    torch.set_num_threads(1)
    folder = scratch / "tokenizer"
    pipe = make_pipeline(folder if folder.exists() else write_tokenizer(folder))
    pipe.set_progress_bar_config(disable=True)
    return Model(pipe, torch.device("cpu"), pipe.scheduler.config)


def pixels_of(renderer: Any, recipes: list[Recipe], batch: int) -> list[bytes]:
    return [picture.tobytes() for picture in renderer.render(recipes, batch, no_hook).wait()]


def the_device_is_never_asked_while_it_denoises(scratch: Path) -> None:
    """On torch's `meta` device every question (`.item()`) is an error."""
    import torch

    from worker.compilation import Mode, apply_mode
    from worker.denoise import Denoiser
    from worker.pipeline import Model

    pipe = fresh_model(scratch).pipe
    config, texts = pipe.scheduler.config, torch.zeros(2, 16, 16, device="meta")
    model = Model(pipe.to("meta"), torch.device("meta"), config)
    apply_mode(model, Mode())
    denoiser: Any = Denoiser(model)
    names = ("prompt_embeds", "negative_prompt_embeds")
    denoiser.encoder.encode = lambda prompts, negatives: dict.fromkeys(names, texts)
    for scheduler in SCHEDULERS:
        recipes = [recipe_of(scheduler=scheduler, seed=seed) for seed in (1, 2)]
        assert denoiser.denoise(recipes, no_hook).shape == (2, 4, 16, 16)


def each_distinct_prompt_is_encoded_once(scratch: Path) -> None:
    from worker.render import Renderer

    model, asked = fresh_model(scratch), []
    encode = model.pipe.encode_prompt
    model.pipe.encode_prompt = lambda prompt=None, *args, **kwargs: (
        asked.append(prompt),
        encode(prompt, *args, **kwargs),
    )[1]
    renderer = Renderer(model)
    for prompts in (["a cat", "a dog", "a cat"], ["a dog"]):
        renderer.render([recipe_of(prompt=p, negativePrompt="red") for p in prompts], 4, no_hook)
    # The pipeline calls it too, with None and the embeddings it was given.
    assert sorted(text for text in asked if text is not None) == ["a cat", "a dog", "red"]


def mates_order_and_padding_leave_a_picture_alone(scratch: Path) -> None:
    from worker.render import Renderer

    renderer = Renderer(fresh_model(scratch))
    recipes = [recipe_of(seed=seed, scheduler="euler-a") for seed in range(4)]
    whole = pixels_of(renderer, recipes, 4)
    assert len(set(whole)) == 4
    assert pixels_of(renderer, recipes[::-1], 4) == whole[::-1]
    halves = pixels_of(renderer, recipes[:1], 4) + pixels_of(renderer, recipes[1:], 4)
    assert halves == whole


def a_batch_decoded_in_parts_is_the_same_up_to_rounding(scratch: Path) -> None:
    from worker.compute_batch import Size
    from worker.render import Renderer

    renderer = Renderer(fresh_model(scratch))
    recipes = [recipe_of(seed=seed) for seed in range(3)]
    whole = renderer.render(recipes, 4, no_hook).wait()
    renderer.decode_batches[Size(64, 64)] = 1
    parts = renderer.render(recipes, 4, no_hook).wait()
    assert len(whole) == len(parts) == 3
    for one, other in zip(whole, parts, strict=True):
        assert one is not None and other is not None and one.std() > 0
        np.testing.assert_allclose(one.astype(int), other.astype(int), atol=1)


def a_picture_that_is_no_number_is_none(scratch: Path) -> None:
    import torch

    from worker.decode import Decoder

    model = fresh_model(scratch)
    latents = torch.zeros(3, 4, 16, 16)
    latents[1, 0, 3, 3] = float("nan")
    pictures = Decoder(model.pipe, model.device).decode(latents, 2, 1).wait()
    assert [picture is None for picture in pictures] == [False, True]


def only_the_vae_of_xl_leaves_half_precision(scratch: Path, xl_model: Path) -> None:
    import torch

    from worker.decode import Decoder, decoding_dtype

    half = fresh_model(scratch).pipe.to(torch.float16)
    assert decoding_dtype(half) == torch.float16
    pipe = load(xl_model, XL).pipe
    pipe.vae.to(torch.float16)
    decoder = Decoder(pipe, torch.device("cpu"))
    # An img2img pipeline leaves it in half precision: each call decodes in single all the same.
    decoder.decode(torch.zeros(1, 4, 16, 16, dtype=torch.float16), 1, 1)
    pipe.vae.to(torch.float16)
    decoder.decode(torch.zeros(1, 4, 16, 16, dtype=torch.float16), 1, 1)
    assert pipe.vae.dtype == torch.float32


def a_cpu_computes_as_it_is_told(scratch: Path) -> None:
    import torch

    from worker.compute_batch import Layout, Size
    from worker.engine import Engine, RenderOptions
    from worker.learned import Learned
    from worker.log import Log

    options = RenderOptions(compute_batch=3, learned=Learned({"72x64": Layout(2, 1)}))
    recipes = [recipe_of(seed=seed) for seed in range(1000)]
    engine = Engine(fresh_model(scratch), recipes, options, log=Log())
    assert engine.mode.name == "plain"
    assert engine.layouts.of(recipe_of()) == Layout(3, 3)
    assert engine.layouts.of(recipe_of(width=72)) == Layout(2, 1)
    assert engine.renderer.decode_batches == {Size(64, 64): 3, Size(72, 64): 1}
    assert engine.layouts.known == {Size(64, 64): Layout(3, 3), Size(72, 64): Layout(2, 1)}
    assert not torch.is_inference_mode_enabled()


def what_prepares_the_unet_leaves_its_bits_alone(scratch: Path) -> None:
    from worker.compilation import Mode, apply_mode
    from worker.render import Renderer

    plain, ours = fresh_model(scratch), fresh_model(scratch)
    apply_mode(ours, Mode())
    for scheduler in SCHEDULERS:
        recipes = [recipe_of(scheduler=scheduler, seed=seed) for seed in (1, 2)]
        expected, found = (pixels_of(Renderer(model), recipes, 2) for model in (plain, ours))
        assert found == expected


CHECKS = [
    what_prepares_the_unet_leaves_its_bits_alone,
    the_device_is_never_asked_while_it_denoises,
    each_distinct_prompt_is_encoded_once,
    mates_order_and_padding_leave_a_picture_alone,
    a_batch_decoded_in_parts_is_the_same_up_to_rounding,
    a_picture_that_is_no_number_is_none,
    a_cpu_computes_as_it_is_told,
]
