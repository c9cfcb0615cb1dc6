"""The loop from noise to latents."""

from pathlib import Path
from typing import Any

import torch

from builders import recipe_of
from loading import fresh_model, no_hook
from worker.compilation import Mode, apply_mode
from worker.denoise import DenoisingLoop
from worker.pipeline import Model
from worker.schedulers import SCHEDULERS


def test_the_device_is_never_asked_while_it_denoises(tmp_path: Path) -> None:
    """On torch's `meta` device every question (`.item()`) is an error."""
    pipe = fresh_model(tmp_path).pipe
    config, texts = pipe.scheduler.config, torch.zeros(2, 16, 16, device="meta")
    model = Model(pipe.to("meta"), torch.device("meta"), config)
    apply_mode(model, Mode())
    loop: Any = DenoisingLoop(model)
    names = ("prompt_embeds", "negative_prompt_embeds")
    loop.encoder.encode = lambda prompts, negatives: dict.fromkeys(names, texts)
    for scheduler in SCHEDULERS:
        recipes = [recipe_of(scheduler=scheduler, seed=seed) for seed in (1, 2)]
        assert loop.run(recipes, no_hook).shape == (2, 4, 16, 16)
