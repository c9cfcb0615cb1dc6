"""Latents to pictures: the VAE, the rounding to bytes, and the copy to the host.

Nothing here waits for the device: the pictures are on their way when decode() returns, and whoever
needs them waits. So the next batch is queued while this one is still being computed and copied.
"""

from typing import Any

import numpy as np
import torch


class Pictures:
    """Pictures on their way from the device."""

    def __init__(
        self, pixels: torch.Tensor, are_numbers: torch.Tensor, done: torch.cuda.Event | None
    ) -> None:
        self._pixels = pixels
        self._are_numbers = are_numbers
        self._done = done

    def wait(self) -> list[np.ndarray | None]:
        """(height, width, 3) uint8 RGB each; None for one that held NaN or infinity, which a cast
        to bytes would silently turn black. Raises what the device raises, from any thread."""
        if self._done is not None:
            self._done.synchronize()
        pairs = zip(self._pixels.numpy(), self._are_numbers.tolist(), strict=True)
        return [pixels if is_number else None for pixels, is_number in pairs]


class Decoder:
    def __init__(self, pipe: Any, device: torch.device) -> None:
        self._vae = pipe.vae
        self._dtype = decoding_dtype(pipe)
        self._device = device

    def decode(self, latents: torch.Tensor, keep: int, at_once: int) -> Pictures:
        """The first `keep` of latents (n, channels, h, w), `at_once` in one call of the VAE.

        All n are decoded, also those not kept: bits depend on how many are computed together.
        """
        with torch.inference_mode():
            # An img2img pipeline leaves it in its own dtype; a needless to() writes a warning.
            if self._vae.dtype != self._dtype:
                self._vae.to(self._dtype)
            latents = to_vae(latents.to(self._dtype), self._vae.config)
            parts = [self._decode(part) for part in latents.split(at_once)]
            pixels = to_host([part[0] for part in parts], keep, self._device)
            are_numbers = to_host([part[1] for part in parts], keep, self._device)
            done = None
            if self._device.type == "cuda":
                done = torch.cuda.Event(blocking=True)  # waiting must not take a core
                done.record()
        return Pictures(pixels, are_numbers, done)

    def _decode(self, latents: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """(n, height, width, 3) uint8, rounded as diffusers does for PIL, and (n,) bool."""
        picture = self._vae.decode(latents, return_dict=False)[0]
        are_numbers = torch.isfinite(picture).flatten(1).all(1)
        picture = (picture * 0.5 + 0.5).clamp(0, 1).permute(0, 2, 3, 1).float()
        return (picture * 255).round().to(torch.uint8), are_numbers


def decoding_dtype(pipe: Any) -> torch.dtype:
    """The VAE's own, but never float16 for SDXL's, which overflows in it.

    The pipeline itself moves its weights to float32 and back for each call. Stable Diffusion 1.x
    has the same `force_upcast`, by default, and decodes well in float16.
    """
    vae = pipe.vae
    overflows = hasattr(pipe, "upcast_vae") and vae.config.force_upcast
    return torch.float32 if vae.dtype == torch.float16 and overflows else vae.dtype


def to_vae(latents: torch.Tensor, config: Any) -> torch.Tensor:
    """As the pipelines scale them: SD and SDXL by a factor, SD 3.5 and FLUX with a shift, too."""
    center, width = spread_of(latents, config)
    return latents * width / config.scaling_factor + center


Spread = tuple[torch.Tensor | float, torch.Tensor | float]


def spread_of(latents: torch.Tensor, config: Any) -> Spread:
    """The centre and the width of what the VAE encodes, where its configuration says them.

    Both by channel in some fine-tuned VAEs of SDXL, the centre alone in SD 3.5's and FLUX's.
    """
    mean, std = getattr(config, "latents_mean", None), getattr(config, "latents_std", None)
    if mean is None or std is None:
        return getattr(config, "shift_factor", None) or 0.0, 1.0
    center, width = (torch.tensor(each).view(1, -1, 1, 1).to(latents) for each in (mean, std))
    return center, width


def to_host(parts: list[torch.Tensor], keep: int, device: torch.device) -> torch.Tensor:
    """The first `keep` rows of the parts; on a GPU into pinned memory, still under way."""
    shape = (keep, *parts[0].shape[1:])
    is_cuda = device.type == "cuda"
    host = torch.empty(shape, dtype=parts[0].dtype, pin_memory=is_cuda)
    start = 0
    for part in parts:
        end = min(start + len(part), keep)
        host[start:end].copy_(part[: end - start], non_blocking=is_cuda)
        start = end
    return host
