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
class Start:
    """The picture an image starts from: its bytes are part of the recipe by their hash."""

    image: str
    """`s3://<the job's bucket>/<key>`"""
    sha256: str
    strength: float
    """The share of the steps that is drawn, above 0 up to 1."""


@dataclass(frozen=True)
class Safety:
    policy: str
    """`off` or `reseed`; `block` is the default and stands in no recipe."""
    tries: int | None = None
    """Of `reseed`: further seeds after the recipe's own."""


@dataclass(frozen=True)
class Recipe:
    """Field order is for readers only: canonical JSON sorts. `width` and `height` are pixels.

    `start` and `safety` are left out of the JSON where they are absent: the hashes of recipes
    without them are older than the fields.
    """

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
    start: Start | None = None
    safety: Safety | None = None

    @classmethod
    def from_json(cls, source: Mapping[str, Any]) -> "Recipe":
        """Raises KeyError or TypeError when a field is missing, unknown or null."""
        fields = dict(source)
        loras = tuple(Lora(**lora) for lora in fields.pop("loras"))
        if "start" in fields:
            fields["start"] = Start(**fields["start"])
        if "safety" in fields:
            safety = Safety(**fields["safety"])
            fields["safety"] = None if safety.policy == "block" else safety
        return cls(negative_prompt=fields.pop("negativePrompt"), loras=loras, **fields)

    def to_json(self) -> dict[str, Any]:
        fields = asdict(self)
        fields["negativePrompt"] = fields.pop("negative_prompt")
        fields["loras"] = [asdict(lora) for lora in self.loras]
        for name in ("start", "safety"):
            if fields[name] is None:
                del fields[name]
        if self.safety is not None and self.safety.tries is None:
            del fields["safety"]["tries"]
        return fields

    def canonical(self) -> str:
        """Canonical JSON (RFC 8785): the same text in TypeScript and Python, `7.0` as `7`."""
        return rfc8785.dumps(self.to_json()).decode()

    def hash(self) -> str:
        """Lower-case hex SHA-256 of the canonical JSON's UTF-8 bytes: the image's name."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()
