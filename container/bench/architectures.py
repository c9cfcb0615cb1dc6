"""The published architectures, by their config.json files, and small ones of the same kinds.

Random weights of the real shapes take the time of the real ones and need no download.
Sources: stable-diffusion-v1-5/stable-diffusion-v1-5, stabilityai/stable-diffusion-xl-base-1.0,
black-forest-labs/FLUX.1-schnell on the Hugging Face Hub.
"""

from dataclasses import dataclass, field
from typing import Any

Config = dict[str, Any]


@dataclass(frozen=True)
class Architecture:
    pipeline: str
    dtype: str
    denoiser: Config
    vae: Config
    texts: tuple[Config, ...]
    """CLIP first; then CLIP with projection (SDXL) or T5 (FLUX)."""
    scheduler: Config = field(default_factory=dict)
    tokens: int = 77


def clip(hidden: int, layers: int, heads: int, **more: Any) -> Config:
    return {
        "hidden_size": hidden,
        "intermediate_size": hidden * 4,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "projection_dim": hidden,
        "vocab_size": 49408,
        **more,
    }


def vae(channels: tuple[int, ...], **more: Any) -> Config:
    return {
        "block_out_channels": channels,
        "down_block_types": ("DownEncoderBlock2D",) * len(channels),
        "up_block_types": ("UpDecoderBlock2D",) * len(channels),
        "layers_per_block": 2,
        **more,
    }


LARGE_VAE = (128, 256, 512, 512)
SMALL_VAE = (16, 32, 32, 32)
CLIP_L = clip(768, 12, 12, hidden_act="quick_gelu")
SMALL_CLIP = clip(32, 2, 2)
BETAS = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "steps_offset": 1,
}
SD_UNET = {
    "sample_size": 64,
    "block_out_channels": (320, 640, 1280, 1280),
    "down_block_types": (*("CrossAttnDownBlock2D",) * 3, "DownBlock2D"),
    "up_block_types": ("UpBlock2D", *("CrossAttnUpBlock2D",) * 3),
    "layers_per_block": 2,
    "cross_attention_dim": 768,
    "attention_head_dim": 8,
}
SDXL_UNET = {
    "sample_size": 128,
    "block_out_channels": (320, 640, 1280),
    "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
    "up_block_types": ("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
    "layers_per_block": 2,
    "transformer_layers_per_block": (1, 2, 10),
    "attention_head_dim": (5, 10, 20),
    "cross_attention_dim": 2048,
    "use_linear_projection": True,
    "addition_embed_type": "text_time",
    "addition_time_embed_dim": 256,
    "projection_class_embeddings_input_dim": 2816,
}
FLUX = {
    "patch_size": 1,
    "in_channels": 64,
    "num_layers": 19,
    "num_single_layers": 38,
    "attention_head_dim": 128,
    "num_attention_heads": 24,
    "joint_attention_dim": 4096,
    "pooled_projection_dim": 768,
    "guidance_embeds": False,
    "axes_dims_rope": (16, 56, 56),
}
FLUX_VAE = {
    "latent_channels": 16,
    "scaling_factor": 0.3611,
    "shift_factor": 0.1159,
    "use_quant_conv": False,
    "use_post_quant_conv": False,
}
T5_XXL = {
    "d_model": 4096,
    "d_kv": 64,
    "d_ff": 10240,
    "num_layers": 24,
    "num_heads": 64,
    "feed_forward_proj": "gated-gelu",
    "vocab_size": 32128,
}

SD, XL, FLUX_PIPELINE = "StableDiffusionPipeline", "StableDiffusionXLPipeline", "FluxPipeline"

PUBLISHED = {
    "sd-1.5": Architecture(SD, "float16", SD_UNET, vae(LARGE_VAE), (CLIP_L,), BETAS),
    "sdxl": Architecture(
        XL,
        "float16",
        SDXL_UNET,
        vae(LARGE_VAE, scaling_factor=0.13025, sample_size=1024),
        (CLIP_L, clip(1280, 32, 20, hidden_act="gelu")),
        BETAS,
    ),
    "flux-schnell": Architecture(
        FLUX_PIPELINE,
        "bfloat16",
        FLUX,
        vae(LARGE_VAE, **FLUX_VAE),
        (CLIP_L, T5_XXL),
        {"shift": 1.0, "use_dynamic_shifting": False},
    ),
}

NARROW = {"block_out_channels": (32, 64), "layers_per_block": 1, "norm_num_groups": 8}
SMALL = {
    "sd-1.5": Architecture(
        SD,
        "float32",
        {
            **SD_UNET,
            **NARROW,
            "down_block_types": ("CrossAttnDownBlock2D", "DownBlock2D"),
            "up_block_types": ("UpBlock2D", "CrossAttnUpBlock2D"),
            "cross_attention_dim": 32,
        },
        vae(SMALL_VAE, norm_num_groups=8),
        (SMALL_CLIP,),
        BETAS,
    ),
    "sdxl": Architecture(
        XL,
        "float32",
        {
            **SDXL_UNET,
            **NARROW,
            "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D"),
            "up_block_types": ("CrossAttnUpBlock2D", "UpBlock2D"),
            "transformer_layers_per_block": (1, 2),
            "attention_head_dim": (4, 8),
            "cross_attention_dim": 64,
            "addition_time_embed_dim": 8,
            "projection_class_embeddings_input_dim": 6 * 8 + 32,
        },
        vae(SMALL_VAE, norm_num_groups=8, scaling_factor=0.13025),
        (SMALL_CLIP, SMALL_CLIP),
        BETAS,
    ),
    "flux-schnell": Architecture(
        FLUX_PIPELINE,
        "float32",
        {
            **FLUX,
            "num_layers": 1,
            "num_single_layers": 2,
            "attention_head_dim": 16,
            "num_attention_heads": 2,
            "joint_attention_dim": 32,
            "pooled_projection_dim": 32,
            "axes_dims_rope": (4, 6, 6),
        },
        vae(SMALL_VAE, norm_num_groups=8, **FLUX_VAE),
        (
            SMALL_CLIP,
            {**T5_XXL, "d_model": 32, "d_kv": 16, "d_ff": 64, "num_layers": 1, "num_heads": 2},
        ),
        {"shift": 1.0, "use_dynamic_shifting": False},
    ),
}
