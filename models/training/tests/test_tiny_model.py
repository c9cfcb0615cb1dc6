"""The committed model itself: it loads in the stock pipeline and draws what the captions say."""

from pathlib import Path

import pytest
import torch
from diffusers import StableDiffusionPipeline  # pyright: ignore[reportPrivateImportUsage]
from PIL import Image

from models.training.judge import judge
from models.training.score import GUIDANCE, STEPS, load_pipeline

TINY = Path(__file__).parents[2] / "tiny"
PARTS = {"model_index.json", "scheduler", "text_encoder", "tokenizer", "unet", "vae"}
ASKED = (
    ("small yellow star", "purple"),
    ("red circle", "white"),
    ("large blue square", "orange"),
    ("green triangle", "black"),
    ("white ring", "blue"),
    ("black cross", "yellow"),
)


@pytest.fixture(scope="module")
def pipeline() -> StableDiffusionPipeline:
    return load_pipeline(TINY)


def render(pipeline: StableDiffusionPipeline, captions: list[str]) -> list[Image.Image]:
    generators = [torch.Generator().manual_seed(7 + i) for i in range(len(captions))]
    settings = {"num_inference_steps": STEPS, "guidance_scale": GUIDANCE}
    return pipeline(captions, generator=generators, **settings).images  # pyright: ignore


def is_right(image: Image.Image, thing: str, background: str) -> bool:
    *_, colour, shape = thing.split()
    return judge(image, colour=colour, shape=shape, background=background).right


def test_the_folder_is_at_most_ten_megabytes_and_holds_nothing_else() -> None:
    assert {entry.name for entry in TINY.iterdir()} == PARTS
    files = [file for file in TINY.rglob("*") if file.is_file()]
    assert sum(file.stat().st_size for file in files) <= 10_000_000
    assert {file.suffix for file in files} <= {".json", ".txt", ".safetensors"}


def test_at_least_five_of_six_captions_come_out_right(pipeline: StableDiffusionPipeline) -> None:
    captions = [
        f"a {thing} on a {ground} background".replace("a o", "an o") for thing, ground in ASKED
    ]
    images = render(pipeline, captions)
    right = [is_right(image, *asked) for image, asked in zip(images, ASKED, strict=True)]
    assert sum(right) >= 5, dict(zip(captions, right, strict=True))


def test_the_same_seed_gives_the_same_picture(pipeline: StableDiffusionPipeline) -> None:
    first, again = (render(pipeline, ["a red star on a white background"])[0] for _ in range(2))
    assert first.tobytes() == again.tobytes()
