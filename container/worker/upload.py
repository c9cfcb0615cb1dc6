"""Uploads each picture as soon as it is rendered, while the next batch is computed.

Lifecycle: submit() per picture, drain() once at the end, also after a failure: a picture that was
finished is never thrown away.
"""

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from worker.bucket import Bucket, BucketError
from worker.errors import ServiceUnavailable
from worker.log import Log
from worker.picture import Picture
from worker.png import encode_png, hash_pixels

PARALLEL_UPLOADS = 4
# Encoding holds a core; a GPU that outruns it would fill the memory with pictures.
WAITING_PICTURES = 16


@dataclass(frozen=True)
class Upload:
    picture: Picture
    pixel_hash: str
    is_first: bool
    """False if another worker's picture was there first."""
    problem: str = ""
    will_pass: bool = False
    """The problem is one of S3's: another attempt may do it."""

    @property
    def hash(self) -> str:
        return self.picture.image.hash


class Uploader:
    def __init__(self, bucket: Bucket, log: Log) -> None:
        self._bucket = bucket
        self._log = log
        self._pool = ThreadPoolExecutor(PARALLEL_UPLOADS, thread_name_prefix="upload")
        self._room = threading.BoundedSemaphore(WAITING_PICTURES)
        self._uploads: list[Future[Upload]] = []

    def submit(self, picture: Picture) -> None:
        """Waits while WAITING_PICTURES wait already. From one thread."""
        self._room.acquire()
        self._uploads.append(self._pool.submit(self._upload, picture))

    def drain(self) -> list[Upload]:
        """Waits for all uploads; in the order of submission."""
        self._pool.shutdown()
        return [upload.result() for upload in self._uploads]

    def _upload(self, picture: Picture) -> Upload:
        image, problem, is_first, will_pass = picture.image, "", False, False
        try:
            body = encode_png(picture.pixels, image.recipe, picture.effective_seed)
            is_first = self._bucket.put_once(image.key, body, "image/png")
            state = "uploaded" if is_first else "was there first by another worker"
            self._log.info(f"Image {state}", phase="upload", hash=image.hash)
        except (BucketError, ServiceUnavailable) as error:
            problem, will_pass = str(error), isinstance(error, ServiceUnavailable)
            self._log.error(problem, phase="upload", hash=image.hash)
        finally:
            self._room.release()
        pixel_hash = hash_pixels(picture.pixels)
        # All uploads are kept until the end: of a thousand pictures only what the record says.
        return Upload(picture.without_pixels(), pixel_hash, is_first, problem, will_pass)
