import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SlotRequest } from '../../functions/core/slots/slot-request.ts';
import { makeFakeClock } from '../fakes/clock.ts';
import { aSlotRequest } from '../fakes/slot-request.ts';
import { makeFakeSlots } from '../fakes/slots.ts';
import { checkSlots } from './slots-model.ts';

it('slots never pass their quota, whatever is taken, freed and taken over at once', async () => {
  await checkSlots((clock) => makeFakeSlots(clock.now), 500);
});

/** A quota of `count` slots, all of them held by the job `night`. */
async function nightBatch(count: number) {
  const clock = makeFakeClock();
  const slots = makeFakeSlots(clock.now);
  const ask = async (jobId: string, shard: number, over: Partial<SlotRequest> = {}) => {
    const now = clock.now();
    const request = { have: 4 * count, jobId, jobName: `${jobId}-${shard}`, now, until: now + 1e12, ...over };
    return (await slots.take(aSlotRequest(request))).answer;
  };
  for (let shard = 0; shard < count; shard += 1) expect(await ask('night', shard)).toBe('taken');
  return { clock, slots, ask };
}

describe('a job of one shard beside a night batch that holds everything', () => {
  const asks = fc.array(
    fc.record({ shard: fc.integer({ min: 100, max: 120 }), seconds: fc.nat(40), elsewhere: fc.boolean() }),
    { maxLength: 10 },
  );

  it('gets the next slot that is freed, however often the batch asks meanwhile', async () => {
    const terms = fc.record({
      count: fc.integer({ min: 1, max: 5 }),
      freed: fc.nat(4),
      idle: fc.constantFrom(0, 60, 300),
      before: asks,
      after: asks,
    });
    await fc.assert(
      fc.asyncProperty(terms, async ({ count, freed, idle, before, after }) => {
        const { clock, slots, ask } = await nightBatch(count);
        const askForTheBatch = async ({
          shard,
          seconds,
          elsewhere,
        }: {
          shard: number;
          seconds: number;
          elsewhere: boolean;
        }) => {
          clock.advance(seconds);
          expect(await ask('night', shard, elsewhere ? { pool: 'elsewhere' } : {})).not.toBe('taken');
        };
        for (const one of before) await askForTheBatch(one);
        expect(await ask('small', 0, { pool: 'mine' })).toBe('full');
        clock.advance(1);
        await slots.free(`night-${freed % count}`, clock.now() + idle * 1000);
        const since = clock.now();
        for (const one of after) await askForTheBatch(one);
        clock.advance(Math.max(0, idle - (clock.now() - since) / 1000));
        expect(await ask('small', 0, { pool: 'mine' })).toBe('taken');
      }),
      { numRuns: 200 },
    );
  });

  it('gets the instance that idles in its pool at once', async () => {
    const { clock, slots, ask } = await nightBatch(2);
    expect(await ask('small', 0)).toBe('full');
    await slots.free('night-1', clock.now() + 300_000);
    expect(await ask('night', 100)).toBe('yield');
    expect(await ask('small', 0)).toBe('taken');
  });

  it('gets two slots for a large instance as soon as both are free', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 5 }), asks, async (count, between) => {
        const { clock, slots, ask } = await nightBatch(count);
        const large = () => ask('small', 0, { vcpus: 8, pool: 'large' });
        expect(await large()).toBe('full');
        clock.advance(1);
        await slots.free('night-0', clock.now());
        for (const { shard, seconds } of between) {
          clock.advance(seconds);
          expect(await ask('night', shard)).toBe('yield');
        }
        expect(await large()).toBe('full');
        await slots.free('night-1', clock.now());
        expect(await ask('night', 100)).toBe('yield');
        expect(await large()).toBe('taken');
      }),
      { numRuns: 200 },
    );
  });

  it('keeps nobody waiting that it leaves behind: the next slot is the batch’s again', async () => {
    const { clock, slots, ask } = await nightBatch(1);
    await ask('small', 0);
    await slots.free('night-0', clock.now());
    expect(await ask('small', 0)).toBe('taken');
    await slots.free('small-0', clock.now());
    expect(await ask('night', 1)).toBe('taken');
  });
});

it('two jobs that always want more share a quota equally, once each slot was freed', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
      async (half, first) => {
        const { clock, slots, ask } = await nightBatch(2 * half);
        const held = Array.from({ length: 2 * half }, (_, shard) => `night-${shard}`);
        for (const [index, name] of held.entries()) {
          expect(await ask('day', 100 + index)).not.toBe('taken');
          await slots.free(name, clock.now());
          // Whoever asks first: one of them gets it.
          const order = first[index] ? ['night', 'day'] : ['day', 'night'];
          const answers = [await ask(order[0] ?? '', 200 + index), await ask(order[1] ?? '', 200 + index)];
          expect(answers.filter((answer) => answer === 'taken')).toHaveLength(1);
        }
        const busy = slots.books.get('L-3819A6DF')?.slots.filter(({ idle }) => !idle) ?? [];
        expect(busy.filter(({ jobId }) => jobId === 'day')).toHaveLength(half);
        expect(busy).toHaveLength(2 * half);
      },
    ),
  );
});
