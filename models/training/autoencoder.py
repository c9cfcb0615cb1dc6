"""A stock AutoencoderKL whose encoder is the patch basis, exactly.

The encoder is written, not trained: two strided convolutions cut the patches and apply the basis,
every residual branch is zero, and the final norm and SiLU are made linear (see `write_encoder`).
The decoder starts as "paint each patch in its mean colour" and is trained on top of that.
"""

# diffusers exports lazily and annotates loosely, so pyright's rules misreport here:
# pyright: reportPrivateImportUsage=false, reportGeneralTypeIssues=false, reportArgumentType=false
# pyright: reportIndexIssue=false, reportAttributeAccessIssue=false, reportOptionalSubscript=false
# pyright: reportOptionalMemberAccess=false

import torch
from diffusers import AutoencoderKL
from torch import Tensor, nn
from torch.nn import functional

from models.training.draw import SIDE
from models.training.patch_basis import CHANNELS, PatchBasis

WIDTHS = (16, 32, 48)
# Constant channels of +-ANCHOR dominate the final group norm, which then divides every picture by
# nearly the same number. 20 keeps the error below 1 % and is exact in fp16.
ANCHOR = 20.0
# log-variance of the posterior: a deviation of 0.05, far below the latents' 1.
LOG_VARIANCE = -6.0


def set_zero(*layers: nn.Module) -> None:
    for layer in layers:
        for parameter in layer.parameters():
            parameter.zero_()


def set_identity(conv: nn.Conv2d, channels: int) -> None:
    """Makes the first `channels` outputs copies of the inputs; leaves the others as they are."""
    middle = conv.weight.shape[-1] // 2
    conv.weight[:channels] = 0
    if conv.bias is not None:
        conv.bias[:channels] = 0
    for channel in range(channels):
        conv.weight[channel, channel, middle, middle] = 1


def set_diagonal(conv: nn.Conv2d, values: Tensor) -> None:
    conv.weight.zero_()
    conv.weight[: len(values), : len(values), 0, 0] = torch.diag(values)


def write_encoder(model: AutoencoderKL, basis: PatchBasis) -> None:
    """silu(u) - silu(-u) = u: each component runs once as u and once as -u to cancel the SiLU."""
    encoder = model.encoder
    residuals = [block for down in encoder.down_blocks for block in down.resnets]
    set_zero(encoder.conv_in, *(block.conv2 for block in residuals))
    set_zero(*(block.conv2 for block in encoder.mid_block.resnets))
    set_identity(encoder.conv_in, 3)

    first, second = (encoder.down_blocks[i].downsamplers[0].conv for i in range(2))
    set_zero(first, second, encoder.down_blocks[1].resnets[0].conv_shortcut)
    for channel in range(12):
        first.weight[channel, channel // 4, channel % 4 // 2, channel % 2] = 1
    set_identity(encoder.down_blocks[1].resnets[0].conv_shortcut, 12)

    axes = (basis.axes / basis.deviation).T
    offset = axes @ basis.mean
    both = slice(0, 2 * CHANNELS)
    kernels = axes.reshape(CHANNELS, 12, 2, 2)
    second.weight[both, :12, :2, :2] = torch.cat([kernels, -kernels])
    second.bias[both] = torch.cat([-offset, offset])
    anchors = torch.tensor([ANCHOR, ANCHOR, -ANCHOR, -ANCHOR])
    second.bias[2 * CHANNELS : 2 * CHANNELS + 4] = anchors
    shortcut = encoder.down_blocks[2].resnets[0].conv_shortcut
    set_zero(shortcut)
    set_identity(shortcut, 2 * CHANNELS + 4)

    norm = encoder.conv_norm_out
    norm.weight.fill_(((2 * CHANNELS + 4 * ANCHOR**2) / WIDTHS[-1]) ** 0.5)
    norm.bias.zero_()
    set_zero(encoder.conv_out, model.quant_conv)
    for channel in range(CHANNELS):
        encoder.conv_out.weight[channel, channel, 1, 1] = 1
        encoder.conv_out.weight[channel, CHANNELS + channel, 1, 1] = -1
    set_diagonal(model.quant_conv, basis.scales)
    model.quant_conv.bias[CHANNELS:] = LOG_VARIANCE


def start_decoder(model: AutoencoderKL, basis: PatchBasis) -> None:
    """Channels 0 to 2 carry the patch's mean colour to the output; the rest start small."""
    decoder = model.decoder
    set_zero(model.post_quant_conv)
    set_diagonal(model.post_quant_conv, 1 / basis.scales)
    paints = (basis.axes * basis.deviation).reshape(3, 16, CHANNELS).mean(1)
    decoder.conv_in.weight[:3] = 0
    decoder.conv_in.weight[:3, :, 1, 1] = paints
    decoder.conv_in.bias[:3] = basis.mean.reshape(3, 16).mean(1)

    residuals = [block for up in decoder.up_blocks for block in up.resnets]
    for block in [*residuals, *decoder.mid_block.resnets]:
        block.conv2.weight.mul_(0.3)
        block.conv2.weight[:3] = 0
        block.conv2.bias.zero_()
    for up in decoder.up_blocks:
        for upsampler in up.upsamplers or []:
            set_identity(upsampler.conv, 3)
    for block in residuals:
        if block.conv_shortcut is not None:
            set_identity(block.conv_shortcut, 3)
    linearise_output(model)


def linearise_output(model: AutoencoderKL) -> None:
    """Keeps the colours in the linear part of the last SiLU: shifted by 4, then shifted back."""
    decoder = model.decoder
    anchored = decoder.up_blocks[2].resnets[0].conv_shortcut
    anchored.weight[-2:] = 0
    anchored.bias[-2:] = torch.tensor([6.0, -6.0])
    seen: list[Tensor] = []
    hook = decoder.conv_norm_out.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    model.decode(torch.randn(16, CHANNELS, 16, 16))
    hook.remove()
    spread, middle = seen[0].std(), seen[0].mean()
    decoder.conv_norm_out.weight[:3] = spread
    decoder.conv_norm_out.bias[:3] = 4 + middle
    decoder.conv_out.weight[:3] *= 0.1
    decoder.conv_out.weight[:, :3] = 0
    decoder.conv_out.bias.fill_(-float(functional.silu(torch.tensor(4.0))))
    for channel in range(3):
        decoder.conv_out.weight[channel, channel, 1, 1] = 1


@torch.no_grad()
def make_autoencoder(basis: PatchBasis) -> AutoencoderKL:
    model = AutoencoderKL(
        block_out_channels=WIDTHS,
        down_block_types=("DownEncoderBlock2D",) * len(WIDTHS),
        up_block_types=("UpDecoderBlock2D",) * len(WIDTHS),
        layers_per_block=1,
        latent_channels=CHANNELS,
        norm_num_groups=1,
        sample_size=SIDE,
        mid_block_add_attention=False,
        scaling_factor=1.0,
    )
    write_encoder(model, basis)
    start_decoder(model, basis)
    return model
