"""Loads the model, renders what is missing and notes it in the record.

The door to everything that imports torch: import it only when there is something to render.
"""

import contextlib
from collections.abc import Sequence

from worker.arrivals import Arrivals
from worker.bucket import Bucket
from worker.checkers import SAFETY_CHECKER, Surroundings, make_checker
from worker.compilation import Mode
from worker.compile_cache import CacheKey, CompileCache, versions
from worker.compute_batch import Layout, Size
from worker.delivery import Delivery
from worker.denoise import Extras
from worker.engine import Engine, RenderOptions
from worker.errors import GenerationFailed, ServiceUnavailable
from worker.finish import Finisher
from worker.log import Log
from worker.lora import Wardrobe
from worker.manifest import Manifest
from worker.pipeline import Loading, Model
from worker.progress import make_progress
from worker.prompts import PromptEncoder
from worker.recipe import Recipe
from worker.record import AttemptRecord
from worker.safety import Safety, needs_checker
from worker.settings import Settings
from worker.shard import Image
from worker.start_image import StartImages
from worker.stop import Stop
from worker.upload import Upload, Uploader

# Of a short batch's worth: more are encoded between batches, in a thousandth of their time.
EARLY_PROMPTS = 16


def load_model(
    arrivals: Arrivals,
    manifest: Manifest,
    threads: int,
    recipes: Sequence[Recipe],
    stop: Stop,
    log: Log,
) -> tuple[Model, PromptEncoder]:
    """Encodes the first prompts while the VAE and the denoiser arrive.

    Raises WeightsUnavailable, GpuOutOfMemory, WorkerLost, or what stop raises.
    """
    loading = Loading(arrivals, manifest, threads, stop.check, log)
    encoder = PromptEncoder(loading.model_for_prompts())
    for recipe in recipes[:EARLY_PROMPTS]:
        # What LoRAs make of a prompt is known once they are on. A prompt that cannot be encoded
        # fails with its own batch.
        if not recipe.loras:
            with contextlib.suppress(ValueError):
                encoder.encode([recipe.prompt], [recipe.negative_prompt])
    return loading.model(), encoder


class Studio:
    def __init__(
        self,
        settings: Settings,
        bucket: Bucket,
        record: AttemptRecord,
        stop: Stop,
        log: Log,
    ) -> None:
        self._settings = settings
        self._bucket = bucket
        self._record = record
        self._stop = stop
        self._log = log
        self._passing: list[str] = []
        """Problems of uploads that another attempt may not have."""

    def render(self, missing: Sequence[Image], arrivals: Arrivals, manifest: Manifest) -> None:
        """Begins with what has arrived of the weights.

        Raises any WorkerError; the record holds what was done until then.
        """
        record = self._record
        recipes = [image.recipe for image in missing]
        with record.phase("load"):
            model, encoder = load_model(
                arrivals, manifest, self._settings.threads, recipes, self._stop, self._log
            )
            record.device = model.device_name
            safety = self._load_safety(recipes, arrivals, manifest, model)
            engine = self._make_engine(recipes, manifest, model, encoder)
        self._log.info(f"Loaded {manifest.id} on {record.device}", phase="load")
        self._deliver(missing, engine, safety)
        if self._passing:
            raise ServiceUnavailable(
                f"{len(self._passing)} images could not be uploaded, the first: {self._passing[0]}"
            )
        if record.failed:
            raise GenerationFailed(
                f"{len(record.failed)} of {len(missing)} images failed, "
                f"the first: {record.failed[0]['message']}"
            )

    def _deliver(self, missing: Sequence[Image], engine: Engine, safety: Safety) -> None:
        record = self._record
        progress = make_progress(len(missing), self._settings, self._bucket, self._log)

        def on_finished(images: int) -> None:
            progress.done(images)
            engine.keep_compiled()

        uploader = Uploader(self._bucket, self._log)
        delivery = Delivery(
            engine.renderer,
            Finisher(safety.settle, uploader, self._log),
            engine.layouts,
            self._stop,
            self._log,
            text_length=engine.renderer.text_length,
            on_finished=on_finished,
        )
        try:
            with record.phase("render"):
                delivery.deliver(missing)
        finally:
            progress.finish()
            with record.phase("upload"):
                uploads = uploader.drain()
            self._note_pictures(delivery, safety, uploads)
            self._note_sizes(engine, delivery)

    def _load_safety(
        self, recipes: Sequence[Recipe], arrivals: Arrivals, manifest: Manifest, model: Model
    ) -> Safety:
        if not needs_checker(recipes):
            return Safety(None)
        around = Surroundings(
            self._bucket, self._settings.cache_dir, model.device, self._stop, self._log
        )
        arrivals.wait_for(manifest.paths_in(SAFETY_CHECKER), self._stop.check)
        found = make_checker(arrivals.folder, manifest, around)
        self._record.checker = found.name if found else None
        return Safety(found.check if found else None)

    def _make_engine(
        self, recipes: Sequence[Recipe], manifest: Manifest, model: Model, encoder: PromptEncoder
    ) -> Engine:
        def open_cache(mode: Mode, size: Size, layout: Layout) -> CompileCache:
            key = CacheKey(
                origin=self._settings.image_digest or versions(),
                gpu=model.device_name,
                model=f"{manifest.id}@{manifest.revision}",
                shapes=f"{mode.name},{size},{layout.compute_batch}",
            )
            return CompileCache(self._bucket, key, self._log)

        return Engine(
            model,
            recipes,
            RenderOptions(self._settings.compute_batch, learned=self._settings.learned),
            log=self._log,
            check=self._stop.check,
            extras=Extras(
                StartImages(model, self._bucket, self._settings.bucket),
                Wardrobe(model.pipe, self._bucket, self._stop.check),
            ),
            encoder=encoder,
            open_cache=open_cache,
        )

    def _note_sizes(self, engine: Engine, delivery: Delivery) -> None:
        self._record.mode = engine.mode.name
        self._record.sizes = {
            str(size): {
                "computeBatch": layout.compute_batch,
                "decodeBatch": layout.decode_batch,
                "isCompiled": engine.is_compiled(size),
                "warmUpSeconds": round(delivery.warm_up.seconds_of(size), 3),
            }
            for size, layout in engine.layouts.known.items()
        }

    def _note_pictures(self, delivery: Delivery, safety: Safety, uploads: Sequence[Upload]) -> None:
        record = self._record
        record.compute_batch = delivery.compute_batch or record.compute_batch
        for upload in uploads:
            if upload.is_first:
                record.images.append(to_entry(upload))
            elif not upload.problem:
                record.skipped += 1
        lost = [upload for upload in uploads if upload.problem]
        problems = {upload.hash: upload.problem for upload in lost if not upload.will_pass}
        self._passing = [upload.problem for upload in lost if upload.will_pass]
        record.failed = [
            {"hash": image_hash, "error": GenerationFailed.name, "message": message}
            for image_hash, message in {**delivery.failed, **problems}.items()
        ]
        record.blocked = [
            {"hash": image_hash, "reason": reason} for image_hash, reason in safety.blocked.items()
        ]


def to_entry(upload: Upload) -> dict[str, str | float | int]:
    picture = upload.picture
    entry: dict[str, str | float | int] = {
        "hash": upload.hash,
        "seconds": picture.seconds,
        "pixelHash": upload.pixel_hash,
        "safety": picture.look,
    }
    if picture.effective_seed is not None:
        entry["effectiveSeed"] = picture.effective_seed
    return entry
