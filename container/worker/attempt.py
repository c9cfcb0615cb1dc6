"""One attempt, from the shard to the record: the order of things and nothing else."""

import contextlib
import sys
from typing import TYPE_CHECKING

from worker.bucket import Bucket, BucketError
from worker.errors import GenerationFailed, InvalidJob, WorkerError, WorkerLost, one_line
from worker.interruption import watch_for_interruption
from worker.log import Log, stack_of
from worker.record import AttemptRecord
from worker.self_check import require_gpu
from worker.settings import Settings
from worker.shard import find_missing, read_shard
from worker.stop import Stop
from worker.weights import SENTINEL, fetch_manifest, start_fetching

if TYPE_CHECKING:
    from worker.studio import Studio


def run_attempt(settings: Settings, stop: Stop) -> int:
    """The exit code. Whatever happens, the record is written if the bucket can be reached."""
    log = Log.of_attempt(settings)
    bucket = Bucket(settings)
    record = AttemptRecord(settings, compute_batch=settings.compute_batch)
    watch = watch_for_interruption(settings, stop, log)
    error = end_of(settings, bucket, record, stop, log)
    watch.set()
    if error:
        log.error(str(error), phase="end", error=error.name)
    else:
        counts = {"skipped": record.skipped, "blocked": len(record.blocked)}
        log.info("Everything of the shard exists or is blocked", phase="end", **counts)
    try:
        bucket.put(settings.record_key, record.to_bytes(error), "application/json")
    except (BucketError, WorkerError) as problem:
        log.error(f"No attempt record: {problem}", phase="end")
    return error.exit_code if error else 0


def end_of(
    settings: Settings, bucket: Bucket, record: AttemptRecord, stop: Stop, log: Log
) -> WorkerError | None:
    """None if everything of the shard exists now, but for what the safety policy blocked."""
    try:
        work(settings, bucket, record, stop, log)
    except WorkerError as error:
        return error
    except BucketError as error:
        return InvalidJob(str(error))
    except Exception as error:  # the state machine needs a name for every end
        end = WorkerLost if is_device_lost(error) else GenerationFailed
        log.error("Not foreseen", phase="end", error=one_line(error), stack=stack_of(error))
        return end(one_line(error))
    return None


def work(settings: Settings, bucket: Bucket, record: AttemptRecord, stop: Stop, log: Log) -> None:
    shard = read_shard(bucket, settings)
    missing = find_missing(bucket, shard.images)
    record.skipped = len(shard.images) - len(missing)
    log.info(f"{len(missing)} of {len(shard.images)} images are missing", phase="start")
    if not missing:
        return
    stop.check()
    if settings.expects_gpu:
        with record.phase("import"):
            record.driver = require_gpu(log)
        stop.check()
    with record.phase("download"):
        manifest = fetch_manifest(bucket, shard.model, shard.revision)
        arrivals = start_fetching(bucket, manifest, settings.cache_dir, stop)
    with record.phase("import"):
        studio = import_studio()(settings, bucket, record, stop, log)
    stop.check()
    studio.render(missing, arrivals, manifest)
    # Without the sentinel the next job would hash every file. What fails now fails nothing here.
    with contextlib.suppress(WorkerError):
        arrivals.wait_for([SENTINEL], stop.check)


def import_studio() -> "type[Studio]":
    """Only when it is needed: torch and diffusers take seconds, and most ends need neither."""
    from worker.studio import Studio

    return Studio


def is_device_lost(error: Exception) -> bool:
    """Sticky errors of CUDA (torch.AcceleratorError): every later call on the device fails too."""
    # An error of torch's comes from a torch that is imported; it must not be imported to ask.
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(error, torch.AcceleratorError)
