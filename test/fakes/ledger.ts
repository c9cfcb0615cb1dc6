import type { Ledger, Reservation } from '../../functions/core/ports.ts';

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

/** Whole micro-dollars, as in the table. */
const micros = (usd: number) => Math.round(usd * 1e6);

export function makeFakeLedger(): FakeLedger {
  const attempts = new Map<string, Attempt>();
  const settled: { jobName: string; usd: number }[] = [];
  const idOf = (jobId: string, jobName: string) => {
    if (!jobId || !jobName) throw new TypeError(`Expected a job and an attempt, got \`${jobId}\` and \`${jobName}\``);
    return `${jobId} ${jobName}`;
  };
  const ofJob = (jobId: string) => [...attempts.values()].filter((attempt) => attempt.jobId === jobId);
  const committed = (jobId: string) =>
    ofJob(jobId).reduce((sum, attempt) => sum + micros(attempt.spentUsd ?? attempt.usd), 0);
  return {
    settled,
    committedUsd: (jobId) => committed(jobId) / 1e6,
    reserve: async (reservation, maxUsd) => {
      checkUsd('usd', reservation.usd);
      if (maxUsd !== undefined) checkUsd('maxUsd', maxUsd);
      if (!reservation.queue) throw new TypeError('Expected a reservation to name its queue');
      const id = idOf(reservation.jobId, reservation.jobName);
      if (attempts.has(id)) return true;
      const fits = maxUsd === undefined || committed(reservation.jobId) + micros(reservation.usd) <= micros(maxUsd);
      if (fits) attempts.set(id, { ...reservation });
      return fits;
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
        .map(({ jobName, queue, usd }) => ({ jobId, jobName, queue, usd })),
  };
}
