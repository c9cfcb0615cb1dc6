"""The picture that an image starts from (img2img), for Stable Diffusion 1.x and XL.

From the bucket, checked against the hash in the recipe, scaled to cover the recipe's size and cut
at the centre, encoded alone by the VAE: always the most likely latents, never a sample of them, so
that nothing but the recipe's own noise is random.
What cannot be used is a ValueError: its images fail, the others of the shard go on.
"""

import hashlib
import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import PIL.Image
import PIL.ImageOps
import torch
from diffusers.image_processor import VaeImageProcessor
from diffusers.pipelines.stable_diffusion.pipeline_stable_diffusion_img2img import (
    StableDiffusionImg2ImgPipeline,
)
from diffusers.pipelines.stable_diffusion_xl.pipeline_stable_diffusion_xl_img2img import (
    StableDiffusionXLImg2ImgPipeline,
)

from worker.bucket import Bucket
from worker.decode import decoding_dtype, spread_of
from worker.pipeline import Model
from worker.recipe import Recipe, Start

FORMATS = ("PNG", "JPEG", "WEBP")


def fetch_start(bucket: Bucket, bucket_name: str, start: Start) -> bytes:
    """Raises ValueError if it is not the picture of the recipe, BucketError if nobody answers."""
    prefix = f"s3://{bucket_name}/"
    if not start.image.startswith(prefix):
        raise ValueError(f"Expected `start.image` to begin with `{prefix}`, got `{start.image}`.")
    body = bucket.read(start.image.removeprefix(prefix))
    if body is None:
        raise ValueError(f"Expected the start image `{start.image}`, found no object.")
    found = hashlib.sha256(body).hexdigest()
    if found != start.sha256:
        raise ValueError(
            f"Expected `{start.image}` to have SHA-256 `{start.sha256}`, got `{found}`. "
            "To fix: send the job again, so that its recipe names the picture of today."
        )
    return body


def to_pixels(body: bytes, width: int, height: int) -> np.ndarray:
    """(height, width, 3) uint8 RGB, upright by its EXIF, on white where it is transparent.

    Raises ValueError if it is no picture.
    """
    try:
        with PIL.Image.open(io.BytesIO(body), formats=FORMATS) as source:
            picture = PIL.ImageOps.exif_transpose(source).convert("RGBA")
    except (OSError, SyntaxError, ValueError, PIL.Image.DecompressionBombError) as error:
        raise ValueError(
            f"Expected a start image to be a PNG, JPEG or WebP picture, got {type(error).__name__}."
        ) from error
    white = PIL.Image.new("RGBA", picture.size, "white")
    flat = PIL.Image.alpha_composite(white, picture).convert("RGB")
    fitted = PIL.ImageOps.fit(flat, (width, height), PIL.Image.Resampling.LANCZOS)
    return np.asarray(fitted)


def encode_start(pipe: Any, device: torch.device, pixels: np.ndarray) -> torch.Tensor:
    """Latents (1, channels, height / scale, width / scale) as the denoiser knows them."""
    vae, dtype = pipe.vae, decoding_dtype(pipe)
    vae.to(dtype)  # SDXL's overflows in half precision, here as in decoding
    picture = torch.from_numpy(pixels.copy()).permute(2, 0, 1)[None].to(device, torch.float32)
    with torch.no_grad():
        latents = vae.encode((picture / 127.5 - 1).to(dtype)).latent_dist.mode()
    center, width = spread_of(latents, vae.config)
    return ((latents - center) / width * vae.config.scaling_factor).to(pipe.unet.dtype)


class FromLatents:
    """Of an img2img pipeline: takes latents of any number of channels, not of four alone."""

    scheduler: Any

    def prepare_latents(
        self, image: torch.Tensor, timestep: torch.Tensor, *rest: Any, **_: Any
    ) -> torch.Tensor:
        """Noise from the generators (one a row) as noise.draw_noise draws it: float32, CPU."""
        generators = next(each for each in rest if isinstance(each, list))
        shape = (1, *image.shape[1:])
        noise = torch.cat(
            [torch.randn(shape, generator=one, dtype=torch.float32) for one in generators]
        )
        return self.scheduler.add_noise(image, noise.to(image), timestep)


def make_img2img(pipe: Any) -> Any:
    """The pipeline that starts from a picture, of the same modules. Raises KeyError for others."""
    kind, options = {
        "StableDiffusionPipeline": (
            StableDiffusionImg2ImgPipeline,
            {"requires_safety_checker": False},
        ),
        "StableDiffusionXLPipeline": (
            StableDiffusionXLImg2ImgPipeline,
            {"requires_aesthetics_score": False, "add_watermarker": False},
        ),
    }[type(pipe).__name__]
    # Not from_pipe: it casts what it takes over. Of the same name: diffusers looks at it.
    made = type(kind.__name__, (FromLatents, kind), {})(**pipe.components, **options)
    # Latents pass through the processor of pictures, if it knows how many channels they have.
    made.image_processor = VaeImageProcessor(
        vae_scale_factor=pipe.vae_scale_factor, vae_latent_channels=pipe.vae.config.latent_channels
    )
    made.set_progress_bar_config(disable=True)
    return made


class StartImages:
    """Each start image is fetched and encoded once a size."""

    def __init__(self, model: Model, bucket: Bucket, bucket_name: str) -> None:
        self._model = model
        self._bucket = bucket
        self._bucket_name = bucket_name
        self._known: dict[tuple[str, int, int], torch.Tensor] = {}
        self._pipe: Any = None

    def pipe(self) -> Any:
        """The pipeline to call instead of the model's, with the scheduler that the model's has."""
        if self._pipe is None:
            self._pipe = make_img2img(self._model.pipe)
        self._pipe.scheduler = self._model.pipe.scheduler
        return self._pipe

    def arguments(self, recipes: Sequence[Recipe]) -> dict[str, Any]:
        """What `pipe` takes in place of `latents`, `width` and `height`, one row per recipe.

        All have a start image and share its strength. The pipeline draws the noise itself, from
        `generator`, a list.
        """
        starts = [recipe.start for recipe in recipes]
        strengths = {start.strength for start in starts if start}
        if None in starts or len(strengths) != 1:
            raise ValueError(
                f"Expected a batch to share one strength, got {sorted(strengths)} "
                f"and {starts.count(None)} without a start image."
            )
        latents = torch.cat([self._latents(recipe) for recipe in recipes])
        return {"image": latents, "strength": strengths.pop()}

    def _latents(self, recipe: Recipe) -> torch.Tensor:
        start = recipe.start
        if start is None:
            raise ValueError("Expected a recipe with a start image, got one without.")
        key = (start.sha256, recipe.width, recipe.height)
        if key not in self._known:
            body = fetch_start(self._bucket, self._bucket_name, start)
            pixels = to_pixels(body, recipe.width, recipe.height)
            self._known[key] = encode_start(self._model.pipe, self._model.device, pixels)
        return self._known[key]
