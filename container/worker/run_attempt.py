"""One attempt, from the shard to the record: the order of things and nothing else."""

import contextlib
from collections.abc import Callable

from worker.attempt import Attempt
from worker.bucket import Bucket, BucketError
from worker.errors import (
    GenerationFailed,
    GpuOutOfMemory,
    InvalidJob,
    WorkerError,
    WorkerLost,
)
from worker.interruption import watch_for_interruption
from worker.log import Log, stack_of
from worker.record import AttemptRecord
from worker.self_check import require_gpu
from worker.settings import Settings
from worker.shard import find_missing, read_shard
from worker.stop import Stop
from worker.trouble import classify
from worker.weights import SENTINEL, fetch_manifest, start_fetching

END_OF = {"deviceLost": WorkerLost, "outOfMemory": GpuOutOfMemory, "other": GenerationFailed}
"""By the kind of a trouble that nobody nearer to it made an end of."""


def run_attempt(settings: Settings, stop: Stop) -> int:
    """The exit code. Whatever happens, the record is written if the bucket can be reached."""
    record = AttemptRecord(settings, compute_batch=settings.compute_batch)
    attempt = Attempt(settings, Bucket(settings), record, stop, Log.of_attempt(settings))
    log = attempt.log
    watch = watch_for_interruption(settings, stop, log)
    error = end_of(attempt)
    watch.set()
    if error:
        log.error(str(error), phase="end", error=error.name)
    else:
        counts = {"skipped": record.skipped, "blocked": len(record.blocked)}
        log.info("Everything of the shard exists or is blocked", phase="end", **counts)
    try:
        attempt.bucket.put(settings.record_key, record.to_bytes(error), "application/json")
    except (BucketError, WorkerError) as problem:
        log.error(f"No attempt record: {problem}", phase="end")
    return error.exit_code if error else 0


def end_of(attempt: Attempt) -> WorkerError | None:
    """None if everything of the shard exists now, but for what the safety policy blocked."""
    try:
        work(attempt)
    except WorkerError as error:
        return error
    except BucketError as error:
        return InvalidJob(str(error))
    except Exception as error:  # the state machine needs a name for every end
        trouble = classify(error)
        attempt.log.error("Not foreseen", phase="end", error=trouble.text, stack=stack_of(error))
        return END_OF[trouble.kind](trouble.text)
    return None


def work(attempt: Attempt) -> None:
    settings, bucket = attempt.settings, attempt.bucket
    record, stop = attempt.record, attempt.stop
    shard = read_shard(bucket, settings)
    missing = find_missing(bucket, shard.images)
    record.skipped = len(shard.images) - len(missing)
    attempt.log.info(f"{len(missing)} of {len(shard.images)} images are missing", phase="start")
    if not missing:
        return
    stop.check()
    if settings.expects_gpu:
        with record.phase("import"):
            record.driver = require_gpu(attempt.log)
        stop.check()
    with record.phase("load"):
        manifest = fetch_manifest(bucket, shard.model, shard.revision)
        arrivals = start_fetching(bucket, manifest, settings.cache_dir, stop)
    with record.phase("import"):
        render_missing = import_render_missing()
    stop.check()
    render_missing(attempt, missing, arrivals, manifest)
    # Without the sentinel the next job would hash every file. What fails now fails nothing here.
    with contextlib.suppress(WorkerError):
        arrivals.wait_for([SENTINEL], stop.check)


def import_render_missing() -> Callable[..., None]:
    """Only when it is needed: torch and diffusers take seconds, and most ends need neither."""
    from worker.render_missing import render_missing

    return render_missing
