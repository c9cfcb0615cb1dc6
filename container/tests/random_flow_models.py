"""Stable Diffusion 3.5 and FLUX of random weights, and the questions whether the worker loads and
feeds them right. Run in a child process, as random_model is."""

import importlib
import json
from pathlib import Path
from typing import Any

from random_model import describe, make_clip_config, write_tokenizer

PIPELINES = ("StableDiffusion3Pipeline", "FluxPipeline")


def library(name: str) -> Any:
    # Untyped: the annotations of their constructors are narrower than what they take.
    return importlib.import_module(name)


def make_clip(scratch: Path) -> Any:
    files = scratch / "tokenizer"
    files = files if files.exists() else write_tokenizer(files)
    names = (str(files / "vocab.json"), str(files / "merges.txt"))
    return library("transformers").CLIPTokenizer(*names, model_max_length=16)


def make_t5() -> tuple[Any, Any]:
    transformers = library("transformers")
    letters = [(chr(code), -3.0) for code in range(33, 127)]
    vocabulary = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -2.0), *letters]
    tokenizer = transformers.T5TokenizerFast(
        vocab=vocabulary, extra_ids=0, model_max_length=512, additional_special_tokens=[]
    )
    config = transformers.T5Config(
        vocab_size=len(vocabulary) + 8,
        d_model=32,
        d_kv=8,
        d_ff=16,
        num_layers=1,
        num_heads=2,
        feed_forward_proj="gated-gelu",
        is_encoder_decoder=False,
    )
    return tokenizer, transformers.T5EncoderModel(config)


def make_vae() -> Any:
    return library("diffusers").AutoencoderKL(
        block_out_channels=(8, 16, 16),
        down_block_types=("DownEncoderBlock2D",) * 3,
        up_block_types=("UpDecoderBlock2D",) * 3,
        norm_num_groups=8,
        latent_channels=16,
        sample_size=64,
        shift_factor=0.1,
        scaling_factor=0.4,
        use_quant_conv=False,
        use_post_quant_conv=False,
    )


def make_sd3(scratch: Path) -> Any:
    diffusers, transformers = library("diffusers"), library("transformers")
    clip, (t5, t5_encoder) = make_clip(scratch), make_t5()
    first, second = (
        transformers.CLIPTextModelWithProjection(make_clip_config(clip)) for _ in range(2)
    )
    transformer = diffusers.SD3Transformer2DModel(
        sample_size=32,
        patch_size=2,
        in_channels=16,
        out_channels=16,
        num_layers=2,
        attention_head_dim=8,
        num_attention_heads=4,
        joint_attention_dim=32,  # both CLIPs side by side, as wide as T5
        caption_projection_dim=32,
        pooled_projection_dim=32,
        pos_embed_max_size=32,
        dual_attention_layers=(0,),
        qk_norm="rms_norm",
    )
    scheduler = diffusers.FlowMatchEulerDiscreteScheduler(shift=3.0)
    parts = (transformer, scheduler, make_vae(), first, clip, second, clip, t5_encoder, t5)
    return diffusers.StableDiffusion3Pipeline(*parts)


def make_flux(scratch: Path) -> Any:
    diffusers, transformers = library("diffusers"), library("transformers")
    clip, (t5, t5_encoder) = make_clip(scratch), make_t5()
    transformer = diffusers.FluxTransformer2DModel(
        patch_size=1,
        in_channels=64,
        num_layers=1,
        num_single_layers=1,
        attention_head_dim=16,
        num_attention_heads=2,
        joint_attention_dim=32,
        pooled_projection_dim=16,
        guidance_embeds=True,
        axes_dims_rope=(4, 4, 8),
    )
    scheduler = diffusers.FlowMatchEulerDiscreteScheduler(shift=3.0, use_dynamic_shifting=True)
    encoder = transformers.CLIPTextModel(make_clip_config(clip))
    return diffusers.FluxPipeline(scheduler, make_vae(), encoder, clip, t5_encoder, t5, transformer)


def make_random_flow_model(pipeline: str, folder: Path, scratch: Path) -> None:
    import torch

    torch.manual_seed(0)
    scratch.mkdir(parents=True, exist_ok=True)
    make = {"StableDiffusion3Pipeline": make_sd3, "FluxPipeline": make_flux}[pipeline]
    # In two files: as FLUX comes.
    pipe = make(scratch)
    pipe.save_pretrained(folder)
    pipe.transformer.save_pretrained(folder / "transformer", max_shard_size="40KB")
    (folder / "transformer" / "diffusion_pytorch_model.safetensors").unlink(missing_ok=True)


def load(folder: Path, pipeline: str) -> Any:
    from worker.manifest import parse_manifest
    from worker.pipeline import load_model

    source = describe(folder) | {"pipeline": pipeline}
    manifest = parse_manifest(json.dumps(source).encode(), source["id"], source["revision"])
    return load_model(folder, manifest, 1)


def draws_what_the_pipeline_would(folder: Path, pipeline: str) -> None:
    """Fails unless the worker's picture is the one of the pipeline's own handling of texts."""
    import numpy as np
    import torch
    from builders import a_recipe

    from worker.recipe import Recipe
    from worker.render import Renderer

    model = load(folder, pipeline)
    is_flux = pipeline == "FluxPipeline"
    negative = "" if is_flux else "blurry"
    recipe = Recipe.from_json(
        a_recipe(scheduler="euler", negativePrompt=negative, guidance=4, width=64, height=96)
    )
    (ours,) = Renderer(model).render([recipe], 1, lambda done, of: None).wait()
    pipe = model.pipe
    pipe.scheduler = model.make_scheduler(recipe)
    noise = torch.randn(1, 16, 24, 16, generator=torch.Generator().manual_seed(recipe.seed))
    latents = pipe._pack_latents(noise, *noise.shape) if is_flux else noise
    theirs = pipe(
        recipe.prompt,
        **({} if is_flux else {"negative_prompt": negative}),
        latents=latents,
        max_sequence_length=512 if is_flux else 256,
        width=64,
        height=96,
        num_inference_steps=recipe.steps,
        guidance_scale=recipe.guidance,
        output_type="np",
    ).images[0]
    assert ours is not None and ours.shape == (96, 64, 3) and ours.std() > 0
    np.testing.assert_array_equal(ours, (theirs * 255).round().astype(np.uint8))


def loads_what_from_pretrained_loads(folder: Path, pipeline: str) -> None:
    """Every parameter and buffer, in bfloat16 too, with the same dtype and the same bits."""
    import torch

    from worker.assemble import Place, fill_body, load_encoder, make_body
    from worker.kinds import KINDS

    kind, dtype = KINDS[pipeline], torch.bfloat16
    more = {"safety_checker": None} if pipeline == "StableDiffusionPipeline" else {}
    theirs = kind.pipeline.from_pretrained(str(folder), dtype=dtype, local_files_only=True, **more)
    place = Place(torch.device("cpu"), dtype)
    for name, cls in {**kind.encoders, **kind.bodies}.items():
        files = sorted((folder / name).glob("*.safetensors"))
        if name in kind.encoders:
            ours = load_encoder(cls, folder / name, files, place)
        else:
            ours = make_body(cls, folder / name)
            fill_body(ours, files, place)
        other = getattr(theirs, name)
        assert not ours.training
        for kind_of in ("named_parameters", "named_buffers"):
            found, wanted = (dict(getattr(module, kind_of)()) for module in (ours, other))
            assert found.keys() == wanted.keys(), name
            for key, tensor in wanted.items():
                assert found[key].dtype == tensor.dtype, (name, key)
                assert torch.equal(found[key], tensor), (name, key)


def stages_what_is_mapped(folder: Path, pipeline: str) -> None:
    """The way to a GPU, taken to host memory: the same bits, and a module made of them."""
    import torch
    from safetensors.torch import load_file

    from worker import assemble, staging, tensors
    from worker.kinds import KINDS

    cpu = torch.device("cpu")
    for file in sorted(folder.rglob("*.safetensors")):
        mapped, staging.PIECE_BYTES = load_file(file), 1000
        staged = tensors.stage(file, cpu, lambda: None)
        assert staged.keys() == mapped.keys()
        assert all(torch.equal(staged[name], mapped[name]) for name in mapped)
    for name, cls in KINDS[pipeline].encoders.items():
        files = sorted((folder / name).glob("*.safetensors"))
        mapped = tensors.map_files(files)
        module = assemble.load_encoder(
            cls, folder / name, files, assemble.Place(cpu, torch.float32)
        )
        fresh = cls.from_pretrained(
            None, config=module.config, state_dict=dict(mapped), dtype=torch.float32
        )
        staged = {key: tensor.clone() for key, tensor in mapped.items()}
        assemble.replace_weights(fresh, mapped, staged)
        pointers = {tensor.data_ptr() for tensor in staged.values()}
        assert all(parameter.data_ptr() in pointers for parameter in fresh.parameters()), name
