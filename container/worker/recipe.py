"""A recipe: everything that determines one image."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import rfc8785


@dataclass(frozen=True)
class Lora:
    name: str
    weight: float


@dataclass(frozen=True)
class Recipe:
    """Field order is for readers only: canonical JSON sorts. `width` and `height` are pixels."""

    prompt: str
    negative_prompt: str
    seed: int
    model: str
    revision: str
    width: int
    height: int
    steps: int
    guidance: float
    scheduler: str
    loras: tuple[Lora, ...]

    @classmethod
    def from_json(cls, source: Mapping[str, Any]) -> "Recipe":
        """Raises KeyError or TypeError when a field is missing or unknown."""
        fields = dict(source)
        loras = tuple(Lora(**lora) for lora in fields.pop("loras"))
        return cls(negative_prompt=fields.pop("negativePrompt"), loras=loras, **fields)

    def to_json(self) -> dict[str, Any]:
        fields = asdict(self)
        fields["negativePrompt"] = fields.pop("negative_prompt")
        fields["loras"] = [asdict(lora) for lora in self.loras]
        return fields

    def canonical(self) -> str:
        """Canonical JSON (RFC 8785): the same text in TypeScript and Python, `7.0` as `7`."""
        return rfc8785.dumps(self.to_json()).decode()

    def hash(self) -> str:
        """Lower-case hex SHA-256 of the canonical JSON's UTF-8 bytes: the image's name."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()
