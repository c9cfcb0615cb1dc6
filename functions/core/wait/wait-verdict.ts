import { judgeQuota, type QuotaUse } from '../market/quotas.ts';

/** Why a Batch job waits. `scaling` is the normal case: an instance is on its way. */
export interface WaitVerdict {
  readonly kind: 'capacity' | 'quota-zero' | 'quota-full' | 'misconfiguration' | 'undetermined' | 'scaling' | 'unknown';
  /** Two verdicts with one name are the same. */
  readonly name: string;
  /** What AWS Batch wrote. */
  readonly said: string;
}

export const capacityReason = 'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY';

/**
 * The `statusReason` of a job that waits; Batch writes one only for the job at the head of a blocked queue.
 * Source: AWS Batch user guide, "Jobs stuck in a RUNNABLE status".
 */
export function readStatusReason(statusReason: string): WaitVerdict {
  const said = statusReason.trim();
  if (!said) return { kind: 'scaling', name: 'scaling', said };
  if (said.includes(capacityReason)) return { kind: 'capacity', name: 'capacity', said };
  const misconfigured = /MISCONFIGURATION:\w+|^ACTION_REQUIRED/.exec(said)?.[0];
  if (misconfigured) return { kind: 'misconfiguration', name: misconfigured, said };
  if (said.startsWith('UNDETERMINED')) return { kind: 'undetermined', name: 'undetermined', said };
  return { kind: 'unknown', name: `unknown: ${said}`, said };
}

/** Verdicts behind which a quota may stand: EC2's refusal for a quota reaches no field of Batch under its own name. */
export function mayBeQuota({ kind }: WaitVerdict): boolean {
  return kind === 'capacity' || kind === 'undetermined' || kind === 'scaling';
}

/** The kind of a verdict, by the name under which the ledger keeps it. */
export function kindOfVerdict(name: string): WaitVerdict['kind'] {
  for (const kind of ['capacity', 'quota-zero', 'quota-full', 'undetermined', 'scaling'] as const) {
    if (name === kind || name.startsWith(`${kind}:`)) return kind;
  }
  return name.startsWith('unknown') ? 'unknown' : 'misconfiguration';
}

/** Batch's word alone; it was seen to be wrong while an instance was on its way (`look-again.ts`). */
export const isDoubtful = (kind: WaitVerdict['kind']) =>
  kind === 'misconfiguration' || kind === 'undetermined' || kind === 'unknown';

/** A quota that is zero or full is what it is, whatever Batch wrote. */
export function withQuota(verdict: WaitVerdict, use: QuotaUse | undefined): WaitVerdict {
  const judged = use && mayBeQuota(verdict) ? judgeQuota(use) : undefined;
  if (!use || !judged) return verdict;
  return { kind: `quota-${judged}`, name: `quota-${judged}: ${use.quota.code}`, said: verdict.said };
}
