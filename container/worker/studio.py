"""Loads the model, renders what is missing and notes it in the record.

The door to everything that imports torch: import it only when there is something to render.
"""

from collections.abc import Sequence
from pathlib import Path

from worker.bucket import Bucket
from worker.delivery import Delivery
from worker.errors import GenerationFailed
from worker.log import Log
from worker.manifest import Manifest
from worker.pipeline import load_model
from worker.record import AttemptRecord
from worker.render import Renderer
from worker.settings import Settings
from worker.shard import Image
from worker.stop import Stop
from worker.upload import Upload, Uploader


class Studio:
    def __init__(
        self, settings: Settings, bucket: Bucket, record: AttemptRecord, stop: Stop, log: Log
    ) -> None:
        self._settings = settings
        self._bucket = bucket
        self._record = record
        self._stop = stop
        self._log = log

    def render(self, missing: Sequence[Image], folder: Path, manifest: Manifest) -> None:
        """Raises any WorkerError; the record holds what was done until then."""
        record = self._record
        with record.phase("load"):
            model = load_model(folder, manifest, self._settings.threads)
        record.device = model.device_name
        self._log.info(f"Loaded {manifest.id} on {record.device}", phase="load")
        uploader = Uploader(self._bucket, self._log)
        delivery = Delivery(
            Renderer(model), uploader, self._stop, self._log, self._settings.compute_batch
        )
        try:
            with record.phase("render"):
                delivery.deliver(missing)
        finally:
            with record.phase("upload"):
                uploads = uploader.drain()
            self._note(delivery, uploads)
        if record.failed:
            raise GenerationFailed(
                f"{len(record.failed)} of {len(missing)} images failed, "
                f"the first: {record.failed[0]['message']}"
            )

    def _note(self, delivery: Delivery, uploads: Sequence[Upload]) -> None:
        record = self._record
        record.compute_batch = delivery.compute_batch
        problems = {upload.hash: upload.problem for upload in uploads if upload.problem}
        for upload in uploads:
            if upload.is_first:
                record.images.append(
                    {
                        "hash": upload.hash,
                        "seconds": upload.seconds,
                        "pixelHash": upload.pixel_hash,
                    }
                )
            elif not upload.problem:
                record.skipped += 1
        record.failed = [
            {"hash": image_hash, "error": GenerationFailed.name, "message": message}
            for image_hash, message in {**delivery.failed, **problems}.items()
        ]
