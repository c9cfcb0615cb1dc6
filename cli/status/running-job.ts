import pMap from 'p-map';
import { isWaiting } from '../../functions/core/batch-queue.ts';
import { readJobFile } from '../../functions/core/close/read-job.ts';
import type { Job } from '../../functions/core/input/job.ts';
import { readRecipes } from '../../functions/core/input/recipes-file.ts';
import type { QuotaUse } from '../../functions/core/market/quotas.ts';
import { readQuotaUse } from '../../functions/core/market/read-quota-use.ts';
import type { Reservation } from '../../functions/core/settle/ledger.ts';
import { findExistingImages } from '../../functions/core/storage/existing-images.ts';
import { progressKey } from '../../functions/core/storage/keys.ts';
import { type AttemptProgress, parseProgress } from '../../functions/core/tell/attempt-progress.ts';
import { type AttemptView, describeAttempt } from '../../functions/core/tell/describe-attempt.ts';
import { describeJob, type JobView } from '../../functions/core/tell/describe-job.ts';
import type { StatusPorts } from './ports.ts';
import { readSoFar } from './so-far.ts';

/** A job that runs, as `status` tells of it. */
export interface RunningJob extends JobView {
  readonly jobId: string;
  /** Absent: its prompts are being checked. */
  readonly images?: number;
  readonly done: number;
  /** `done` is what the workers said: what was there before the job is not counted. */
  readonly atLeast: boolean;
  readonly spentUsd: number;
  readonly reservedUsd: number;
  readonly maxUsd?: number;
  /** Until it is ready at the pace of now; absent: nothing is being rendered. */
  readonly secondsLeft?: number;
  readonly attempts: readonly AttemptView[];
}

/** Above it nobody asks for each image: `status` is to answer in seconds. */
const mostAsked = 2000;

/** What is not settled and has a place in the job. */
interface Open extends Reservation {
  readonly attempt: NonNullable<Reservation['attempt']>;
}

const isPlaced = (reservation: Reservation): reservation is Open => reservation.attempt !== undefined;

function readQuota(pool: string, ports: StatusPorts): Promise<QuotaUse | undefined> {
  const [, instanceType = '', market] = pool.split('/');
  const isKnown = market === 'spot' || market === 'on-demand';
  return isKnown ? readQuotaUse({ instanceType, market }, ports) : Promise.resolve(undefined);
}

interface Seen {
  readonly view: AttemptView;
  readonly progress?: AttemptProgress;
}

async function look({ jobId, jobName, queue, attempt }: Open, ports: StatusPorts, now: number): Promise<Seen> {
  const { pool, shard } = attempt;
  const [job, wait, text] = await Promise.all([
    ports.queue.find(queue, jobName),
    ports.waits.find(jobId, jobName),
    ports.bucket.read(progressKey(jobId, shard, attempt.attempt)),
  ]);
  const quota = job && isWaiting(job) ? await readQuota(pool, ports) : undefined;
  const progress = parseProgress(text ?? '');
  return { view: describeAttempt({ pool, job, wait, quota, progress, now }), progress };
}

/** Images that are there: counted up to some thousands, beyond that and of parts as the workers tell. */
async function countDone(ports: StatusPorts, jobId: string, { job, told }: { job?: Job; told: number }) {
  if (job?.parts || (job?.images ?? 0) > mostAsked) return { done: told, atLeast: true };
  const hashes = (await readRecipes(ports.bucket, jobId)).map(({ hash }) => hash);
  return { done: (await findExistingImages(ports.bucket, hashes)).size, atLeast: false };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** Asks bucket, ledger and AWS Batch; nobody's word is kept for longer than this look. */
export async function readRunningJob(ports: StatusPorts, jobId: string, now: number): Promise<RunningJob> {
  const job = await readJobFile(ports.bucket, jobId);
  const { told, spentUsd, open, pauses, refusals } = await readSoFar(ports, jobId, job);
  const seen = await pMap(open.filter(isPlaced), (reservation) => look(reservation, ports, now), { concurrency: 8 });
  const progress = seen.flatMap((one) => one.progress ?? []);
  const images = job?.images ?? 0;
  const { done, atLeast } = await countDone(ports, jobId, { job, told: told + sum(progress.map((one) => one.done)) });
  const pace = sum(progress.map(({ imagesPerSecond }) => imagesPerSecond ?? 0));
  const views = seen.map(({ view }) => view);
  return {
    jobId,
    ...(job ? { images } : {}),
    done,
    atLeast,
    spentUsd,
    reservedUsd: sum(open.map(({ usd }) => usd)),
    ...(job?.maxUsd === undefined ? {} : { maxUsd: job.maxUsd }),
    ...(pace > 0 ? { secondsLeft: (images - done) / pace } : {}),
    ...describeJob(views, { pauses, refusals }, now),
    attempts: views,
  };
}
