import { budgetLeft, limitMicros, mostCommitted, spentMicros } from '../../functions/core/settle/budget.ts';
import type { Ledger, Reservation } from '../../functions/core/settle/ledger.ts';

export interface FakeLedger extends Ledger {
  /** Reserved and spent, in USD. */
  committedUsd(jobId: string): number;
  /** Settled attempts with what they cost, in order. */
  readonly settled: readonly { readonly jobName: string; readonly usd: number }[];
}

interface Attempt extends Reservation {
  spentUsd?: number;
}

function checkUsd(name: string, usd: number): void {
  if (!Number.isFinite(usd) || usd < 0) throw new TypeError(`Expected \`${name}\` to be an amount, got \`${usd}\``);
}

export function makeFakeLedger(): FakeLedger {
  const attempts = new Map<string, Attempt>();
  const settled: { jobName: string; usd: number }[] = [];
  const idOf = (jobId: string, jobName: string) => {
    if (!jobId || !jobName) throw new TypeError(`Expected a job and an attempt, got \`${jobId}\` and \`${jobName}\``);
    return `${jobId} ${jobName}`;
  };
  const ofJob = (jobId: string) => [...attempts.values()].filter((attempt) => attempt.jobId === jobId);
  const committed = (jobId: string) =>
    ofJob(jobId).reduce((sum, attempt) => sum + spentMicros(attempt.spentUsd ?? attempt.usd), 0);
  return {
    settled,
    committedUsd: (jobId) => committed(jobId) / 1e6,
    reserve: async (reservation, maxUsd) => {
      checkUsd('usd', reservation.usd);
      if (maxUsd !== undefined) checkUsd('maxUsd', maxUsd);
      if (!reservation.queue) throw new TypeError('Expected a reservation to name its queue');
      const id = idOf(reservation.jobId, reservation.jobName);
      const before = attempts.get(id);
      if (before?.spentUsd !== undefined) return true;
      const change = spentMicros(reservation.usd) - (before ? spentMicros(before.usd) : 0);
      const fits = before
        ? maxUsd === undefined || change <= 0 || committed(reservation.jobId) + change <= limitMicros(maxUsd)
        : committed(reservation.jobId) <= mostCommitted(reservation.usd, maxUsd);
      if (fits) attempts.set(id, { ...reservation });
      return fits;
    },
    left: async (jobId, jobName, maxUsd) => {
      const own = attempts.get(idOf(jobId, jobName));
      const reserved = own && own.spentUsd === undefined ? spentMicros(own.usd) : 0;
      return budgetLeft(committed(jobId) - reserved, maxUsd);
    },
    settle: async (jobId, jobName, usd) => {
      checkUsd('usd', usd);
      const attempt = attempts.get(idOf(jobId, jobName));
      if (!attempt || attempt.spentUsd !== undefined) return;
      attempt.spentUsd = usd;
      settled.push({ jobName, usd });
    },
    open: async (jobId) =>
      ofJob(jobId)
        .filter((attempt) => attempt.spentUsd === undefined)
        .map(({ spentUsd: _, ...reservation }) => reservation),
  };
}
