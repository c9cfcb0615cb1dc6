"""Which LoRAs a recipe may name: pure, and needs no torch."""

import re
from collections.abc import Sequence

from worker.recipe import Lora

# As functions/core/input/recipe.ts has it: never a way out of the prefix.
LORA_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


def lora_problem(loras: Sequence[Lora]) -> str | None:
    """What is wrong with a recipe's LoRAs, if anything."""
    for lora in loras:
        if not LORA_NAME.fullmatch(lora.name):
            return f"names of lower-case letters, digits, `.`, `_` and `-`, got `{lora.name}`"
        if not -2 <= lora.weight <= 2:
            return f"a weight from -2 to 2 for `{lora.name}`, got `{lora.weight}`"
    names = [lora.name for lora in loras]
    twice = {name for name in names if names.count(name) > 1}
    return f"each LoRA once, got `{min(twice)}` twice" if twice else None
