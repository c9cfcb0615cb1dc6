import fc from 'fast-check';
import { expect } from 'vitest';
import type { Slots } from '../../functions/core/slots/slot-request.ts';
import { type FakeClock, makeFakeClock } from '../fakes/clock.ts';
import { aSlotRequest } from '../fakes/slot-request.ts';

const code = 'L-3819A6DF';
const have = 16;
const vcpusOf = { p: 4, q: 4, r: 8 } as const;

/** What may be done at once: the calls of one step run in parallel. */
const call = fc.record({
  job: fc.constantFrom('a', 'b', 'c'),
  shard: fc.nat(1),
  pool: fc.constantFrom('p', 'p', 'p', 'q', 'r'),
  does: fc.constantFrom('take', 'take', 'free', 'free', 'leave'),
  /** Seconds until Batch ends the instance. */
  idle: fc.constantFrom(0, 60, 300),
  /** Which of the instances that idle Batch chooses. */
  chosen: fc.nat(),
});
const step = fc.record({
  calls: fc.array(call, { minLength: 1, maxLength: 6 }),
  seconds: fc.constantFrom(0, 10, 100, 400),
});
type Call = (typeof call extends fc.Arbitrary<infer T> ? T : never) & { readonly pool: keyof typeof vcpusOf };

interface Instance {
  readonly pool: keyof typeof vcpusOf;
  jobName: string;
  goneAt: number;
}

/** The instances that really run, as AWS counts them. Batch puts a job on one that idles in its pool, else starts one. */
function makeAccount(now: () => number) {
  let instances: readonly Instance[] = [];
  const isBusy = ({ goneAt }: Instance) => goneAt === Number.POSITIVE_INFINITY;
  const of = (jobName: string) => instances.find((instance) => instance.jobName === jobName && isBusy(instance));
  const running = () => instances.filter(({ goneAt }) => goneAt > now());
  return {
    isBusy: (jobName: string) => of(jobName) !== undefined,
    vcpus: () => running().reduce((sum, { pool }) => sum + vcpusOf[pool], 0),
    start: (jobName: string, pool: Instance['pool'], chosen: number) => {
      const idle = running().filter((instance) => instance.pool === pool && !isBusy(instance));
      const reused = idle[chosen % idle.length];
      const started = { jobName, pool, goneAt: Number.POSITIVE_INFINITY };
      instances = [...running().filter((instance) => instance !== reused), started];
    },
    end: (jobName: string, goneAt: number) => {
      const instance = of(jobName);
      if (instance) instance.goneAt = goneAt;
    },
  };
}

/** Any interleaving of what three jobs may do: what was granted and is not gone never passes the quota. */
export async function checkSlots(make: (clock: FakeClock) => Slots | Promise<Slots>, numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12, size: 'max' }), async (steps) => {
      const clock = makeFakeClock();
      const slots = await make(clock);
      const account = makeAccount(clock.now);
      // An attempt of its own for each time that a shard is picked.
      const attempts = new Map<string, number>();

      async function run({ job, shard, pool, does, idle, chosen }: Call): Promise<void> {
        const now = clock.now();
        const name = `${job}${shard}`;
        const jobName = `${name}-a${attempts.get(name) ?? 1}`;
        if (does === 'leave') return slots.leave(code, jobName);
        if (does === 'free') {
          const goneAt = now + idle * 1000;
          attempts.set(name, (attempts.get(name) ?? 1) + 1);
          await slots.free(jobName, goneAt);
          return account.end(jobName, goneAt);
        }
        if (account.isBusy(jobName)) return; // it runs: nobody picks for it
        const request = { code, have, jobId: job, jobName, vcpus: vcpusOf[pool], pool, now, until: now + 1e12 };
        const { answer } = await slots.take(aSlotRequest(request));
        if (answer === 'taken' && !account.isBusy(jobName)) account.start(jobName, pool, chosen);
      }

      for (const { calls, seconds } of steps) {
        // Each shard does one thing at a time.
        const once = new Map(calls.map((one) => [`${one.job}${one.shard}`, one]));
        await Promise.all([...once.values()].map(run));
        const used = (await slots.held()).vcpus[code] ?? 0;
        expect(used).toBeLessThanOrEqual(have);
        expect(account.vcpus()).toBeLessThanOrEqual(used);
        clock.advance(seconds);
        expect(account.vcpus()).toBeLessThanOrEqual((await slots.held()).vcpus[code] ?? 0);
      }
    }),
    { numRuns },
  );
}
