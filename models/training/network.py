"""The denoiser, its text encoder and the noise schedule, small enough for two CPU cores.

The UNet looks at the words by cross-attention only at 4x4, and everywhere through a pooled text
embedding added to the time embedding (`addition_embed_type="text"`), which the stock
StableDiffusionPipeline feeds. 2.6 M parameters, 1.6 M of them in convolutions.
"""

# diffusers exports lazily and annotates loosely, so pyright's rules misreport here:
# pyright: reportPrivateImportUsage=false, reportArgumentType=false

import torch
from diffusers import DDIMScheduler, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from models.training.patch_basis import CHANNELS
from models.training.tokenizer import MAX_TOKENS

TEXT_WIDTH = 96


def make_text_encoder(tokenizer: CLIPTokenizer) -> CLIPTextModel:
    config = CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=TEXT_WIDTH,
        intermediate_size=3 * TEXT_WIDTH,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=MAX_TOKENS,
        projection_dim=TEXT_WIDTH,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    encoder = CLIPTextModel(config)
    # CLIP's own start (0.02) suits 400 M pairs; here words must differ from the first step on.
    for name, weight in encoder.named_parameters():
        if "embedding" in name:
            torch.nn.init.normal_(weight, std=0.5 if "token" in name else 0.1)
    return encoder


def make_unet(widths: tuple[int, int, int] = (32, 64, 96)) -> UNet2DConditionModel:
    unet = UNet2DConditionModel(
        sample_size=16,
        in_channels=CHANNELS,
        out_channels=CHANNELS,
        block_out_channels=widths,
        layers_per_block=1,
        down_block_types=("DownBlock2D", "DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D", "UpBlock2D"),
        cross_attention_dim=TEXT_WIDTH,
        attention_head_dim=4,
        norm_num_groups=16,
        addition_embed_type="text",
        addition_embed_type_num_heads=4,
        resnet_time_scale_shift="scale_shift",
    )
    # Starting from a prediction of zero, the best guess before anything is known.
    torch.nn.init.zeros_(unet.conv_out.weight)
    torch.nn.init.zeros_(unet.conv_out.bias)
    return unet


def make_scheduler() -> DDIMScheduler:
    """Zero terminal SNR: the last step is pure noise, so that plain backgrounds can be any colour.

    Source: Lin et al., "Common Diffusion Noise Schedules and Sample Steps Are Flawed" (2023).
    """
    return DDIMScheduler(
        num_train_timesteps=1000,
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        prediction_type="v_prediction",
        rescale_betas_zero_snr=True,
        timestep_spacing="trailing",
        clip_sample=False,
        set_alpha_to_one=True,
        steps_offset=1,  # the stock pipeline insists; "trailing" ignores it
    )
