"""What starting from a picture must do, as functions that fail: run in a child, where torch is."""

import dataclasses
import hashlib
import io
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
from builders import a_recipe
from prompt_checks import encoder_of, load

SCHEDULERS = ["ddim", "euler", "euler-a", "dpmpp-2m", "dpmpp-2m-karras", "pndm"]


class BucketOf:
    def __init__(self, **objects: bytes) -> None:
        self._objects = objects
        self.reads = 0

    def read(self, key: str) -> bytes | None:
        self.reads += 1
        return self._objects.get(key)


def png(picture: PIL.Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    sink = io.BytesIO()
    picture.save(sink, kind, **options)
    return sink.getvalue()


RED = png(PIL.Image.new("RGB", (40, 40), (200, 30, 30)))


def a_start(body: bytes = RED, key: str = "red", **overrides: Any) -> dict[str, Any]:
    sha256 = hashlib.sha256(body).hexdigest()
    return {"image": f"s3://pictures/{key}", "sha256": sha256, "strength": 0.6, **overrides}


def recipe_of(**overrides: Any) -> Any:
    from worker.recipe import Recipe

    return Recipe.from_json(a_recipe(**{"start": a_start(), **overrides}))


def starts_of(model: Any, **objects: bytes) -> Any:
    from worker.start_image import StartImages

    return StartImages(model, BucketOf(red=RED, **objects), "pictures")  # type: ignore[arg-type]


def draw(model: Any, recipes: list[Any], starts: Any) -> np.ndarray:
    """As the engine does it: (n, height, width, 3) uint8."""
    from worker.decode import Decoder
    from worker.noise import make_generator

    model.pipe.scheduler = model.make_scheduler(recipes[0])
    texts = [recipe.prompt for recipe in recipes], [recipe.negative_prompt for recipe in recipes]
    latents = starts.pipe()(
        **encoder_of(model).encode(*texts),
        **starts.arguments(recipes),
        generator=[make_generator(recipe) for recipe in recipes],
        num_inference_steps=recipes[0].steps,
        guidance_scale=recipes[0].guidance,
        output_type="latent",
    ).images
    decoder = Decoder(model.pipe, model.device)
    pictures = decoder.decode(latents, len(recipes), len(recipes)).wait()
    return np.stack([picture for picture in pictures if picture is not None])


def every_scheduler_starts_from_a_picture(folder: Path, pipeline: str) -> None:
    model = load(folder, pipeline)
    starts = starts_of(model)
    for scheduler in SCHEDULERS:
        recipes = [recipe_of(scheduler=scheduler, seed=seed, width=72) for seed in (1, 2)]
        pictures = draw(model, recipes, starts)
        assert pictures.shape == (2, 64, 72, 3)
        assert not np.array_equal(*pictures)
        again = draw(model, recipes[::-1], starts)
        np.testing.assert_array_equal(again[::-1], pictures)


def the_noise_is_the_one_of_the_seed(folder: Path, pipeline: str) -> None:
    import torch

    from worker.noise import draw_noise, make_generator

    model = load(folder, pipeline)
    starts, recipe = starts_of(model), recipe_of(seed=7)
    drawn: list[Any] = []
    model.pipe.scheduler = model.make_scheduler(recipe)
    scheduler = model.pipe.scheduler
    original = scheduler.add_noise

    def note(latents: Any, noise: Any, time: Any) -> Any:
        drawn.append((latents, noise))
        return original(latents, noise, time)

    scheduler.add_noise = note
    starts.pipe()(
        **encoder_of(model).encode([recipe.prompt], [""]),
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


def less_strength_keeps_more_of_the_picture(folder: Path, pipeline: str) -> None:
    from worker.start_image import to_pixels

    model = load(folder, pipeline)
    starts, source = starts_of(model), to_pixels(RED, 64, 64).astype(float)
    distances = []
    for strength in (0.1, 0.5, 1):
        start = a_start(strength=strength)
        recipe = recipe_of(prompt="a blue circle on a white background", steps=20, start=start)
        distances.append(np.abs(draw(model, [recipe], starts)[0] - source).mean())
    assert distances == sorted(distances)
    assert distances[0] < distances[2] / 3


def each_picture_is_fetched_once_a_size(folder: Path, pipeline: str) -> None:
    model = load(folder, pipeline)
    starts = starts_of(model)
    for width in (64, 72, 64):
        image = starts.arguments([recipe_of(width=width), recipe_of(width=width, seed=2)])["image"]
        assert image.shape[0] == 2 and image.dtype == model.pipe.unet.dtype
    assert starts._bucket.reads == 2


def fails(expected: str, work: Any, *arguments: Any) -> None:
    try:
        work(*arguments)
    except ValueError as error:
        assert expected in str(error), str(error)
    else:
        raise AssertionError(f"Expected a ValueError: {expected}")


def what_is_not_the_recipes_picture_is_refused(folder: Path, pipeline: str) -> None:
    from worker.start_image import fetch_start

    def fetch(**overrides: Any) -> None:
        bucket: Any = BucketOf(red=RED)
        fetch_start(bucket, "pictures", recipe_of(start=a_start(**overrides)).start)

    fetch()
    for expected, overrides in [
        ("found no object", {"key": "blue"}),
        ("to begin with `s3://pictures/`", {"image": "s3://another/red"}),
        ("to have SHA-256", {"sha256": "0" * 64}),
    ]:
        fails(expected, lambda overrides=overrides: fetch(**overrides))


def a_batch_shares_one_strength(folder: Path, pipeline: str) -> None:
    starts = starts_of(load(folder, pipeline))
    other = recipe_of(start=a_start(strength=0.5))
    fails("share one strength", starts.arguments, [recipe_of(), other])
    without = dataclasses.replace(other, start=None)
    fails("1 without a start image", starts.arguments, [recipe_of(), without])


def a_picture_covers_the_size(folder: Path, pipeline: str) -> None:
    from worker.start_image import to_pixels

    wide = PIL.Image.new("RGB", (400, 100), "blue")
    wide.paste("red", (150, 0, 250, 100))
    pixels = to_pixels(png(wide), 64, 64)
    assert pixels.shape == (64, 64, 3) and pixels.dtype == np.uint8
    assert (pixels[:, 8:56] == (255, 0, 0)).all()
    clear = to_pixels(png(PIL.Image.new("RGBA", (64, 64), (0, 0, 0, 0))), 64, 64)
    assert (clear == 255).all()
    exif = PIL.Image.Exif()
    exif[0x0112] = 3  # upside down
    half = PIL.Image.new("RGB", (64, 64), "white")
    half.paste("black", (0, 0, 64, 32))
    turned = to_pixels(png(half, "JPEG", quality=100, exif=exif), 64, 64)
    assert turned[:24].min() > 200 and turned[40:].max() < 50
    for kind in ("L", "P", "CMYK", "1"):
        body = png(half.convert(kind), "JPEG" if kind == "CMYK" else "PNG")
        assert to_pixels(body, 64, 72).shape == (72, 64, 3)
    gif = png(half, "GIF")
    for body in (b"", b"no picture", RED[:60], gif):
        fails("to be a PNG, JPEG or WebP picture", to_pixels, body, 64, 64)


def other_pipelines_do_not_start_from_pictures(folder: Path, pipeline: str) -> None:
    from worker.start_image import make_img2img

    kind = type("FluxPipeline", (), {"components": {}})
    try:
        make_img2img(kind())
    except KeyError:
        return
    raise AssertionError("Expected a KeyError")
