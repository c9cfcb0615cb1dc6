"""Start images, on models of random weights and on the tiny model of the repository."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest
import torch

from builders import recipe_of
from fake_bucket import FakeBucket
from loading import TINY, load
from random_models import SD, XL
from start_images import RED, a_start, png
from worker.decode import Decoder, to_vae
from worker.noise import draw_noise, make_generator
from worker.pipeline import Model
from worker.prompts import PromptEncoder
from worker.recipe import Recipe, Start
from worker.schedulers import SCHEDULERS
from worker.start_image import StartImages, encode_start, fetch_start, make_img2img, to_pixels


def recipe_with_start(**overrides: Any) -> Recipe:
    return recipe_of(**{"start": a_start(), **overrides})


def starts_of(model: Model) -> tuple[StartImages, FakeBucket]:
    bucket: Any = FakeBucket({"red": RED})
    return StartImages(model, bucket, "pictures"), bucket


@pytest.fixture
def tiny() -> Model:
    return load(TINY)


@pytest.fixture(params=[SD, XL])
def model(request: pytest.FixtureRequest, model_of: Callable[[str], Path]) -> Model:
    return load(model_of(request.param), request.param)


def draw(model: Model, recipes: list[Recipe], starts: StartImages) -> np.ndarray:
    """As the engine does it: (n, height, width, 3) uint8."""
    model.pipe.scheduler = model.make_scheduler(recipes[0])
    texts = [recipe.prompt for recipe in recipes], [recipe.negative_prompt for recipe in recipes]
    latents = starts.pipe()(
        **PromptEncoder(model).encode(*texts),
        **starts.arguments(recipes),
        generator=[make_generator(recipe) for recipe in recipes],
        num_inference_steps=recipes[0].steps,
        guidance_scale=recipes[0].guidance,
        output_type="latent",
    ).images
    decoder = Decoder(model.pipe, model.device)
    pictures = decoder.decode(latents, len(recipes), len(recipes)).wait()
    return np.stack([picture for picture in pictures if picture is not None])


def test_every_scheduler_starts_from_a_picture(model: Model) -> None:
    starts, _ = starts_of(model)
    for scheduler in SCHEDULERS:
        recipes = [recipe_with_start(scheduler=scheduler, seed=seed, width=72) for seed in (1, 2)]
        pictures = draw(model, recipes, starts)
        assert pictures.shape == (2, 64, 72, 3)
        assert not np.array_equal(*pictures)
        again = draw(model, recipes[::-1], starts)
        np.testing.assert_array_equal(again[::-1], pictures)


def test_latents_with_a_spread_of_their_own_come_back_as_the_vae_made_them(model: Model) -> None:
    vae, pixels = model.pipe.vae, to_pixels(RED, 64, 64)
    plain = to_vae(encode_start(model.pipe, model.device, pixels), vae.config)
    channels = vae.config.latent_channels
    vae.register_to_config(latents_mean=[0.5] * channels, latents_std=[2.0] * channels)
    found = encode_start(model.pipe, model.device, pixels)
    torch.testing.assert_close(to_vae(found, vae.config), plain)
    torch.testing.assert_close(found, (plain - 0.5) / 2 * vae.config.scaling_factor)


def test_the_noise_is_the_one_of_the_seed(model: Model) -> None:
    starts, recipe = starts_of(model)[0], recipe_with_start(seed=7)
    drawn: list[Any] = []
    model.pipe.scheduler = model.make_scheduler(recipe)
    scheduler = model.pipe.scheduler
    original = scheduler.add_noise

    def note(latents: Any, noise: Any, time: Any) -> Any:
        drawn.append((latents, noise))
        return original(latents, noise, time)

    scheduler.add_noise = note
    starts.pipe()(
        **PromptEncoder(model).encode([recipe.prompt], [""]),
        **starts.arguments([recipe]),
        generator=[make_generator(recipe)],
        num_inference_steps=4,
        output_type="latent",
    )
    ((latents, noise),) = drawn
    scale = model.pipe.vae_scale_factor
    expected = draw_noise(recipe, make_generator(recipe), channels=latents.shape[1], scale=scale)
    assert torch.equal(noise, expected.to(noise.dtype))
    assert torch.equal(latents, starts.arguments([recipe])["image"])


def test_less_strength_keeps_more_of_the_picture(tiny: Model) -> None:
    starts, source = starts_of(tiny)[0], to_pixels(RED, 64, 64).astype(float)
    distances = []
    for strength in (0.1, 0.5, 1):
        start = a_start(strength=strength)
        recipe = recipe_with_start(
            prompt="a blue circle on a white background", steps=20, start=start
        )
        distances.append(np.abs(draw(tiny, [recipe], starts)[0] - source).mean())
    assert distances == sorted(distances)
    assert distances[0] < distances[2] / 3


def test_each_picture_is_fetched_once_a_size(model: Model) -> None:
    starts, bucket = starts_of(model)
    for width in (64, 72, 64):
        image = starts.arguments(
            [recipe_with_start(width=width), recipe_with_start(width=width, seed=2)]
        )["image"]
        assert image.shape[0] == 2 and image.dtype == model.pipe.unet.dtype
    assert bucket.asked == ["red"] * 2


@pytest.mark.parametrize(
    ("overrides", "problem"),
    [
        ({"key": "blue"}, "found no object"),
        ({"image": "s3://another/red"}, "to begin with `s3://pictures/`"),
        ({"sha256": "0" * 64}, "to have SHA-256"),
    ],
)
def test_what_is_not_the_recipes_picture_is_refused(
    overrides: dict[str, str], problem: str
) -> None:
    bucket: Any = FakeBucket({"red": RED})
    with pytest.raises(ValueError, match=problem):
        fetch_start(bucket, "pictures", Start(**a_start(**overrides)))
    assert fetch_start(bucket, "pictures", Start(**a_start())) == RED


def test_a_batch_shares_one_strength(tiny: Model) -> None:
    starts, _ = starts_of(tiny)
    other = recipe_with_start(start=a_start(strength=0.5))
    without = dataclasses.replace(other, start=None)
    for mate, problem in ((other, "share one strength"), (without, "1 without a start image")):
        with pytest.raises(ValueError, match=problem):
            starts.arguments([recipe_with_start(), mate])


def test_a_picture_covers_the_size() -> None:
    wide = PIL.Image.new("RGB", (400, 100), "blue")
    wide.paste("red", (150, 0, 250, 100))
    pixels = to_pixels(png(wide), 64, 64)
    assert pixels.shape == (64, 64, 3) and pixels.dtype == np.uint8
    assert (pixels[:, 8:56] == (255, 0, 0)).all()


def test_what_is_transparent_is_white() -> None:
    assert (to_pixels(png(PIL.Image.new("RGBA", (64, 64), (0, 0, 0, 0))), 64, 64) == 255).all()


HALF = PIL.Image.new("RGB", (64, 64), "white")
HALF.paste("black", (0, 0, 64, 32))


def test_a_picture_is_turned_upright_by_its_exif() -> None:
    exif = PIL.Image.Exif()
    exif[0x0112] = 3  # upside down
    turned = to_pixels(png(HALF, "JPEG", quality=100, exif=exif), 64, 64)
    assert turned[:24].min() > 200 and turned[40:].max() < 50


@pytest.mark.parametrize("mode", ["L", "P", "CMYK", "1"])
def test_takes_pictures_of_every_mode(mode: str) -> None:
    body = png(HALF.convert(mode), "JPEG" if mode == "CMYK" else "PNG")
    assert to_pixels(body, 64, 72).shape == (72, 64, 3)


@pytest.mark.parametrize("body", [b"", b"no picture", RED[:60], png(HALF, "GIF")])
def test_what_is_no_picture_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match="to be a PNG, JPEG or WebP picture"):
        to_pixels(body, 64, 64)


def test_other_pipelines_do_not_start_from_pictures() -> None:
    kind = type("FluxPipeline", (), {"components": {}})
    with pytest.raises(KeyError):
        make_img2img(kind())
