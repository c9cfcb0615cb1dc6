"""The child of convert.py: reads the pickle, writes safetensors, prints the number of tensors.

Knows nothing of this package: it is started by its path, isolated, without network.
"""

import sys
from collections.abc import Mapping
from typing import Any

import torch
from safetensors.torch import save_file


def tensors_of(loaded: Any) -> dict[str, torch.Tensor]:
    """A state dict, or what wraps one as trainers do. Raises ValueError for anything else."""
    for name in ("state_dict", "module", "model"):
        inner = loaded.get(name) if isinstance(loaded, Mapping) else None
        if isinstance(inner, Mapping):
            loaded = inner
    if not isinstance(loaded, Mapping):
        raise ValueError(f"Expected tensors by their names, got {type(loaded).__name__}.")
    found = {
        str(name): value.detach().clone(memory_format=torch.contiguous_format)
        for name, value in loaded.items()
        if isinstance(value, torch.Tensor)
    }
    if not found:
        raise ValueError("Expected tensors by their names, found none.")
    return found


def main(source: str, target: str) -> int:
    try:
        tensors = tensors_of(torch.load(source, map_location="cpu", weights_only=True))
        save_file(tensors, target)
    except Exception as error:
        # One line: torch explains at length how to allow what was refused.
        first = (str(error).strip().splitlines() or [""])[0]
        print(f"{type(error).__name__}: {first}", file=sys.stderr)
        return 1
    print(len(tensors))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
