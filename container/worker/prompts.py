"""Prompts as the pipeline takes them: encoded once each, alone, and kept."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from worker.pipeline import Model


@dataclass(frozen=True)
class Embedding:
    tokens: torch.Tensor
    """(1, tokens, width)"""
    pooled: torch.Tensor | None
    """(1, width); SDXL alone has one."""

    def zeros(self) -> "Embedding":
        pooled = None if self.pooled is None else torch.zeros_like(self.pooled)
        return Embedding(torch.zeros_like(self.tokens), pooled)


class PromptEncoder:
    def __init__(self, model: Model) -> None:
        self._model = model
        self._known: dict[str, Embedding] = {}

    def encode(self, prompts: Sequence[str], negatives: Sequence[str]) -> dict[str, torch.Tensor]:
        """The keyword arguments of the pipeline's call, one row per prompt."""
        embeddings = [self._encode(text) for text in prompts]
        opposites = [self._encode_negative(text) for text in negatives]
        arguments = {
            "prompt_embeds": torch.cat([one.tokens for one in embeddings]),
            "negative_prompt_embeds": torch.cat([one.tokens for one in opposites]),
        }
        pooled = [one.pooled for one in embeddings if one.pooled is not None]
        if pooled:
            no = [one.pooled for one in opposites if one.pooled is not None]
            arguments["pooled_prompt_embeds"] = torch.cat(pooled)
            arguments["negative_pooled_prompt_embeds"] = torch.cat(no)
        return arguments

    def _encode(self, text: str) -> Embedding:
        if text not in self._known:
            with torch.no_grad():
                # (tokens, their negative) or, of SDXL, (…, pooled, its negative).
                found = self._model.pipe.encode_prompt(
                    prompt=text,
                    device=self._model.device,
                    num_images_per_prompt=1,
                    do_classifier_free_guidance=False,
                )
            self._known[text] = Embedding(found[0], found[2] if len(found) == 4 else None)
        return self._known[text]

    def _encode_negative(self, text: str) -> Embedding:
        embedding = self._encode(text)
        # SDXL was trained with zeros where nothing is said, not with an encoded empty text.
        is_zero = not text and self._model.pipe.config.get("force_zeros_for_empty_prompt", False)
        return embedding.zeros() if is_zero else embedding
