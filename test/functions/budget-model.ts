import fc from 'fast-check';
import { expect } from 'vitest';
import type { Ledger } from '../../functions/core/settle/ledger.ts';
import { aReservation } from '../fakes/builders.ts';

const maxUsd = 1;

/** What an attempt wants to set aside, in cents, what of it is spent, and what happens twice. */
const attempt = fc.record({
  cents: fc.integer({ min: 1, max: 70 }),
  spentPercent: fc.integer({ min: 0, max: 100 }),
  /** The Lambda is retried and sees another price. */
  againCents: fc.option(fc.integer({ min: 1, max: 70 })),
  settledTwice: fc.boolean(),
  /** Its workflow dies: it is never settled. */
  abandoned: fc.boolean(),
});
const shards = fc.array(
  fc.record({ job: fc.constantFrom('a', 'b'), attempts: fc.array(attempt, { minLength: 1, maxLength: 5 }) }),
  { minLength: 1, maxLength: 8 },
);

/** What is set aside or spent, as whoever called the ledger believes. USD, by attempt. */
type Committed = Map<string, { readonly job: string; readonly usd: number }>;

function check(committed: Committed): void {
  for (const job of ['a', 'b']) {
    const usd = [...committed.values()].reduce((sum, one) => sum + (one.job === job ? one.usd : 0), 0);
    expect(usd).toBeLessThanOrEqual(maxUsd + 1e-9);
  }
}

/** Any interleaving of the shards of two jobs: what is set aside and spent never passes the budget of its job. */
export async function checkBudget(make: () => Ledger | Promise<Ledger>, numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), shards, async (scheduler, all) => {
      const ledger = await make();
      const committed: Committed = new Map();
      const turn = () => scheduler.schedule(Promise.resolve());

      async function reserve(job: string, jobName: string, cents: number): Promise<boolean> {
        await turn();
        const left = (await ledger.left(job, jobName, maxUsd)) ?? 0;
        await turn();
        // As the pick does: the time of the attempt is cut to what is left.
        const usd = Math.min(cents / 100, left);
        if (!(usd > 0 && (await ledger.reserve(aReservation({ jobId: job, jobName, usd }), maxUsd)))) return false;
        committed.set(jobName, { job, usd });
        check(committed);
        return true;
      }

      async function settle(job: string, jobName: string, usd: number): Promise<void> {
        await turn();
        await ledger.settle(job, jobName, usd);
      }

      async function run(shard: number): Promise<void> {
        const { job = '', attempts = [] } = all[shard] ?? {};
        for (const [index, { cents, spentPercent, againCents, settledTwice, abandoned }] of attempts.entries()) {
          const jobName = `${job}-s${shard}-a${index}`;
          const first = await reserve(job, jobName, cents);
          const again = againCents !== null && (await reserve(job, jobName, againCents));
          if (!first && !again) return;
          if (abandoned) return;
          const spent = ((committed.get(jobName)?.usd ?? 0) * spentPercent) / 100;
          await settle(job, jobName, spent);
          committed.set(jobName, { job, usd: spent });
          if (settledTwice) await settle(job, jobName, 0);
        }
      }

      await scheduler.waitFor(Promise.all(all.map((_, shard) => run(shard))));
      for (const job of ['a', 'b']) {
        const usd = [...committed.values()].reduce((sum, one) => sum + (one.job === job ? one.usd : 0), 0);
        // Whole micro-dollars, what is spent rounded up: at most one too many for each attempt.
        const left = (await ledger.left(job, 'next', maxUsd)) ?? 0;
        if (left > 0) expect(Math.abs(maxUsd - usd - left)).toBeLessThan(committed.size * 1e-6 + 1e-9);
        else expect(usd).toBeGreaterThanOrEqual(0.9 * maxUsd - committed.size * 1e-6);
      }
    }),
    { numRuns },
  );
}
