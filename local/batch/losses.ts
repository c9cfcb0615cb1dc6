import type { Drill, LossEvent } from './drill.ts';
import { attemptOf, type BatchJob, describeJob } from './job.ts';
import type { JobTimers } from './job-timers.ts';
import type { WorkerProcess } from './worker-process.ts';

/* What a drill does to a worker that runs: the notice, the end of its host, or its own. */
const NOTICE_SECONDS = 30;
/** How often a running worker is asked whether an event that goes by the seconds is due: images are told of, seconds are not. */
const LOOK_MS = 200;

export interface LossesDeps {
  readonly drill: Drill;
  readonly timers: JobTimers;
  readonly running: ReadonlyMap<BatchJob, WorkerProcess>;
  readonly onLine: (line: string) => void;
}

export interface Losses {
  /** Looks at a job from now on, until it ends. */
  follow(job: BatchJob): void;
  /** Looks at it now: an image of it was stored. */
  look(job: BatchJob): void;
}

/** What Batch says of a job whose host is gone. */
export const hostLost = ({ instanceId }: BatchJob) => `Host EC2 (instance ${instanceId}) terminated.`;

export function makeLosses({ drill, timers, running, onLine }: LossesDeps): Losses {
  const loseHost = (job: BatchJob) => {
    job.ending ??= { statusReason: hostLost(job), isHostLost: true };
    running.get(job)?.signal('SIGKILL');
  };
  const strike = (job: BatchJob, event: LossEvent) => {
    if (event.kind === 'lose') loseHost(job);
    if (event.kind === 'kill') running.get(job)?.signal('SIGKILL');
    if (event.kind !== 'interrupt') return;
    const noticeMs = (event.noticeSeconds ?? NOTICE_SECONDS) * 1000;
    job.notice = `${new Date(Date.now() + noticeMs).toISOString().slice(0, 19)}Z`;
    timers.after(job, noticeMs, () => loseHost(job));
  };
  const look = (job: BatchJob) => {
    if (job.ending || job.notice) return;
    const progress = { images: job.images, seconds: (Date.now() - (job.startedAt ?? Date.now())) / 1000 };
    const event = drill.takeLoss(attemptOf(job), progress);
    if (!event) return;
    onLine(`${describeJob(job)}: drill, ${event.kind} after ${job.images} images`);
    strike(job, event);
  };
  const follow = (job: BatchJob) => {
    look(job);
    timers.after(job, LOOK_MS, () => follow(job));
  };
  return { follow, look };
}
