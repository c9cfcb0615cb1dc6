"""One batch, from recipes to pictures, on models of random weights."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from builders import recipe_of
from loading import fresh_model, load, no_hook, pixels_of
from random_models import FLUX, SD3, XL
from worker.compute_batch import Size
from worker.noise import draw_noise, make_generator
from worker.pipeline import Model
from worker.recipe import Recipe
from worker.render import Renderer


def test_mates_order_and_padding_leave_a_picture_alone(tmp_path: Path) -> None:
    renderer = Renderer(fresh_model(tmp_path))
    recipes = [recipe_of(seed=seed, scheduler="euler-a") for seed in range(4)]
    whole = pixels_of(renderer, recipes, 4)
    assert len(set(whole)) == 4
    assert pixels_of(renderer, recipes[::-1], 4) == whole[::-1]
    halves = pixels_of(renderer, recipes[:1], 4) + pixels_of(renderer, recipes[1:], 4)
    assert halves == whole


def test_a_batch_decoded_in_parts_is_the_same_up_to_rounding(tmp_path: Path) -> None:
    renderer = Renderer(fresh_model(tmp_path))
    recipes = [recipe_of(seed=seed) for seed in range(3)]
    whole = renderer.render(recipes, 4, no_hook).wait()
    renderer.decode_batches[Size(64, 64)] = 1
    parts = renderer.render(recipes, 4, no_hook).wait()
    assert len(whole) == len(parts) == 3
    for one, other in zip(whole, parts, strict=True):
        assert one is not None and other is not None and one.std() > 0
        np.testing.assert_allclose(one.astype(int), other.astype(int), atol=1)


@pytest.mark.parametrize("negative", ["", "blurry"])
def test_xl_draws_what_the_pipeline_would_of_the_texts(
    model_of: Callable[[str], Path], negative: str
) -> None:
    model = load(model_of(XL), XL)
    recipe = recipe_of(scheduler="euler", negativePrompt=negative, guidance=5, width=64, height=96)
    noise = draw_noise(recipe, make_generator(recipe), channels=4, scale=4)
    assert_same_picture(model, recipe, negative_prompt=negative or None, latents=noise)


@pytest.mark.parametrize("pipeline", [SD3, FLUX])
def test_transformers_draw_what_the_pipeline_would_of_the_texts(
    model_of: Callable[[str], Path], pipeline: str
) -> None:
    model, is_flux = load(model_of(pipeline), pipeline), pipeline == FLUX
    negative = {} if is_flux else {"negative_prompt": "blurry"}
    recipe = recipe_of(
        scheduler="euler",
        negativePrompt=negative.get("negative_prompt", ""),
        guidance=4,
        width=64,
        height=96,
    )
    noise = torch.randn(1, 16, 24, 16, generator=torch.Generator().manual_seed(recipe.seed))
    assert_same_picture(
        model,
        recipe,
        **negative,
        latents=model.pipe._pack_latents(noise, *noise.shape) if is_flux else noise,
        max_sequence_length=512 if is_flux else 256,
    )


def assert_same_picture(model: Model, recipe: Recipe, **options: Any) -> None:
    """As the pipeline's own handling of texts makes it."""
    (ours,) = Renderer(model).render([recipe], 1, no_hook).wait()
    model.pipe.scheduler = model.make_scheduler(recipe)
    theirs = model.pipe(
        recipe.prompt,
        width=recipe.width,
        height=recipe.height,
        num_inference_steps=recipe.steps,
        guidance_scale=recipe.guidance,
        output_type="np",
        **options,
    ).images[0]
    assert ours is not None and ours.shape == (96, 64, 3) and ours.std() > 0
    np.testing.assert_array_equal(ours, (theirs * 255).round().astype(np.uint8))
