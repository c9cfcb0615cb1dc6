"""Uploads each picture as soon as it is rendered, while the next batch is computed.

Lifecycle: submit() per picture, drain() once at the end, also after a failure: a picture that was
finished is never thrown away.
"""

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from worker.bucket import Bucket, BucketError
from worker.log import Log
from worker.png import encode_png, hash_pixels
from worker.shard import Image

PARALLEL_UPLOADS = 4
# Encoding holds a core; a GPU that outruns it would fill the memory with pictures.
WAITING_PICTURES = 16


@dataclass(frozen=True)
class Picture:
    image: Image
    pixels: np.ndarray
    """(height, width, 3) uint8 RGB"""
    seconds: float
    """Its share of the time of its batch."""


@dataclass(frozen=True)
class Upload:
    hash: str
    seconds: float
    pixel_hash: str
    is_first: bool
    """False if another worker's picture was there first."""
    problem: str = ""


class Uploader:
    def __init__(self, bucket: Bucket, log: Log) -> None:
        self._bucket = bucket
        self._log = log
        self._pool = ThreadPoolExecutor(PARALLEL_UPLOADS, thread_name_prefix="upload")
        self._room = threading.BoundedSemaphore(WAITING_PICTURES)
        self._uploads: list[Future[Upload]] = []

    def submit(self, picture: Picture) -> None:
        self._room.acquire()
        self._uploads.append(self._pool.submit(self._upload, picture))

    def drain(self) -> list[Upload]:
        """Waits for all uploads; in the order of submission."""
        self._pool.shutdown()
        return [upload.result() for upload in self._uploads]

    def _upload(self, picture: Picture) -> Upload:
        image, problem, is_first = picture.image, "", False
        try:
            body = encode_png(picture.pixels, image.recipe)
            is_first = self._bucket.put_once(image.key, body, "image/png")
            state = "uploaded" if is_first else "was there first by another worker"
            self._log.info(f"Image {state}", phase="upload", hash=image.hash)
        except BucketError as error:
            problem = str(error)
            self._log.error(problem, phase="upload", hash=image.hash)
        finally:
            self._room.release()
        pixel_hash = hash_pixels(picture.pixels)
        return Upload(image.hash, picture.seconds, pixel_hash, is_first, problem)
