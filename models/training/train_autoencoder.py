"""Trains the decoder of the autoencoder (the encoder is exact and stays as written).

Writes basis.npz and vae/ into the work folder, vae/ last: where it stands, both are complete.
"""

# diffusers exports lazily and annotates loosely, so pyright's rules misreport here:
# pyright: reportPrivateImportUsage=false, reportOptionalMemberAccess=false
# pyright: reportArgumentType=false, reportAttributeAccessIssue=false

import math
import time
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL
from torch import Tensor
from torch.nn import functional

from models.training.autoencoder import make_autoencoder
from models.training.captions import SEEN, draw_examples
from models.training.patch_basis import PatchBasis, fit_basis

SEED, BATCH, STEPS, LEARNING_RATE = 7, 16, 1800, 3e-3


def warm_cosine(step: int, steps: int, warmup: int) -> float:
    """Share of the learning rate: rises over `warmup` steps, then falls to 2 % at `steps`."""
    fall = 0.5 * (1 + math.cos(math.pi * min(step / steps, 1)))
    return min(1, (step + 1) / warmup) * (0.02 + 0.98 * fall)


def forgiven_noise(basis: PatchBasis) -> Tensor:
    """(1, 8, 1, 1) noise that the decoder learns to forgive, as a denoiser leaves it behind.

    In units of the latents: most on the weak detail channels relative to their own scale.
    """
    whitened = 0.2 * (0.5 / (basis.deviation / basis.deviation[0]).sqrt()).clamp(max=2)
    return (whitened * basis.scales).view(1, -1, 1, 1)


def edge_weights(pictures: Tensor) -> Tensor:
    """(n, 1, 64, 64): 4 within two pixels of an edge, else 1. Edges are what the eye judges."""
    highest = functional.max_pool2d(pictures, 5, 1, 2)
    lowest = -functional.max_pool2d(-pictures, 5, 1, 2)
    return 1 + 3.0 * ((highest - lowest).amax(1, keepdim=True) > 0.2)


def train_decoder(model: AutoencoderKL, basis: PatchBasis, steps: int) -> None:
    for frozen in (model.encoder, model.quant_conv, model.post_quant_conv):
        frozen.requires_grad_(False)
    weights = list(model.decoder.parameters())
    optimizer = torch.optim.AdamW(weights, lr=LEARNING_RATE, betas=(0.9, 0.98), weight_decay=0)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: warm_cosine(step, steps, warmup=40)
    )
    noise, started = forgiven_noise(basis), time.monotonic()
    rng = np.random.default_rng(SEED)
    for step in range(steps):
        pictures = torch.from_numpy(draw_examples(SEEN, BATCH, rng).pictures)
        latents = basis.encode(pictures)
        amount = noise * torch.rand(BATCH, 1, 1, 1)
        error = model.decode(latents + torch.randn_like(latents) * amount).sample - pictures
        loss = (edge_weights(pictures) * (error.abs() + error.square())).mean()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        schedule.step()
        if step % 100 == 0 or step == steps - 1:
            decibels = 10 * math.log10(4 / error.square().mean().item())
            seconds = time.monotonic() - started
            print(f"decoder {step + 1}/{steps}: {decibels:.1f} dB, {seconds:.0f} s", flush=True)


def train_autoencoder(work: Path) -> None:
    work.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    basis = fit_basis()
    basis.save(work / "basis.npz")
    model = make_autoencoder(basis)
    train_decoder(model, basis, STEPS)
    model.save_pretrained(work / "vae.partial")
    (work / "vae.partial").rename(work / "vae")
