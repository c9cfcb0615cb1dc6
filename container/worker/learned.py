"""What the ledger learned of this model on this type of instance, by size: `LEARNED`, JSON.

    {"512x512": {"computeBatch": 8, "decodeBatch": 4, "compileFromImages": 120}}

Each part may be absent. The compute batch is obeyed: the bits of a picture depend on it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from worker.compute_batch import Layout


@dataclass(frozen=True)
class Learned:
    """Both by `<width>x<height>`."""

    layouts: Mapping[str, Layout] = field(default_factory=dict)
    compile_from: Mapping[str, int] = field(default_factory=dict)
    """Pictures from which on compiling pays, by measured seconds."""


def parse_learned(text: str) -> Learned:
    """Raises ValueError with one line, in which `LEARNED` stands."""
    try:
        source: dict[str, dict[str, Any]] = json.loads(text or "{}")
        layouts = {
            size: Layout(whole(known["computeBatch"]), whole(known["decodeBatch"]))
            for size, known in source.items()
            if "computeBatch" in known
        }
        compile_from = {
            size: whole(known["compileFromImages"])
            for size, known in source.items()
            if "compileFromImages" in known
        }
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValueError(
            "Expected `LEARNED` to be JSON, by size an object of whole numbers >= 1, "
            f"got `{text[:200]}`."
        ) from error
    return Learned(layouts, compile_from)


def whole(value: Any) -> int:
    if type(value) is not int or value < 1:
        raise ValueError
    return value
