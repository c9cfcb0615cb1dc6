"""What a text encoder made of a text, kept: a text is encoded once while there is room."""

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


class Shelf:
    """Embeddings by text, up to `limit` bytes; the one that was not asked for the longest goes
    first, so that the negative prompt of all stays."""

    def __init__(self, limit: int = DEVICE_BYTES) -> None:
        self._limit = limit
        self._kept: dict[str, Embedding] = {}
        self._bytes = 0

    def get(self, text: str) -> Embedding | None:
        found = self._kept.pop(text, None)
        if found is not None:
            self._kept[text] = found
        return found

    def put(self, text: str, embedding: Embedding) -> None:
        self._kept[text] = embedding
        self._bytes += embedding.bytes
        while self._bytes > self._limit and len(self._kept) > 1:
            self._bytes -= self._kept.pop(next(iter(self._kept))).bytes
