"""One attempt, from the shard to the record: the order of things and nothing else."""

import traceback

from worker.bucket import Bucket, BucketError
from worker.errors import GenerationFailed, InvalidJob, WorkerError, one_line
from worker.interruption import watch_for_interruption
from worker.log import Log
from worker.record import AttemptRecord
from worker.settings import Settings
from worker.shard import find_missing, read_shard
from worker.stop import Stop
from worker.weights import fetch_manifest, fetch_weights


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
        log.info("Everything of the shard exists", phase="end", skipped=record.skipped)
    try:
        bucket.put(settings.record_key, record.to_bytes(error), "application/json")
    except BucketError as problem:
        log.error(f"No attempt record: {problem}", phase="end")
    return error.exit_code if error else 0


def end_of(
    settings: Settings, bucket: Bucket, record: AttemptRecord, stop: Stop, log: Log
) -> WorkerError | None:
    """None if everything of the shard exists now."""
    try:
        work(settings, bucket, record, stop, log)
    except WorkerError as error:
        return error
    except BucketError as error:
        return InvalidJob(str(error))
    except Exception as error:  # the state machine needs a name for every end
        traceback.print_exc()
        return GenerationFailed(one_line(error))
    return None


def work(settings: Settings, bucket: Bucket, record: AttemptRecord, stop: Stop, log: Log) -> None:
    shard = read_shard(bucket, settings)
    missing = find_missing(bucket, shard.images)
    record.skipped = len(shard.images) - len(missing)
    log.info(f"{len(missing)} of {len(shard.images)} images are missing", phase="start")
    if not missing:
        return
    stop.check()
    with record.phase("download"):
        manifest = fetch_manifest(bucket, shard.model, shard.revision)
        folder = fetch_weights(bucket, manifest, settings.cache_dir, stop)
    with record.phase("import"):
        # Only here: torch and diffusers take seconds to import, and the ends above need neither.
        from worker.studio import Studio
    stop.check()
    Studio(settings, bucket, record, stop, log).render(missing, folder, manifest)
