"""What a text encoder made of a text, kept: each distinct text is encoded once."""

from dataclasses import dataclass

import torch

# A prompt takes 0.1 MB (SD) to 4 MB (FLUX): what a shard's prompts may take of the GPU in all.
DEVICE_BYTES = 256 << 20


@dataclass(frozen=True)
class Embedding:
    tokens: torch.Tensor
    """(1, tokens, width)"""
    pooled: torch.Tensor | None
    """(1, width); Stable Diffusion 1.x has none."""

    @property
    def length(self) -> int:
        return self.tokens.shape[1]

    @property
    def bytes(self) -> int:
        return sum(part.nbytes for part in (self.tokens, self.pooled) if part is not None)

    def zeros(self) -> "Embedding":
        pooled = None if self.pooled is None else torch.zeros_like(self.pooled)
        return Embedding(torch.zeros_like(self.tokens), pooled)

    def pad(self, length: int, padding: "Embedding") -> "Embedding":
        """`padding` behind it until it has `length` tokens: whole windows of the encoder."""
        missing = (length - self.length) // padding.length
        if not missing:
            return self
        return Embedding(torch.cat([self.tokens, *[padding.tokens] * missing], dim=1), self.pooled)

    def to(self, device: torch.device) -> "Embedding":
        pooled = None if self.pooled is None else self.pooled.to(device)
        return Embedding(self.tokens.to(device), pooled)


class Shelf:
    """Embeddings by text. Where `limit` bytes are full, the oldest move to the host's memory: the
    text encoder may be gone when they are needed again."""

    def __init__(self, device: torch.device, limit: int = DEVICE_BYTES) -> None:
        self._device = device
        self._limit = limit
        self._near: dict[str, Embedding] = {}
        self._far: dict[str, Embedding] = {}
        self._bytes = 0

    def get(self, text: str) -> Embedding | None:
        if text in self._far:
            return self._far[text].to(self._device)
        return self._near.get(text)

    def put(self, text: str, embedding: Embedding) -> None:
        self._near[text] = embedding
        self._bytes += embedding.bytes
        while self._bytes > self._limit and len(self._near) > 1:
            oldest = next(iter(self._near))
            moved = self._near.pop(oldest)
            self._bytes -= moved.bytes
            self._far[oldest] = moved.to(torch.device("cpu"))
