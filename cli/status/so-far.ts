import pMap from 'p-map';
import { readAttempts, readReceipt } from '../../functions/core/close/read-job.ts';
import type { Job } from '../../functions/core/input/job.ts';
import { partNames } from '../../functions/core/input/parts.ts';
import type { Reservation } from '../../functions/core/settle/ledger.ts';
import type { Settlement } from '../../functions/core/settle/settlement.ts';
import type { Pause } from '../../functions/core/shard/pause.ts';
import type { StatusPorts } from './ports.ts';

type Ports = Pick<StatusPorts, 'bucket' | 'ledger'>;

/** What a job that runs did by now, and what of it is under way. */
export interface SoFar {
  /** Images, as workers said at the end of their attempts. */
  readonly told: number;
  readonly spentUsd: number;
  readonly open: readonly Reservation[];
  readonly pauses: readonly Pause[];
  /** Attempts without capacity. */
  readonly refusals: readonly Settlement[];
}

async function readAlone({ bucket, ledger }: Ports, jobId: string): Promise<SoFar> {
  const [{ records, settlements, pauses }, open] = await Promise.all([readAttempts(bucket, jobId), ledger.open(jobId)]);
  return {
    told: new Set(records.flatMap(({ images }) => images.map(({ hash }) => hash))).size,
    spentUsd: settlements.reduce((sum, { usd }) => sum + usd, 0),
    open,
    pauses,
    refusals: settlements.filter(({ outcome }) => outcome === 'NoSpotCapacity'),
  };
}

/** One that is closed is told of by its receipt: it may have had thousands of attempts. */
async function readPart(ports: Ports, name: string): Promise<SoFar> {
  const receipt = await readReceipt(ports.bucket, name);
  if (!receipt) return readAlone(ports, name);
  return { told: receipt.delivered, spentUsd: receipt.usd, open: [], pauses: [], refusals: [] };
}

/** Of all its parts where it is rendered in parts: attempts and money are theirs. */
export async function readSoFar(ports: Ports, jobId: string, job: Job | undefined): Promise<SoFar> {
  if (!job?.parts) return readAlone(ports, jobId);
  const parts = await pMap(partNames(job), (name) => readPart(ports, name), { concurrency: 8 });
  return {
    told: parts.reduce((sum, { told }) => sum + told, 0),
    spentUsd: parts.reduce((sum, { spentUsd }) => sum + spentUsd, 0),
    open: parts.flatMap(({ open }) => open),
    pauses: parts.flatMap(({ pauses }) => pauses),
    refusals: parts.flatMap(({ refusals }) => refusals),
  };
}
