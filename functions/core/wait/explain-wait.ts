import type { QuotaUse } from '../market/quotas.ts';
import { readStatusReason, type WaitVerdict } from './wait-verdict.ts';

export interface WaitFacts {
  /** id of the pool */
  readonly pool: string;
  readonly minutes: number;
  /** Undefined where no quota was asked for. */
  readonly quota?: QuotaUse;
}

/** What was asked and not told; it may be the quota after all. */
function unread({ quota }: WaitFacts): string {
  if (!quota) return '';
  const { code } = quota.quota;
  if (quota.have === undefined) return ` (the quota ${code} could not be read: it may be that)`;
  return quota.used === undefined ? ` (what is used of the quota ${code} could not be read: it may be full)` : '';
}

function explainQuota({ quota, pool }: WaitFacts): string {
  if (!quota) return `a quota of ${pool}`;
  const { code, name } = quota.quota;
  const used = quota.used === undefined ? '' : `, ${quota.used} used`;
  return `quota ${code} (${name}): have ${quota.have} vCPUs${used}, need ${quota.need} for ${pool}`;
}

function explainScaling({ pool, minutes }: WaitFacts): string {
  if (minutes < 10) return `an instance starts in ${pool}, usually in 3 to 6 minutes`;
  return `no instance in ${pool} after ${minutes} minutes and no reason given; other jobs may be before it`;
}

/** One sentence for people, to be read after "waited 7 min: ". */
export function explainWait({ kind, said }: WaitVerdict, facts: WaitFacts): string {
  const { pool } = facts;
  switch (kind) {
    case 'capacity':
      return `no capacity in ${pool}${unread(facts)}`;
    case 'quota-zero':
      return `${explainQuota(facts)}; nothing of it can start until the quota is raised`;
    case 'quota-full':
      return `${explainQuota(facts)}; it starts when another instance ends`;
    case 'misconfiguration':
      return `AWS Batch can't place it in ${pool}: ${said}`;
    case 'undetermined':
      return `AWS Batch can't say why it does not start in ${pool}${unread(facts)}`;
    case 'scaling':
      return `${explainScaling(facts)}${unread(facts)}`;
    case 'unknown':
      return `AWS Batch gives a reason unknown to us in ${pool}: ${said}`;
    default:
      return kind satisfies never;
  }
}

/** How the reason of a job begins that we gave up on. */
export const neverStarted = 'WorkerNeverStarted: ';

/** What the end of a job that never started adds: its siblings in a closed queue are told there alone. */
export function explainEnd(statusReason: string, pool: string): { verdict: string; sentence: string } | undefined {
  if (statusReason.startsWith(neverStarted)) return undefined;
  const verdict = readStatusReason(statusReason);
  if (verdict.kind !== 'capacity' && verdict.kind !== 'misconfiguration') return undefined;
  return { verdict: verdict.name, sentence: explainWait(verdict, { pool, minutes: 0 }) };
}
