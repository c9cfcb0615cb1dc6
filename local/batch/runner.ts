import { setTimeout as sleep } from 'node:timers/promises';
import { poolId } from '../../functions/core/pools.ts';
import type { Drill, LossEvent } from './drill.ts';
import { attemptOf, type BatchJob, isEnded } from './job.ts';
import type { WorkerExit, WorkerProcess } from './worker-process.ts';

/*
 * Moves jobs through their life: SUBMITTED -> RUNNABLE -> STARTING -> RUNNING -> SUCCEEDED | FAILED.
 * A job is RUNNABLE until one of `workers` places is free, first come first served. Every end of a job comes through
 * `finish`, whoever caused it; the first cause that is known stands in `job.ending`.
 */
const EXITED = 'Essential container in task exited';
const TIMED_OUT = 'Job attempt duration exceeded timeout';
const STOPPED = 'The local stack was stopped';
const NO_CAPACITY = 'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY';
/** What the queues' jobStateTimeLimitActions wait for before they cancel (design.md section 8). */
const CAPACITY_SECONDS = 600;
const NOTICE_SECONDS = 30;
const TERM_MS = 5_000;
const STOP_TERM_MS = 1_000;
/** How often a running worker is asked whether an event that goes by the seconds is due. */
const LOOK_MS = 200;

export interface RunnerDeps {
  readonly drill: Drill;
  readonly workers: number;
  readonly timeScale: number;
  readonly startWorker: (job: BatchJob) => WorkerProcess;
  readonly onWorkerEnd: (worker: WorkerProcess) => void;
  readonly onLine: (line: string) => void;
}

export interface BatchRunner {
  enqueue(job: BatchJob): void;
  /** What TerminateJob does: asks a running worker to end, takes a waiting job out of the queue. */
  terminate(job: BatchJob, reason: string): void;
  imageStored(job: BatchJob): void;
  stop(): Promise<void>;
}

interface Floor extends RunnerDeps {
  readonly queue: BatchJob[];
  /** Their containers are about to begin: each has a place. */
  readonly starting: Set<BatchJob>;
  readonly running: Map<BatchJob, WorkerProcess>;
  readonly timers: Map<BatchJob, Set<NodeJS.Timeout>>;
  isStopping: boolean;
}

export function makeBatchRunner(deps: RunnerDeps): BatchRunner {
  const places = { queue: [], starting: new Set<BatchJob>(), running: new Map(), timers: new Map() };
  const floor: Floor = { ...deps, ...places, isStopping: false };
  return {
    enqueue: (job) => enqueue(floor, job),
    terminate: (job, reason) => {
      if (isEnded(job)) return;
      job.isTerminated = true;
      if (floor.running.has(job)) end(floor, job, { statusReason: reason });
      else finish(floor, job, 'FAILED', reason);
    },
    imageStored: (job) => {
      job.images += 1;
      if (floor.running.has(job)) rehearse(floor, job);
    },
    stop: () => stop(floor),
  };
}

function enqueue(floor: Floor, job: BatchJob): void {
  job.status = 'RUNNABLE';
  floor.onLine(`${describe(job)}: queued`);
  if (!floor.drill.takeCapacity(poolId(job.pool))) {
    floor.queue.push(job);
    schedule(floor);
    return;
  }
  floor.onLine(`${describe(job)}: drill, no capacity`);
  job.statusReason = `${NO_CAPACITY} - Service cannot fulfill the capacity requested for instance type [${job.pool.instanceType}]`;
  const verdict = `Canceled by JobStateTimeLimit action due to reason: ${NO_CAPACITY}`;
  after(floor, job, CAPACITY_SECONDS * floor.timeScale * 1000, () => finish(floor, job, 'FAILED', verdict));
}

function schedule(floor: Floor): void {
  while (!floor.isStopping && floor.starting.size + floor.running.size < floor.workers) {
    const job = floor.queue.shift();
    if (!job) return;
    start(floor, job);
  }
}

function start(floor: Floor, job: BatchJob): void {
  job.status = 'STARTING';
  const seconds = floor.drill.takeSlowStart(attemptOf(job));
  if (seconds === undefined) {
    begin(floor, job);
    return;
  }
  floor.starting.add(job);
  floor.onLine(`${describe(job)}: drill, the container takes ${seconds} s to begin`);
  after(floor, job, seconds * 1000, () => begin(floor, job));
}

function begin(floor: Floor, job: BatchJob): void {
  floor.starting.delete(job);
  if (floor.drill.takeEarlyLoss(attemptOf(job))) {
    floor.onLine(`${describe(job)}: drill, lose before the container begins`);
    finish(floor, job, 'FAILED', hostLost(job));
    return;
  }
  job.startedAt = Date.now();
  const exitCode = floor.drill.takeFault(attemptOf(job));
  if (exitCode === undefined) {
    runWorker(floor, job);
    return;
  }
  floor.onLine(`${describe(job)}: drill, exit code ${exitCode}`);
  settleExit(floor, job, { code: exitCode, signal: null });
}

function runWorker(floor: Floor, job: BatchJob): void {
  const worker = floor.startWorker(job);
  floor.running.set(job, worker);
  job.status = 'RUNNING';
  floor.onLine(`${describe(job)}: worker started`);
  void worker.exited.then((exit) => {
    floor.onWorkerEnd(worker);
    settleExit(floor, job, exit);
  });
  const seconds = job.submission.timeout?.attemptDurationSeconds;
  if (seconds !== undefined) after(floor, job, seconds * 1000, () => end(floor, job, { statusReason: TIMED_OUT }));
  rehearse(floor, job);
  lookAgain(floor, job);
}

/** Images are told of, seconds are not. */
function lookAgain(floor: Floor, job: BatchJob): void {
  after(floor, job, LOOK_MS, () => {
    rehearse(floor, job);
    lookAgain(floor, job);
  });
}

function rehearse(floor: Floor, job: BatchJob): void {
  if (job.ending || job.notice) return;
  const progress = { images: job.images, seconds: (Date.now() - (job.startedAt ?? Date.now())) / 1000 };
  const event = floor.drill.takeLoss(attemptOf(job), progress);
  if (!event) return;
  floor.onLine(`${describe(job)}: drill, ${event.kind} after ${job.images} images`);
  strike(floor, job, event);
}

function strike(floor: Floor, job: BatchJob, event: LossEvent): void {
  if (event.kind === 'lose') loseHost(floor, job);
  if (event.kind === 'kill') floor.running.get(job)?.signal('SIGKILL');
  if (event.kind !== 'interrupt') return;
  const noticeMs = (event.noticeSeconds ?? NOTICE_SECONDS) * 1000;
  job.notice = `${new Date(Date.now() + noticeMs).toISOString().slice(0, 19)}Z`;
  after(floor, job, noticeMs, () => loseHost(floor, job));
}

function loseHost(floor: Floor, job: BatchJob): void {
  job.ending ??= { statusReason: hostLost(job), isHostLost: true };
  floor.running.get(job)?.signal('SIGKILL');
}

const hostLost = ({ instanceId }: BatchJob) => `Host EC2 (instance ${instanceId}) terminated.`;

/** As ECS stops a task: SIGTERM, then SIGKILL when it takes too long. */
function end(floor: Floor, job: BatchJob, { statusReason }: { readonly statusReason: string }): void {
  job.ending ??= { statusReason, isHostLost: false };
  floor.running.get(job)?.signal('SIGTERM');
  after(floor, job, TERM_MS, () => floor.running.get(job)?.signal('SIGKILL'));
}

function settleExit(floor: Floor, job: BatchJob, { code, signal }: WorkerExit): void {
  // Nobody is left to report the exit code of a container whose host is gone.
  if (!job.ending?.isHostLost) job.exitCode = code ?? (signal === 'SIGTERM' ? 143 : 137);
  finish(floor, job, code === 0 && !job.ending ? 'SUCCEEDED' : 'FAILED', job.ending?.statusReason ?? EXITED);
}

function finish(floor: Floor, job: BatchJob, status: 'SUCCEEDED' | 'FAILED', statusReason: string): void {
  for (const timer of floor.timers.get(job) ?? []) clearTimeout(timer);
  floor.timers.delete(job);
  floor.starting.delete(job);
  floor.running.delete(job);
  const at = floor.queue.indexOf(job);
  if (at >= 0) floor.queue.splice(at, 1);
  Object.assign(job, { status, statusReason, stoppedAt: Date.now() });
  const exit = job.exitCode === undefined ? '' : ` (exit ${job.exitCode})`;
  floor.onLine(`${describe(job)}: ${status.toLowerCase()}${exit}, ${statusReason}`);
  schedule(floor);
}

async function stop(floor: Floor): Promise<void> {
  floor.isStopping = true;
  const workers = [...floor.running.values()];
  for (const job of floor.running.keys()) job.ending ??= { statusReason: STOPPED, isHostLost: false };
  for (const worker of workers) worker.signal('SIGTERM');
  const ends = Promise.all(workers.map((worker) => worker.exited));
  await Promise.race([ends, sleep(STOP_TERM_MS, undefined, { ref: false })]);
  for (const worker of floor.running.values()) worker.signal('SIGKILL');
  await ends;
  for (const timers of floor.timers.values()) for (const timer of timers) clearTimeout(timer);
}

function after(floor: Floor, job: BatchJob, milliseconds: number, act: () => void): void {
  const timers = floor.timers.get(job) ?? new Set();
  floor.timers.set(job, timers);
  const timer = setTimeout(() => {
    timers.delete(timer);
    if (!isEnded(job)) act();
  }, milliseconds);
  timers.add(timer);
}

function describe({ submission, pool }: BatchJob): string {
  return `${submission.jobName} in ${poolId(pool)}`;
}
