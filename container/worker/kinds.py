"""The kinds of pipelines and their parts. Importing this module imports torch and diffusers.

By name, not getattr(diffusers, name): a manifest says which of these, not which code.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from diffusers.models.transformers.transformer_flux import FluxTransformer2DModel
from diffusers.models.transformers.transformer_sd3 import SD3Transformer2DModel
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from diffusers.pipelines.flux.pipeline_flux import FluxPipeline
from diffusers.pipelines.stable_diffusion.pipeline_stable_diffusion import (
    StableDiffusionPipeline,
)
from diffusers.pipelines.stable_diffusion_3.pipeline_stable_diffusion_3 import (
    StableDiffusion3Pipeline,
)
from diffusers.pipelines.stable_diffusion_xl.pipeline_stable_diffusion_xl import (
    StableDiffusionXLPipeline,
)
from transformers import (
    CLIPTextModel,
    CLIPTextModelWithProjection,
    CLIPTokenizer,
    T5EncoderModel,
    T5Tokenizer,
)


@dataclass(frozen=True)
class Kind:
    """Keys are folders of the model and keyword arguments of the pipeline alike."""

    pipeline: Any
    tokenizers: Mapping[str, Any]
    encoders: Mapping[str, Any]
    """In the order in which they are loaded."""
    denoiser: tuple[str, Any]
    options: Mapping[str, Any] = field(default_factory=dict)
    """Of the pipeline's constructor."""
    index_options: tuple[str, ...] = ()
    """Those that the model itself decides, in its model_index.json."""

    @property
    def bodies(self) -> dict[str, Any]:
        """What diffusers itself loads, in this order."""
        name, cls = self.denoiser
        return {"vae": AutoencoderKL, name: cls}


CLIP = {"tokenizer": CLIPTokenizer}
TWO_CLIPS = {**CLIP, "tokenizer_2": CLIPTokenizer}

KINDS: dict[str, Kind] = {
    # The checker would turn pictures black and store them under the recipe's hash: it does not run
    # inside the pipeline (checkers.py).
    "StableDiffusionPipeline": Kind(
        StableDiffusionPipeline,
        CLIP,
        {"text_encoder": CLIPTextModel},
        ("unet", UNet2DConditionModel),
        {"safety_checker": None, "feature_extractor": None, "requires_safety_checker": False},
    ),
    # The marker would depend on whether some package is installed: never.
    "StableDiffusionXLPipeline": Kind(
        StableDiffusionXLPipeline,
        TWO_CLIPS,
        {"text_encoder": CLIPTextModel, "text_encoder_2": CLIPTextModelWithProjection},
        ("unet", UNet2DConditionModel),
        {"add_watermarker": False},
        ("force_zeros_for_empty_prompt",),
    ),
    "StableDiffusion3Pipeline": Kind(
        StableDiffusion3Pipeline,
        {**TWO_CLIPS, "tokenizer_3": T5Tokenizer},
        {
            "text_encoder": CLIPTextModelWithProjection,
            "text_encoder_2": CLIPTextModelWithProjection,
            "text_encoder_3": T5EncoderModel,
        },
        ("transformer", SD3Transformer2DModel),
    ),
    "FluxPipeline": Kind(
        FluxPipeline,
        {**CLIP, "tokenizer_2": T5Tokenizer},
        {"text_encoder": CLIPTextModel, "text_encoder_2": T5EncoderModel},
        ("transformer", FluxTransformer2DModel),
    ),
}
