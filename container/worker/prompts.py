"""Prompts as the pipeline takes them: encoded alone, and kept while there is room.

A long text takes several windows of tokens, and a prompt and its negative must have as many: the
shorter is padded by windows of the empty text. That depends on the two alone, never on the batch:
only recipes of one `embedding_length` may be in a batch.
"""

from collections.abc import Sequence

import torch

from worker.embeddings import Embedding, Shelf
from worker.pipeline import Model
from worker.recipe import Recipe
from worker.text_encoders import make_reader


class PromptEncoder:
    def __init__(self, model: Model) -> None:
        self._pipe = model.pipe
        self._device = model.device
        self._lengths: dict[str, int] = {}
        self.forget()

    def forget(self) -> None:
        """Call it when LoRAs change: they may change what the text encoders say."""
        self._reader = make_reader(self._pipe, self._device)
        self._known = Shelf()

    def embedding_length(self, recipe: Recipe) -> int:
        """Tokens of the recipe's embeddings: what a batch shares. Costs the tokenizer alone."""
        texts = [recipe.prompt, recipe.negative_prompt if self._reader.has_negative else ""]
        for text in texts:
            if text not in self._lengths:
                self._lengths[text] = self._reader.length(text)
        return max(self._lengths[text] for text in texts)

    def encode(self, prompts: Sequence[str], negatives: Sequence[str]) -> dict[str, torch.Tensor]:
        """The keyword arguments of the pipeline's call, one row per prompt.

        Raises ValueError where the rows would differ in length: see `embedding_length`.
        """
        pairs = [self._pair(*texts) for texts in zip(prompts, negatives, strict=True)]
        lengths = sorted({prompt.length for prompt, _ in pairs})
        if len(lengths) > 1:
            raise ValueError(
                f"Expected prompts of one embedding length in a batch, got {lengths}. "
                "To fix: put recipes of one `embedding_length` together."
            )
        arguments = stack("", [prompt for prompt, _ in pairs])
        if self._reader.has_negative:
            arguments |= stack("negative_", [negative for _, negative in pairs])
        return arguments

    def _pair(self, prompt_text: str, negative_text: str) -> tuple[Embedding, Embedding]:
        prompt = self._encode(prompt_text)
        if not self._reader.has_negative:
            return prompt, prompt
        # SDXL was trained with zeros where nothing is said, not with an encoded empty text.
        if not negative_text and self._pipe.config.get("force_zeros_for_empty_prompt", False):
            return prompt, prompt.zeros()
        negative = self._encode(negative_text)
        length = max(prompt.length, negative.length)
        return self._pad(prompt, length), self._pad(negative, length)

    def _pad(self, embedding: Embedding, length: int) -> Embedding:
        return embedding if embedding.length == length else embedding.pad(length, self._encode(""))

    def _encode(self, text: str) -> Embedding:
        known = self._known.get(text)
        if known is None:
            known = self._reader.read(text)
            self._known.put(text, known)
        return known


def stack(prefix: str, embeddings: Sequence[Embedding]) -> dict[str, torch.Tensor]:
    """Keys as the pipelines name them: `pooled` comes before `prompt`, `negative` before both."""
    arguments = {f"{prefix}prompt_embeds": torch.cat([one.tokens for one in embeddings])}
    pooled = [one.pooled for one in embeddings if one.pooled is not None]
    if pooled:
        arguments[f"{prefix}pooled_prompt_embeds"] = torch.cat(pooled)
    return arguments
