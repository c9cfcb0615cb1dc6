"""What an attempt renders with: the loaded model made fast, and who looks at its pictures."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass

from worker.arrivals import Arrivals
from worker.attempt import Attempt
from worker.checkers import SAFETY_CHECKER, make_checker
from worker.compilation import Mode
from worker.compile_cache import CacheKey, CompileCache, versions
from worker.compute_batch import Layout, Size
from worker.denoise import Extras
from worker.engine import Engine, RenderOptions
from worker.lora import Wardrobe
from worker.manifest import Manifest
from worker.pipeline import Loading, Model
from worker.prompts import PromptEncoder
from worker.recipe import Recipe
from worker.safety import Safety, needs_checker
from worker.start_image import StartImages

# Of a short batch's worth: more are encoded between batches, in a thousandth of their time.
EARLY_PROMPTS = 16


@dataclass(frozen=True)
class Studio:
    engine: Engine
    safety: Safety


def open_studio(
    attempt: Attempt, recipes: Sequence[Recipe], arrivals: Arrivals, manifest: Manifest
) -> Studio:
    """Raises WeightsUnavailable, GpuOutOfMemory, WorkerLost, or what the stop raises."""
    model, encoder = load_and_encode(attempt, recipes, arrivals, manifest)
    attempt.record.device = model.device_name
    safety = make_safety(attempt, recipes, arrivals, manifest, model)
    return Studio(make_engine(attempt, recipes, manifest, model, encoder), safety)


def load_and_encode(
    attempt: Attempt, recipes: Sequence[Recipe], arrivals: Arrivals, manifest: Manifest
) -> tuple[Model, PromptEncoder]:
    """Encodes the first prompts while the VAE and the denoiser arrive."""
    threads = attempt.settings.threads
    loading = Loading(arrivals, manifest, threads, attempt.stop.check, attempt.log)
    encoder = PromptEncoder(loading.model_for_prompts())
    for recipe in recipes[:EARLY_PROMPTS]:
        # What LoRAs make of a prompt is known once they are on. A prompt that cannot be encoded
        # fails with its own batch.
        if not recipe.loras:
            with contextlib.suppress(ValueError):
                encoder.encode([recipe.prompt], [recipe.negative_prompt])
    return loading.model(), encoder


def make_safety(
    attempt: Attempt,
    recipes: Sequence[Recipe],
    arrivals: Arrivals,
    manifest: Manifest,
    model: Model,
) -> Safety:
    if not needs_checker(recipes):
        return Safety(None)
    arrivals.wait_for(manifest.paths_in(SAFETY_CHECKER), attempt.stop.check)
    found = make_checker(attempt, arrivals.folder, manifest, model.device)
    attempt.record.checker = found.name if found else None
    return Safety(found.check if found else None)


def make_engine(
    attempt: Attempt,
    recipes: Sequence[Recipe],
    manifest: Manifest,
    model: Model,
    encoder: PromptEncoder,
) -> Engine:
    settings, bucket = attempt.settings, attempt.bucket

    def open_cache(mode: Mode, size: Size, layout: Layout) -> CompileCache:
        key = CacheKey(
            origin=settings.image_fingerprint or versions(),
            gpu=model.device_name,
            model=f"{manifest.id}@{manifest.revision}",
            shapes=f"{mode.name},{size},{layout.compute_batch}",
        )
        return CompileCache(bucket, key, attempt.log)

    return Engine(
        model,
        recipes,
        RenderOptions(settings.compute_batch, learned=settings.learned),
        log=attempt.log,
        check=attempt.stop.check,
        extras=Extras(
            StartImages(model, bucket, settings.bucket),
            Wardrobe(model.pipe, bucket, attempt.stop.check),
        ),
        encoder=encoder,
        open_cache=open_cache,
    )
