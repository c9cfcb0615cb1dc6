"""Models of random weights, a few hundred kB each: their pictures mean nothing, their code path is
the real one."""

import importlib
import json
from pathlib import Path
from typing import Any

import torch

# Untyped: the annotations of their constructors are narrower than what they take.
diffusers: Any = importlib.import_module("diffusers")
transformers: Any = importlib.import_module("transformers")

SD, XL = "StableDiffusionPipeline", "StableDiffusionXLPipeline"
SD3, FLUX = "StableDiffusion3Pipeline", "FluxPipeline"


def make_clip_tokenizer(scratch: Path) -> Any:
    """Knows letters and nothing else, in windows of 16."""
    letters = [chr(code) for code in range(33, 127)]
    tokens = [*letters, *[f"{letter}</w>" for letter in letters]]
    tokens += ["<|startoftext|>", "<|endoftext|>"]
    scratch.mkdir(parents=True, exist_ok=True)
    vocabulary, merges = scratch / "vocab.json", scratch / "merges.txt"
    vocabulary.write_text(json.dumps({token: index for index, token in enumerate(tokens)}))
    merges.write_text("#version: 0.2\n")
    return transformers.CLIPTokenizer(str(vocabulary), str(merges), model_max_length=16)


def make_clip_config(tokenizer: Any, layers: int = 2) -> Any:
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


def make_t5() -> tuple[Any, Any]:
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
    return transformers.T5EncoderModel(config), tokenizer


def make_unet(**more: Any) -> Any:
    return diffusers.UNet2DConditionModel(
        sample_size=16,
        block_out_channels=(16, 32),
        layers_per_block=1,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        attention_head_dim=4,
        norm_num_groups=8,
        **more,
    )


def make_vae(**more: Any) -> Any:
    return diffusers.AutoencoderKL(
        block_out_channels=(8, 16, 16),
        down_block_types=("DownEncoderBlock2D",) * 3,
        up_block_types=("UpDecoderBlock2D",) * 3,
        norm_num_groups=8,
        sample_size=64,
        **more,
    )


def make_sd(scratch: Path) -> Any:
    clip = make_clip_tokenizer(scratch)
    scheduler = diffusers.DDIMScheduler(
        beta_schedule="scaled_linear", clip_sample=False, steps_offset=1
    )
    return diffusers.StableDiffusionPipeline(
        vae=make_vae(),
        text_encoder=transformers.CLIPTextModel(make_clip_config(clip, layers=1)),
        tokenizer=clip,
        unet=make_unet(cross_attention_dim=16),
        scheduler=scheduler,
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def make_xl(scratch: Path) -> Any:
    clip = make_clip_tokenizer(scratch)
    config = make_clip_config(clip)
    unet = make_unet(
        cross_attention_dim=32,  # both encoders, side by side
        addition_embed_type="text_time",
        addition_time_embed_dim=8,
        projection_class_embeddings_input_dim=6 * 8 + 16,  # six numbers of the size, and pooled
    )
    encoders = (
        transformers.CLIPTextModel(config),
        transformers.CLIPTextModelWithProjection(config),
    )
    scheduler = diffusers.EulerDiscreteScheduler(beta_schedule="scaled_linear", steps_offset=1)
    parts = (make_vae(), *encoders, clip, clip, unet, scheduler)
    return diffusers.StableDiffusionXLPipeline(*parts)


def make_flow_vae() -> Any:
    return make_vae(
        latent_channels=16,
        shift_factor=0.1,
        scaling_factor=0.4,
        use_quant_conv=False,
        use_post_quant_conv=False,
    )


def make_sd3(scratch: Path) -> Any:
    clip, t5 = make_clip_tokenizer(scratch), make_t5()
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
    parts = (transformer, scheduler, make_flow_vae(), first, clip, second, clip, *t5)
    return diffusers.StableDiffusion3Pipeline(*parts)


def make_flux(scratch: Path) -> Any:
    clip, t5 = make_clip_tokenizer(scratch), make_t5()
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
    return diffusers.FluxPipeline(scheduler, make_flow_vae(), encoder, clip, *t5, transformer)


MAKERS = {SD: make_sd, XL: make_xl, SD3: make_sd3, FLUX: make_flux}


def make_pipeline(pipeline: str, scratch: Path) -> Any:
    torch.manual_seed(0)
    pipe = MAKERS[pipeline](scratch)
    pipe.set_progress_bar_config(disable=True)
    return pipe


def save_random_model(pipeline: str, folder: Path, scratch: Path) -> None:
    pipe = make_pipeline(pipeline, scratch)
    pipe.save_pretrained(folder)
    if pipeline in (SD3, FLUX):  # in several files, as FLUX comes
        pipe.transformer.save_pretrained(folder / "transformer", max_shard_size="40KB")
        (folder / "transformer" / "diffusion_pytorch_model.safetensors").unlink(missing_ok=True)
