"""Counts how many captions a model draws right, by the strict check of judge.py.

    python -m models.training.score --json --sheet sheet.png

Half of the captions are of combinations never trained. The seeds of captions and noise are fixed
and are not used in training (which draws its noise with numpy, from other seeds).
"""

# diffusers exports lazily and annotates loosely, so pyright's rules misreport here:
# pyright: reportPrivateImportUsage=false, reportAttributeAccessIssue=false

import os

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import argparse
import json
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from diffusers import StableDiffusionPipeline
from PIL import Image

from models.training.captions import HELD_OUT, SEEN, Scene, pick_scenes, write_caption
from models.training.draw import COLOURS, SHAPES, SIZES
from models.training.judge import LARGE_FROM_PIXELS, Verdict, judge, read_picture
from models.training.sheet import draw_sheet

# The pipeline's own defaults (50 steps, guidance 7.5) are slower and overdrive a model this small.
STEPS, GUIDANCE = 20, 2.0
CAPTION_SEED, NOISE_SEED, BATCH = 777, 90_000, 20


@dataclass(frozen=True)
class Trial:
    caption: str
    scene: Scene
    is_held_out: bool
    noise_seed: int


@dataclass(frozen=True)
class Outcome:
    trial: Trial
    image: Image.Image
    verdict: Verdict
    is_size_right: bool


def make_trials(count: int, seed: int = CAPTION_SEED) -> list[Trial]:
    """Half of combinations seen in training, half held out; every caption names its background."""
    rng = np.random.default_rng(seed)
    seen = pick_scenes(SEEN, count - count // 2, rng)
    scenes = [*seen, *pick_scenes(HELD_OUT, count // 2, rng)]
    return [
        Trial(write_caption(scene, rng, may_omit=False), scene, i >= len(seen), NOISE_SEED + i)
        for i, scene in enumerate(scenes)
    ]


def load_pipeline(model: Path) -> StableDiffusionPipeline:
    pipeline = StableDiffusionPipeline.from_pretrained(model, local_files_only=True)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def check(trial: Trial, image: Image.Image) -> Outcome:
    scene, size = trial.scene, SIZES[trial.scene.size]
    extent = read_picture(image).extent_pixels
    is_named_size = (extent >= LARGE_FROM_PIXELS) == (size == "large")
    verdict = judge(
        image,
        colour=COLOURS[scene.colour],
        shape=SHAPES[scene.shape],
        background=COLOURS[scene.background],
    )
    return Outcome(trial, image, verdict, extent > 0 and (not size or is_named_size))


def run_trials(
    pipeline: StableDiffusionPipeline, trials: list[Trial], *, steps: int, guidance: float
) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for start in range(0, len(trials), BATCH):
        batch = trials[start : start + BATCH]
        images = pipeline(
            [trial.caption for trial in batch],
            num_inference_steps=steps,
            guidance_scale=guidance,
            generator=[torch.Generator().manual_seed(trial.noise_seed) for trial in batch],
        ).images
        outcomes += [check(trial, image) for trial, image in zip(batch, images, strict=True)]
    return outcomes


def tally(outcomes: list[Outcome]) -> dict[str, int]:
    return {"right": sum(o.verdict.right for o in outcomes), "total": len(outcomes)}


def summarise(outcomes: list[Outcome]) -> dict[str, object]:
    named = {
        shape: [o for o in outcomes if SHAPES[o.trial.scene.shape] == shape] for shape in SHAPES
    }
    return {
        **tally(outcomes),
        "seen": tally([o for o in outcomes if not o.trial.is_held_out]),
        "heldOut": tally([o for o in outcomes if o.trial.is_held_out]),
        "colourRight": sum(o.verdict.colour for o in outcomes),
        "backgroundRight": sum(o.verdict.background for o in outcomes),
        "shapeRight": sum(o.verdict.shape for o in outcomes),
        "sizeRight": sum(o.is_size_right for o in outcomes),
        "perShape": {shape: tally(some) for shape, some in named.items()},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Count the captions that a model draws right.")
    parser.add_argument("--model", type=Path, default=Path("models/tiny"))
    parser.add_argument("--captions", type=int, default=200)
    parser.add_argument("--caption-seed", type=int, default=CAPTION_SEED)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--guidance", type=float, default=GUIDANCE)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--sheet", type=Path, help="PNG of all pictures, wrong ones marked")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    pipeline = load_pipeline(options.model)
    trials = make_trials(options.captions, options.caption_seed)
    started = time.monotonic()
    outcomes = run_trials(pipeline, trials, steps=options.steps, guidance=options.guidance)
    seconds = (time.monotonic() - started) / max(1, len(trials))
    score = summarise(outcomes)
    if options.sheet:
        draw_sheet(options.sheet, [(o.image, o.trial.caption, o.verdict.right) for o in outcomes])
    if options.json:
        settings = {"steps": options.steps, "guidance": options.guidance}
        print(json.dumps({**score, **settings, "secondsPerPicture": round(seconds, 3)}))
    else:
        print(f"{score['right']} of {score['total']} right, {seconds:.2f} s a picture")


if __name__ == "__main__":
    main()
