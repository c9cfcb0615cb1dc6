import { setTimeout as sleep } from 'node:timers/promises';
import { poolId } from '../../functions/core/market/pools.ts';
import type { Drill } from './drill.ts';
import { attemptOf, type BatchJob, describeJob, isEnded } from './job.ts';
import { type JobTimers, makeJobTimers } from './job-timers.ts';
import { hostLost, type Losses, makeLosses } from './losses.ts';
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
const TERM_MS = 5_000;
const STOP_TERM_MS = 1_000;

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
  readonly timers: JobTimers;
  readonly losses: Losses;
  isStopping: boolean;
}

export function makeBatchRunner(deps: RunnerDeps): BatchRunner {
  const timers = makeJobTimers();
  const running = new Map<BatchJob, WorkerProcess>();
  const losses = makeLosses({ ...deps, timers, running });
  const floor: Floor = { ...deps, queue: [], starting: new Set(), running, timers, losses, isStopping: false };
  return {
    enqueue: (job) => enqueue(floor, job),
    terminate: (job, reason) => {
      if (isEnded(job)) return;
      job.isTerminated = true;
      if (floor.running.has(job)) end(floor, job, reason);
      else finish(floor, job, 'FAILED', reason);
    },
    imageStored: (job) => {
      job.images += 1;
      if (running.has(job)) losses.look(job);
    },
    stop: () => stop(floor),
  };
}

function enqueue(floor: Floor, job: BatchJob): void {
  job.status = 'RUNNABLE';
  floor.onLine(`${describeJob(job)}: queued`);
  if (!floor.drill.takeCapacity(poolId(job.pool))) {
    floor.queue.push(job);
    schedule(floor);
    return;
  }
  floor.onLine(`${describeJob(job)}: drill, no capacity`);
  job.statusReason = `${NO_CAPACITY} - Service cannot fulfill the capacity requested for instance type [${job.pool.instanceType}]`;
  const verdict = `Canceled by JobStateTimeLimit action due to reason: ${NO_CAPACITY}`;
  floor.timers.after(job, CAPACITY_SECONDS * floor.timeScale * 1000, () => finish(floor, job, 'FAILED', verdict));
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
  floor.onLine(`${describeJob(job)}: drill, the container takes ${seconds} s to begin`);
  floor.timers.after(job, seconds * 1000, () => begin(floor, job));
}

function begin(floor: Floor, job: BatchJob): void {
  floor.starting.delete(job);
  if (floor.drill.takeEarlyLoss(attemptOf(job))) {
    floor.onLine(`${describeJob(job)}: drill, lose before the container begins`);
    finish(floor, job, 'FAILED', hostLost(job));
    return;
  }
  job.startedAt = Date.now();
  const exitCode = floor.drill.takeFault(attemptOf(job));
  if (exitCode === undefined) {
    runWorker(floor, job);
    return;
  }
  floor.onLine(`${describeJob(job)}: drill, exit code ${exitCode}`);
  settleExit(floor, job, { code: exitCode, signal: null });
}

function runWorker(floor: Floor, job: BatchJob): void {
  const worker = floor.startWorker(job);
  floor.running.set(job, worker);
  job.status = 'RUNNING';
  floor.onLine(`${describeJob(job)}: worker started`);
  void worker.exited.then((exit) => {
    floor.onWorkerEnd(worker);
    settleExit(floor, job, exit);
  });
  const seconds = job.submission.timeout?.attemptDurationSeconds;
  if (seconds !== undefined) floor.timers.after(job, seconds * 1000, () => end(floor, job, TIMED_OUT));
  floor.losses.follow(job);
}

/** As ECS stops a task: SIGTERM, then SIGKILL when it takes too long. */
function end(floor: Floor, job: BatchJob, statusReason: string): void {
  job.ending ??= { statusReason, isHostLost: false };
  floor.running.get(job)?.signal('SIGTERM');
  floor.timers.after(job, TERM_MS, () => floor.running.get(job)?.signal('SIGKILL'));
}

function settleExit(floor: Floor, job: BatchJob, { code, signal }: WorkerExit): void {
  // Nobody is left to report the exit code of a container whose host is gone.
  if (!job.ending?.isHostLost) job.exitCode = code ?? (signal === 'SIGTERM' ? 143 : 137);
  finish(floor, job, code === 0 && !job.ending ? 'SUCCEEDED' : 'FAILED', job.ending?.statusReason ?? EXITED);
}

function finish(floor: Floor, job: BatchJob, status: 'SUCCEEDED' | 'FAILED', statusReason: string): void {
  floor.timers.clear(job);
  floor.starting.delete(job);
  floor.running.delete(job);
  const at = floor.queue.indexOf(job);
  if (at >= 0) floor.queue.splice(at, 1);
  Object.assign(job, { status, statusReason, stoppedAt: Date.now() });
  const exit = job.exitCode === undefined ? '' : ` (exit ${job.exitCode})`;
  floor.onLine(`${describeJob(job)}: ${status.toLowerCase()}${exit}, ${statusReason}`);
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
  floor.timers.clearAll();
}
