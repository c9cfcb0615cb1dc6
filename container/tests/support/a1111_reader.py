"""Reads `parameters` by the rules of A1111's own reader (modules/infotext_utils.py), in our words:
the last line holds the parameters if at least three pairs stand in it; of the lines before it, what
follows one that begins with `Negative prompt:` is the negative prompt."""

import json
import re

PAIR = re.compile(r'\s*(\w[\w \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)')
FEWEST_PAIRS = 3
NEGATIVE = "Negative prompt:"


def read_parameters(text: str) -> dict[str, str]:
    *lines, last = text.strip().split("\n")
    pairs = PAIR.findall(last)
    if len(pairs) < FEWEST_PAIRS:
        lines, pairs = [*lines, last], []
    prompts: dict[str, list[str]] = {"Prompt": [], "Negative prompt": []}
    name = "Prompt"
    for line in (line.strip() for line in lines):
        if line.startswith(NEGATIVE):
            name, line = "Negative prompt", line[len(NEGATIVE) :].strip()
        prompts[name].append(line)
    found = {key: json.loads(value) if value[:1] == '"' else value for key, value in pairs}
    return {**{key: "\n".join(value) for key, value in prompts.items()}, **found}
