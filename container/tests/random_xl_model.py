"""A Stable Diffusion XL of random weights, and the question whether the worker feeds it right.

Run in a child process, as random_model is."""

import importlib
import json
from pathlib import Path
from typing import Any

from random_model import make_clip_config, write_tokenizer


def make_text_encoders(tokenizer: Any) -> tuple[Any, Any]:
    transformers: Any = importlib.import_module("transformers")
    config = make_clip_config(tokenizer)
    return transformers.CLIPTextModel(config), transformers.CLIPTextModelWithProjection(config)


def make_unet(diffusers: Any) -> Any:
    return diffusers.UNet2DConditionModel(
        sample_size=16,
        block_out_channels=(16, 32),
        layers_per_block=1,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=32,  # both encoders, side by side
        attention_head_dim=4,
        norm_num_groups=8,
        addition_embed_type="text_time",
        addition_time_embed_dim=8,
        projection_class_embeddings_input_dim=6 * 8 + 16,  # six numbers of the size, and pooled
    )


def make_random_xl_model(folder: Path, scratch: Path) -> None:
    import torch

    diffusers: Any = importlib.import_module("diffusers")
    transformers: Any = importlib.import_module("transformers")
    torch.manual_seed(0)
    files = write_tokenizer(scratch / "tokenizer")
    tokenizer = transformers.CLIPTokenizer(
        str(files / "vocab.json"), str(files / "merges.txt"), model_max_length=16
    )
    first, second = make_text_encoders(tokenizer)
    vae = diffusers.AutoencoderKL(
        block_out_channels=(8, 16, 16),
        down_block_types=("DownEncoderBlock2D",) * 3,
        up_block_types=("UpDecoderBlock2D",) * 3,
        norm_num_groups=8,
        sample_size=64,
    )
    scheduler = diffusers.EulerDiscreteScheduler(beta_schedule="scaled_linear", steps_offset=1)
    diffusers.StableDiffusionXLPipeline(
        vae, first, second, tokenizer, tokenizer, make_unet(diffusers), scheduler
    ).save_pretrained(folder)


def compare_with_diffusers(folder: Path, negative: str) -> None:
    """Fails unless the worker's picture is the one of the pipeline's own prompt handling."""
    import numpy as np
    from builders import a_recipe
    from random_model import describe

    from worker.manifest import parse_manifest
    from worker.noise import draw_noise, make_generator
    from worker.pipeline import load_model
    from worker.recipe import Recipe
    from worker.render import Renderer

    source = describe(folder) | {"pipeline": "StableDiffusionXLPipeline"}
    manifest = parse_manifest(json.dumps(source).encode(), source["id"], source["revision"])
    model = load_model(folder, manifest, 1)
    recipe = Recipe.from_json(
        a_recipe(scheduler="euler", negativePrompt=negative, guidance=5, width=64, height=96)
    )
    (ours,) = Renderer(model).render([recipe], 1, lambda done, of: None).wait()
    model.pipe.scheduler = model.make_scheduler(recipe)
    theirs = model.pipe(
        recipe.prompt,
        negative_prompt=negative or None,
        latents=draw_noise(recipe, make_generator(recipe), channels=4, scale=4),
        width=64,
        height=96,
        num_inference_steps=recipe.steps,
        guidance_scale=recipe.guidance,
        output_type="np",
    ).images[0]
    np.testing.assert_array_equal(ours, (theirs * 255).round().astype(np.uint8))
    assert ours is not None and ours.shape == (96, 64, 3) and ours.std() > 0
