"""A Stable Diffusion of random weights, a few hundred kB: its pictures mean nothing, its code path
is the real one. Run in a child process, so that pytest itself never imports torch."""

import hashlib
import importlib
import json
from pathlib import Path
from typing import Any

MODEL, REVISION = "random", "abc123"


def make_clip_config(tokenizer: Any, layers: int = 2) -> Any:
    transformers: Any = importlib.import_module("transformers")
    return transformers.CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        intermediate_size=16,
        num_hidden_layers=layers,
        num_attention_heads=2,
        projection_dim=16,
        max_position_embeddings=16,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )


def write_tokenizer(folder: Path) -> Path:
    """The files of a CLIP tokenizer that knows letters and nothing else."""
    folder.mkdir(parents=True)
    letters = [chr(code) for code in range(33, 127)]
    tokens = [*letters, *[f"{letter}</w>" for letter in letters]]
    tokens += ["<|startoftext|>", "<|endoftext|>"]
    (folder / "vocab.json").write_text(json.dumps({t: i for i, t in enumerate(tokens)}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    return folder


def make_pipeline(tokenizer_folder: Path) -> Any:
    import torch

    # Untyped: the annotations of their constructors are narrower than what they take.
    diffusers: Any = importlib.import_module("diffusers")
    transformers: Any = importlib.import_module("transformers")
    torch.manual_seed(0)
    files = (str(tokenizer_folder / "vocab.json"), str(tokenizer_folder / "merges.txt"))
    tokenizer = transformers.CLIPTokenizer(*files, model_max_length=16)
    text = make_clip_config(tokenizer, layers=1)
    unet = diffusers.UNet2DConditionModel(
        sample_size=16,
        block_out_channels=(16, 32),
        layers_per_block=1,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=16,
        attention_head_dim=4,
        norm_num_groups=8,
    )
    vae = diffusers.AutoencoderKL(
        block_out_channels=(8, 16, 16),
        down_block_types=("DownEncoderBlock2D",) * 3,
        up_block_types=("UpDecoderBlock2D",) * 3,
        norm_num_groups=8,
        sample_size=64,
    )
    return diffusers.StableDiffusionPipeline(
        vae=vae,
        text_encoder=transformers.CLIPTextModel(text),
        tokenizer=tokenizer,
        unet=unet,
        scheduler=diffusers.DDIMScheduler(
            beta_schedule="scaled_linear", clip_sample=False, steps_offset=1
        ),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def describe(folder: Path) -> dict[str, Any]:
    """The manifest of the files in the folder."""
    # Not `.complete`: a worker's note that all of them are there.
    files = sorted(path for path in folder.rglob("[!.]*") if path.is_file())
    return {
        "version": 1,
        "id": MODEL,
        "revision": REVISION,
        "pipeline": "StableDiffusionPipeline",
        "dtype": "float32",
        "files": [
            {
                "path": path.relative_to(folder).as_posix(),
                "bytes": path.stat().st_size,
                "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            }
            for path in files
        ],
    }


def make_random_model(folder: Path, scratch: Path) -> None:
    make_pipeline(write_tokenizer(scratch / "tokenizer")).save_pretrained(folder)
