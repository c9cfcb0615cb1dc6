"""One training run: weights, their moving average, and the step that changes them.

Everything a step draws comes from (seed, step number), so a checkpoint needs no random state: a run
that was killed and continued gives the same weights, bit for bit, at the same number of threads.
"""

# torch marks public functions private, so pyright's rules misreport here:
# pyright: reportPrivateImportUsage=false

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from transformers import CLIPTokenizer

from models.training.captions import SEEN, draw_examples
from models.training.network import make_scheduler, make_text_encoder, make_unet
from models.training.patch_basis import PatchBasis
from models.training.tokenizer import MAX_TOKENS
from models.training.train_autoencoder import warm_cosine

EMPTY_CAPTION_SHARE = 0.1
# Noise levels are u^0.8 of 1000: somewhat more of the noisy steps, where the shape is decided.
NOISE_LEVEL_POWER = 0.8
AVERAGE_DECAY = 0.999
WARMUP_STEPS = 150


@dataclass(frozen=True)
class Plan:
    steps: int = 15_000
    batch: int = 32
    learning_rate: float = 1.5e-3
    seed: int = 0
    widths: tuple[int, int, int] = (32, 64, 96)

    @property
    def identity(self) -> list[float]:
        """What a checkpoint must share with the run that continues it; `steps` may change."""
        return [self.batch, self.learning_rate, self.seed, *self.widths]


class Trainer:
    def __init__(self, plan: Plan, basis: PatchBasis, tokenizer: CLIPTokenizer) -> None:
        torch.manual_seed(plan.seed)
        self.plan, self.basis, self.tokenizer = plan, basis, tokenizer
        self.text_encoder = make_text_encoder(tokenizer).train()
        self.unet = make_unet(plan.widths).train()
        self.scheduler = make_scheduler()
        self.alphas = self.scheduler.alphas_cumprod.float()
        self.weights = [*self.unet.parameters(), *self.text_encoder.parameters()]
        self.averages = [weight.detach().clone() for weight in self.weights]
        self.optimizer = torch.optim.AdamW(
            self.weights, lr=plan.learning_rate, betas=(0.9, 0.98), weight_decay=1e-3, fused=True
        )
        self.step_count = 0

    def tokenize(self, captions: list[str]) -> Tensor:
        """(n, 24) token ids."""
        tokens = self.tokenizer(
            captions,
            padding="max_length",
            truncation=True,
            max_length=MAX_TOKENS,
            return_tensors="pt",
        )
        return tokens["input_ids"]

    def take_step(self) -> float:
        """One batch, one update; returns the loss: mean squared error of the velocity."""
        plan = self.plan
        rng = np.random.default_rng((plan.seed, self.step_count))
        examples = draw_examples(SEEN, plan.batch, rng)
        dropped = rng.random(plan.batch) < EMPTY_CAPTION_SHARE
        captions = [
            "" if drop else text for drop, text in zip(dropped, examples.captions, strict=True)
        ]
        # One level from each of `batch` equal slices: an even mix of noise in every step.
        slices = (np.arange(plan.batch) + rng.random(plan.batch)) / plan.batch
        levels = (1000 * slices**NOISE_LEVEL_POWER).astype(np.int64)
        steps = torch.from_numpy(levels).clamp(0, 999)
        latents = self.basis.encode(torch.from_numpy(examples.pictures))
        noise = torch.from_numpy(rng.standard_normal(latents.shape, np.float32))

        signal = self.alphas[steps].sqrt().view(-1, 1, 1, 1)
        spread = (1 - self.alphas[steps]).sqrt().view(-1, 1, 1, 1)
        words = self.text_encoder(self.tokenize(captions)).last_hidden_state
        guess = self.unet(signal * latents + spread * noise, steps, words).sample
        loss = (guess - (signal * noise - spread * latents)).square().mean()
        self.update(loss)
        return loss.item()

    def update(self, loss: Tensor) -> None:
        share = warm_cosine(self.step_count, self.plan.steps, WARMUP_STEPS)
        for group in self.optimizer.param_groups:
            group["lr"] = self.plan.learning_rate * share
        self.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.weights, 1.0)
        self.optimizer.step()
        # A young average would be mostly the random start: its memory grows with the run.
        decay = min(AVERAGE_DECAY, (1 + self.step_count) / (10 + self.step_count))
        with torch.no_grad():
            torch._foreach_lerp_(self.averages, [w.detach() for w in self.weights], 1 - decay)
        self.step_count += 1

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """Within the block the modules hold the averaged weights, which make better pictures."""
        own = [weight.detach().clone() for weight in self.weights]
        self.copy_weights(self.averages)
        try:
            yield
        finally:
            self.copy_weights(own)

    @torch.no_grad()
    def copy_weights(self, values: list[Tensor]) -> None:
        for weight, value in zip(self.weights, values, strict=True):
            weight.copy_(value)

    def save_checkpoint(self, file: Path) -> None:
        state = {
            "plan": self.plan.identity,
            "step_count": self.step_count,
            "weights": [weight.detach() for weight in self.weights],
            "averages": self.averages,
            "optimizer": self.optimizer.state_dict(),
        }
        partial = file.with_suffix(".partial")
        torch.save(state, partial)
        partial.replace(file)  # a kill while writing leaves the previous checkpoint whole

    def load_checkpoint(self, file: Path) -> None:
        state = torch.load(file, weights_only=True)
        if state["plan"] != self.plan.identity:
            raise ValueError(
                f"Expected the checkpoint `{file}` to be of plan `{self.plan.identity}`, got "
                f"`{state['plan']}`. To fix: pass another `--work`."
            )
        self.copy_weights(state["weights"])
        self.averages = state["averages"]
        self.optimizer.load_state_dict(state["optimizer"])
        self.step_count = state["step_count"]
