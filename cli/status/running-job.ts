import pMap from 'p-map';
import { type Attempts, readAttempts, readJobFile } from '../../functions/core/close/read-job.ts';
import { readRecipes } from '../../functions/core/input/recipes-file.ts';
import type { QuotaUse } from '../../functions/core/market/quotas.ts';
import { readQuotaUse } from '../../functions/core/market/read-quota-use.ts';
import type { Reservation } from '../../functions/core/settle/ledger.ts';
import { findExistingImages } from '../../functions/core/storage/existing-images.ts';
import { progressKey } from '../../functions/core/storage/keys.ts';
import { type AttemptProgress, parseProgress } from '../../functions/core/tell/attempt-progress.ts';
import { type AttemptView, describeAttempt } from '../../functions/core/tell/describe-attempt.ts';
import { describeJob, type JobView } from '../../functions/core/tell/describe-job.ts';
import { isWaiting } from '../../functions/core/wait/blocked-queue.ts';
import type { StatusPorts } from './ports.ts';

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

/** Images that are there: counted up to some thousands, beyond that as the workers tell. */
async function countDone(ports: StatusPorts, jobId: string, { images, told }: { images: number; told: number }) {
  if (images > mostAsked) return { done: told, atLeast: true };
  const hashes = (await readRecipes(ports.bucket, jobId)).map(({ hash }) => hash);
  return { done: (await findExistingImages(ports.bucket, hashes)).size, atLeast: false };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

function countTold({ records }: Attempts, progress: readonly AttemptProgress[]): number {
  return (
    new Set(records.flatMap(({ images }) => images.map(({ hash }) => hash))).size + sum(progress.map((p) => p.done))
  );
}

/** Asks bucket, ledger and AWS Batch; nobody's word is kept for longer than this look. */
export async function readRunningJob(ports: StatusPorts, jobId: string, now: number): Promise<RunningJob> {
  const [job, attempts, open] = await Promise.all([
    readJobFile(ports.bucket, jobId),
    readAttempts(ports.bucket, jobId),
    ports.ledger.open(jobId),
  ]);
  const seen = await pMap(open.filter(isPlaced), (reservation) => look(reservation, ports, now), { concurrency: 8 });
  const progress = seen.flatMap((one) => one.progress ?? []);
  const images = job?.images ?? 0;
  const { done, atLeast } = await countDone(ports, jobId, { images, told: countTold(attempts, progress) });
  const pace = sum(progress.map(({ imagesPerSecond }) => imagesPerSecond ?? 0));
  const views = seen.map(({ view }) => view);
  const refusals = attempts.settlements.filter(({ outcome }) => outcome === 'NoSpotCapacity');
  return {
    jobId,
    ...(job ? { images } : {}),
    done,
    atLeast,
    spentUsd: sum(attempts.settlements.map(({ usd }) => usd)),
    reservedUsd: sum(open.map(({ usd }) => usd)),
    ...(job?.maxUsd === undefined ? {} : { maxUsd: job.maxUsd }),
    ...(pace > 0 ? { secondsLeft: (images - done) / pace } : {}),
    ...describeJob(views, { pauses: attempts.pauses, refusals }, now),
    attempts: views,
  };
}
