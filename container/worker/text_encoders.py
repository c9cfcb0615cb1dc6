"""How each kind of pipeline reads a text.

SD 1.x, SDXL   CLIP, in windows of 77 tokens (75 of the text). A text without weights that fits
               one window goes through the pipeline's own `encode_prompt`; any other through
               compel, in as many windows as it takes.
SD 3.5, FLUX   T5 beside CLIP: 256 tokens, FLUX [dev] 512, and no weights.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any, Protocol

import diffusers
import torch

from worker.embeddings import Embedding
from worker.prompt_syntax import Fragment, parse_prompt


class TextReader(Protocol):
    has_negative: bool

    def length(self, text: str) -> int:
        """Tokens that the embedding of the text will have; encodes nothing."""
        ...

    def read(self, text: str) -> Embedding: ...


class ClipReader:
    has_negative = True

    def __init__(self, pipe: Any, device: torch.device) -> None:
        self._pipe = pipe
        self._device = device

    def length(self, text: str) -> int:
        fragments = parse_prompt(text)
        if self._fits(fragments):
            return self._window
        return (
            self._providers[0]
            .get_token_ids_and_expand_weights(*self._split(fragments), device="cpu")[0]
            .shape[0]
        )

    @torch.no_grad()
    def read(self, text: str) -> Embedding:
        fragments = parse_prompt(text)
        fits = self._fits(fragments)
        if not fits and not self._is_xl:
            return Embedding(self._read_windows(fragments), None)
        with without_warnings():
            # The pooled embedding has no weights: of the plain text's first window, as SDXL's is.
            plain = self._pipe.encode_prompt(
                prompt="".join(fragment.text for fragment in fragments),
                device=self._device,
                num_images_per_prompt=1,
                do_classifier_free_guidance=False,
            )
        # (tokens, their negative) or, of SDXL, (…, pooled, its negative).
        pooled = plain[2] if len(plain) == 4 else None
        return Embedding(plain[0] if fits else self._read_windows(fragments), pooled)

    def _read_windows(self, fragments: list[Fragment]) -> torch.Tensor:
        texts, weights = self._split(fragments)
        try:
            parts = [
                provider.get_embeddings_for_weighted_prompt_fragments(
                    [texts], [weights], device=self._device
                )
                for provider in self._providers
            ]
        except RuntimeError as error:
            # compel quotes the text in these: it stays out of logs.
            if "fragment at index" in str(error):
                raise ValueError(
                    "Expected the weighted parts of a prompt to be found among its tokens, "
                    "they are not. To fix: weigh whole words."
                ) from None
            raise
        return torch.cat(parts, dim=-1)

    def _split(self, fragments: list[Fragment]) -> tuple[list[str], list[float]]:
        """Without the parts that are no token (spaces): compel cannot weigh them."""
        ids = self._providers[0].get_token_ids(
            [fragment.text for fragment in fragments] or [""], include_start_and_end_markers=False
        )
        kept = [one for one, found in zip(fragments, ids, strict=False) if found]
        kept = kept or [Fragment("", 1.0)]
        return [one.text for one in kept], [one.weight for one in kept]

    def _fits(self, fragments: list[Fragment]) -> bool:
        if any(fragment.weight != 1 for fragment in fragments):
            return False
        text = "".join(fragment.text for fragment in fragments)
        return len(self._encoders[0][0](text).input_ids) <= self._window

    @property
    def _is_xl(self) -> bool:
        return hasattr(self._pipe, "text_encoder_2")

    @property
    def _window(self) -> int:
        return self._encoders[0][0].model_max_length

    @property
    def _encoders(self) -> list[tuple[Any, Any]]:
        """(tokenizer, text encoder); SDXL has two."""
        pipe = self._pipe
        first = (pipe.tokenizer, pipe.text_encoder)
        return [first, (pipe.tokenizer_2, pipe.text_encoder_2)] if self._is_xl else [first]

    @cached_property
    def _providers(self) -> list[Any]:
        # Late: compel imports pipelines that few jobs need.
        from compel import EmbeddingsProvider, ReturnedEmbeddingsType, SplitLongTextMode

        kind = ReturnedEmbeddingsType
        return [
            EmbeddingsProvider(
                tokenizer,
                text_encoder,
                truncate=False,
                returned_embeddings_type=kind.PENULTIMATE_HIDDEN_STATES_NON_NORMALIZED
                if self._is_xl
                else kind.LAST_HIDDEN_STATES_NORMALIZED,
                split_long_text_mode=SplitLongTextMode.SENTENCES,
                device=str(self._device),
            )
            for tokenizer, text_encoder in self._encoders
        ]


class SentenceReader:
    """SD 3.5 and FLUX. Longer texts are cut by the pipeline, always at the same token."""

    def __init__(self, pipe: Any, device: torch.device) -> None:
        self._pipe = pipe
        self._device = device
        self._is_flux = type(pipe).__name__.startswith("Flux")
        # FLUX takes none without a second pass, which the distilled models are there to avoid.
        self.has_negative = not self._is_flux
        is_dev = self._is_flux and pipe.transformer.config.guidance_embeds
        self._longest = 512 if is_dev else 256

    def length(self, text: str) -> int:
        return self._longest

    @torch.no_grad()
    def read(self, text: str) -> Embedding:
        plain = "".join(fragment.text for fragment in parse_prompt(text))
        more = {} if self._is_flux else {"prompt_3": None, "do_classifier_free_guidance": False}
        with without_warnings():
            found = self._pipe.encode_prompt(
                prompt=plain,
                prompt_2=None,
                device=self._device,
                num_images_per_prompt=1,
                max_sequence_length=self._longest,
                **more,
            )
        # FLUX: (tokens, pooled, places); SD 3.5: (tokens, their negative, pooled, its negative).
        return Embedding(found[0], found[1] if self._is_flux else found[2])


READERS: dict[str, type[ClipReader] | type[SentenceReader]] = {
    "StableDiffusionPipeline": ClipReader,
    "StableDiffusionXLPipeline": ClipReader,
    "StableDiffusion3Pipeline": SentenceReader,
    "FluxPipeline": SentenceReader,
}


def make_reader(pipe: Any, device: torch.device) -> TextReader:
    """Raises KeyError for a pipeline of another kind."""
    return READERS[type(pipe).__name__](pipe, device)


@contextmanager
def without_warnings() -> Iterator[None]:
    """Pipelines warn of what they cut off by quoting it: a person's prompt, in the log."""
    before = diffusers.utils.logging.get_verbosity()
    diffusers.utils.logging.set_verbosity_error()
    try:
        yield
    finally:
        diffusers.utils.logging.set_verbosity(before)
