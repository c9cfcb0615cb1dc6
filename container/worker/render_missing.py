"""Renders the missing images of a shard and notes in the record what became of them.

The door to everything that imports torch: import it only when there is something to render.
"""

from collections.abc import Sequence

from worker.arrivals import Arrivals
from worker.attempt import Attempt
from worker.delivery import Delivery
from worker.engine import Engine
from worker.errors import GenerationFailed, ServiceUnavailable
from worker.finish import Finisher
from worker.manifest import Manifest
from worker.progress import make_progress
from worker.record import AttemptRecord
from worker.shard import Image
from worker.studio import Studio, open_studio
from worker.upload import Upload, Uploader


def render_missing(
    attempt: Attempt, missing: Sequence[Image], arrivals: Arrivals, manifest: Manifest
) -> None:
    """Begins with what has arrived of the weights.

    Raises any WorkerError; the record holds what was done until then.
    """
    record = attempt.record
    with record.phase("load"):
        studio = open_studio(attempt, [image.recipe for image in missing], arrivals, manifest)
    attempt.log.info(f"Loaded {manifest.id} on {record.device}", phase="load")
    uploads = deliver(attempt, missing, studio)
    passing = [upload.problem for upload in uploads if upload.will_pass]
    if passing:
        raise ServiceUnavailable(
            f"{len(passing)} images could not be uploaded, the first: {passing[0]}"
        )
    if record.failed:
        raise GenerationFailed(
            f"{len(record.failed)} of {len(missing)} images failed, "
            f"the first: {record.failed[0]['message']}"
        )


def deliver(attempt: Attempt, missing: Sequence[Image], studio: Studio) -> list[Upload]:
    engine, safety, record = studio.engine, studio.safety, attempt.record
    progress = make_progress(len(missing), attempt.settings, attempt.bucket, attempt.log)

    uploader = Uploader(attempt.bucket, attempt.log)
    delivery = Delivery(
        engine.renderer,
        Finisher(safety.settle, uploader, attempt.log),
        engine.layouts,
        attempt.stop,
        attempt.log,
        on_rendered=engine.keep_compiled,
        on_finished=progress.done,
    )
    try:
        with record.phase("render"):
            delivery.deliver(missing)
    finally:
        progress.finish()
        with record.phase("upload"):
            uploads = uploader.drain()
        note_pictures(record, uploads, delivery.failed, safety.blocked)
        note_sizes(record, engine, delivery)
    return uploads


def note_pictures(
    record: AttemptRecord,
    uploads: Sequence[Upload],
    failed: dict[str, str],
    blocked: dict[str, str],
) -> None:
    """`failed` and `blocked`: why, by the image's hash."""
    record.images += [to_entry(upload) for upload in uploads if upload.is_first]
    record.skipped += sum(not upload.is_first and not upload.problem for upload in uploads)
    lost = {
        upload.hash: upload.problem for upload in uploads if upload.problem and not upload.will_pass
    }
    record.failed = [
        {"hash": image_hash, "error": GenerationFailed.name, "message": message}
        for image_hash, message in {**failed, **lost}.items()
    ]
    record.blocked = [
        {"hash": image_hash, "reason": reason} for image_hash, reason in blocked.items()
    ]


def to_entry(upload: Upload) -> dict[str, str | float | int]:
    picture = upload.picture
    entry: dict[str, str | float | int] = {
        "hash": upload.hash,
        "seconds": picture.seconds,
        "pixelHash": upload.pixel_hash,
        "safety": picture.look,
        "computeBatch": picture.layout.compute_batch,
        "decodeBatch": picture.layout.decode_batch,
        "mode": picture.mode,
    }
    if picture.effective_seed is not None:
        entry["effectiveSeed"] = picture.effective_seed
    return entry


def note_sizes(record: AttemptRecord, engine: Engine, delivery: Delivery) -> None:
    record.compute_batch = delivery.compute_batch or record.compute_batch
    record.mode = engine.mode.name
    record.sizes = {
        str(size): {
            "computeBatch": layout.compute_batch,
            "decodeBatch": layout.decode_batch,
            "isCompiled": engine.compilation.is_compiled(size),
            "warmUpSeconds": round(delivery.warm_up.seconds_of(size), 3),
        }
        for size, layout in engine.layouts.known.items()
    }
