"""One batch, from recipes to pictures that are on their way.

The compute batch has a fixed size: on a CPU (and in cuBLAS) the bits of a picture depend on the
number of pictures computed together, but at a fixed number not on which they are or in what order.
So a short batch is padded by repetition, and each distinct prompt is encoded alone.
"""

from collections.abc import Sequence

import torch
from torch._dynamo.exc import TorchDynamoException

from worker.compilation import Compilation, Mode
from worker.compute_batch import Size, size_of
from worker.decode import Decoder, Pictures
from worker.denoise import DenoisingLoop, Extras, OnStep
from worker.errors import one_line
from worker.pipeline import Model
from worker.prompts import PromptEncoder
from worker.recipe import Recipe


class Renderer:
    def __init__(
        self,
        model: Model,
        compilation: Compilation | None = None,
        extras: Extras | None = None,
        encoder: PromptEncoder | None = None,
    ) -> None:
        self._compilation = compilation or Compilation()
        self._loop = DenoisingLoop(model, extras, encoder)
        self._decoder = Decoder(model.pipe, model.device)
        self.decode_batches: dict[Size, int] = {}
        """How many pictures of a size the VAE decodes at once; all of the batch where not given."""

    def render(self, recipes: Sequence[Recipe], compute_batch: int, on_step: OnStep) -> Pictures:
        """One picture per recipe, all computed together.

        The recipes (at most compute_batch) are alike (likeness.py).
        Raises what on_step raises and whatever torch raises.
        """
        padded = [*recipes, *[recipes[-1]] * (compute_batch - len(recipes))]
        latents = self.denoise(padded, on_step)
        return self.decode(latents, recipes)

    def mode_of(self, size: Size) -> Mode:
        """Ask after a batch: the compiler may have failed in it."""
        return self._compilation.mode_of(size)

    def text_length(self, recipe: Recipe) -> int:
        """Tokens of the recipe's embeddings, by the tokenizer alone."""
        return self._loop.encoder.embedding_length(recipe)

    def denoise(self, recipes: Sequence[Recipe], on_step: OnStep) -> torch.Tensor:
        """Without compiling from the first time on that the compiler fails."""
        try:
            with self._compilation.stance(size_of(recipes[0])):
                return self._loop.run(recipes, on_step)
        except TorchDynamoException as error:
            reason = one_line(error)
        # Outside of the except block: the traceback holds the batch's tensors.
        self._compilation.give_up(reason)
        with self._compilation.stance(size_of(recipes[0])):
            return self._loop.run(recipes, on_step)

    def decode(self, latents: torch.Tensor, recipes: Sequence[Recipe]) -> Pictures:
        at_once = self.decode_batches.get(size_of(recipes[0]), len(latents))
        return self._decoder.decode(latents, len(recipes), at_once)
