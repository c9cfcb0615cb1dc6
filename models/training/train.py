"""Trains the tiny model from nothing.

    python -m models.training.train --out models/tiny

The autoencoder comes first if the work folder lacks it. After Ctrl-C or a kill the same command
goes on from the last checkpoint.
"""

# diffusers exports lazily and annotates loosely, so pyright's rules misreport here:
# pyright: reportPrivateImportUsage=false

import os

# Loading by a path that does not exist must fail here, not ask the hub.
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import torch
from diffusers import AutoencoderKL
from transformers import CLIPTokenizer

from models.training.patch_basis import load_basis
from models.training.save import save_model
from models.training.tokenizer import write_tokenizer
from models.training.train_autoencoder import train_autoencoder
from models.training.trainer import Plan, Trainer

REPORT_EVERY = 250


@dataclass(frozen=True)
class Rhythm:
    """How often, in steps. Publishing writes the model of the moment into the out folder."""

    checkpoint_every: int = 250
    publish_every: int = 1500


def prepare(work: Path, plan: Plan) -> tuple[Trainer, AutoencoderKL]:
    if not (work / "vae").exists():
        print("Trains the decoder first.", flush=True)
        train_autoencoder(work)
    write_tokenizer(work / "tokenizer")
    tokenizer = CLIPTokenizer.from_pretrained(work / "tokenizer")
    trainer = Trainer(plan, load_basis(work / "basis.npz"), tokenizer)
    return trainer, AutoencoderKL.from_pretrained(work / "vae")


def publish(out: Path, work: Path, trainer: Trainer, vae: AutoencoderKL) -> None:
    with trainer.averaged():
        save_model(
            out,
            vae=vae,
            unet=trainer.unet,
            text_encoder=trainer.text_encoder,
            tokenizer=trainer.tokenizer,
            scheduler=trainer.scheduler,
            scratch=work,
        )


def train(out: Path, work: Path, plan: Plan, rhythm: Rhythm = Rhythm()) -> Trainer:
    trainer, vae = prepare(work, plan)
    checkpoint = work / "checkpoint.pt"
    if checkpoint.exists():
        trainer.load_checkpoint(checkpoint)
        print(f"Goes on from step {trainer.step_count} of `{checkpoint}`.", flush=True)
    started, first, losses = time.monotonic(), trainer.step_count, []
    while trainer.step_count < plan.steps:
        losses.append(trainer.take_step())
        done = trainer.step_count
        is_last = done == plan.steps
        if done % REPORT_EVERY == 0 or done == first + 20 or is_last:
            print(report(plan, done, first, losses, time.monotonic() - started), flush=True)
            losses.clear()
        if done % rhythm.checkpoint_every == 0 or is_last:
            trainer.save_checkpoint(checkpoint)
        if done % rhythm.publish_every == 0:
            publish(out, work, trainer, vae)
    publish(out, work, trainer, vae)
    return trainer


def report(plan: Plan, done: int, first: int, losses: list[float], seconds: float) -> str:
    left = seconds / (done - first) * (plan.steps - done)
    loss = sum(losses) / len(losses)
    return (
        f"step {done}/{plan.steps}: loss {loss:.5f}, {seconds / 60:.1f} min spent, "
        f"about {left / 60:.0f} min left"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the tiny text-to-image model.")
    parser.add_argument("--out", type=Path, required=True, help="folder of the finished model")
    parser.add_argument("--work", type=Path, default=Path(".cache/training"))
    parser.add_argument("--steps", type=int, default=Plan.steps)
    parser.add_argument("--seed", type=int, default=Plan.seed)
    # The committed model's count: two lose on cores that others use.
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)  # Adam's second moments of rare words underflow, and crawl
    train(options.out, options.work, Plan(steps=options.steps, seed=options.seed))
    print(f"Model written to `{options.out}`. Score: python -m models.training.score --json")


if __name__ == "__main__":
    main()
