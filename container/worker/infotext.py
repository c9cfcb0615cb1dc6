"""The text that A1111 keeps in its pictures and that most other programs read.

Source: AUTOMATIC1111/stable-diffusion-webui, modules/infotext_utils.py (its reader). It takes the
LAST line for the parameters if that has three pairs or more, and what stands between a line that
begins with `Negative prompt:` and it for the negative prompt: a prompt that holds such a line
misleads it, which is why it is not our truth. Weights are written as A1111 reads them.
Left out: `Model hash` (it would be of a single file, we have a folder) and `Lora hashes`.
"""

import json
import re

from worker.prompt_syntax import parse_prompt
from worker.recipe import Recipe
from worker.schedulers import SCHEDULERS


def a1111_parameters(recipe: Recipe, effective_seed: int | None = None) -> str:
    choice = SCHEDULERS[recipe.scheduler]
    strength = denoising_strength(recipe)
    pairs = {
        "Steps": str(recipe.steps),
        "Sampler": choice.a1111_name,
        "Schedule type": choice.schedule_type,
        "CFG scale": f"{recipe.guidance:g}",
        "Seed": str(recipe.seed if effective_seed is None else effective_seed),
        "Size": f"{recipe.width}x{recipe.height}",
        "Model": recipe.model,
        "Denoising strength": None if strength is None else f"{strength:g}",
        # Without it A1111 would draw the noise on the GPU: another picture.
        "RNG": "CPU",
        "Version": "spot-diffusion",
    }
    lines = [prompt_line(recipe)]
    if recipe.negative_prompt:
        lines.append(f"Negative prompt: {to_a1111(recipe.negative_prompt)}")
    lines.append(", ".join(f"{name}: {quote(value)}" for name, value in pairs.items() if value))
    return "\n".join(lines)


def prompt_line(recipe: Recipe) -> str:
    """LoRAs stand in the prompt there."""
    loras = [f"<lora:{lora.name}:{lora.weight:g}>" for lora in recipe.loras]
    return " ".join([to_a1111(recipe.prompt), *loras])


def to_a1111(prompt: str) -> str:
    """Our `(red ball)1.3` is its `(red ball:1.3)`; a bracket that is text has a backslash there,
    since it takes `(red)` for a weight of 1.1 and `[red]` for one of 0.91."""
    parts = [(re.sub(r"[\\()\[\]]", r"\\\g<0>", text), by) for text, by in parse_prompt(prompt)]
    return "".join(text if by == 1 else f"({text}:{by:g})" for text, by in parts)


def denoising_strength(recipe: Recipe) -> float | None:
    """Of a picture that is made on from another one; None without a start image."""
    return recipe.start.strength if recipe.start else None


def quote(value: str) -> str:
    return json.dumps(value, ensure_ascii=False) if any(c in value for c in ",:\n") else value
