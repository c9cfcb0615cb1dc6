import { describe, expect, it } from 'vitest';
import type { Slots } from '../../functions/core/slots/slot-request.ts';
import { type FakeClock, makeFakeClock } from './clock.ts';
import { aSlotRequest } from './slot-request.ts';

/** What every Slots does. @param make slots that know nothing of other tests, and tell the time by the clock */
export function slotsConformance(make: (clock: FakeClock) => Slots | Promise<Slots>): void {
  describe('as Slots', () => {
    async function setUp() {
      const clock = makeFakeClock();
      const slots = await make(clock);
      const ask = async (jobName: string, over: object = {}) =>
        slots.take(aSlotRequest({ jobId: jobName.slice(0, 1), jobName, now: clock.now(), ...over }));
      const take = async (jobName: string, over: object = {}) => (await ask(jobName, over)).answer;
      const used = async () => (await slots.held()).vcpus['L-3819A6DF'] ?? 0;
      return { clock, slots, ask, take, used };
    }

    it('know of nothing at first', async () => {
      const { slots } = await setUp();
      expect((await slots.held()).vcpus).toEqual({});
      await slots.free('unknown', 0);
    });

    it('are taken until the quota is full, and say so with the numbers', async () => {
      const { ask } = await setUp();
      expect(await ask('a1')).toEqual({ answer: 'taken', code: 'L-3819A6DF', have: 8, used: 4, need: 4 });
      expect(await ask('a2')).toMatchObject({ answer: 'taken', used: 8 });
      expect(await ask('a3')).toEqual({ answer: 'full', code: 'L-3819A6DF', have: 8, used: 8, need: 4 });
    });

    it('are taken once by one attempt, however often it asks', async () => {
      const { take, used } = await setUp();
      for (const _ of [1, 2, 3]) expect(await take('a1')).toBe('taken');
      expect(await used()).toBe(4);
    });

    it('follow an attempt that is picked again to a pool of another size', async () => {
      const { take, used } = await setUp();
      await take('a1');
      expect(await take('a1', { vcpus: 8, pool: 'use1-az4/g6.2xlarge/spot' })).toBe('taken');
      expect(await used()).toBe(8);
    });

    it('are counted where nobody knows the quota, and never refused', async () => {
      const { take, used } = await setUp();
      for (const name of ['a1', 'a2', 'a3']) expect(await take(name, { have: undefined })).toBe('taken');
      expect(await used()).toBe(12);
    });

    it('of two quotas are apart', async () => {
      const { slots, take } = await setUp();
      await take('a1', { have: 4 });
      expect(await take('a2', { have: 4, code: 'L-DB2E81BA' })).toBe('taken');
      expect((await slots.held()).vcpus).toEqual({ 'L-3819A6DF': 4, 'L-DB2E81BA': 4 });
    });

    it('are held until the instance is gone', async () => {
      const { clock, slots, take, used } = await setUp();
      await take('a1', { have: 4 });
      await slots.free('a1', clock.now() + 300_000);
      expect(await take('b1', { have: 4, pool: 'elsewhere' })).toBe('full');
      clock.advance(300);
      expect(await used()).toBe(0);
      expect(await take('b1', { have: 4, pool: 'elsewhere' })).toBe('taken');
    });

    it('are taken over with the instance that idles in the same pool', async () => {
      const { clock, slots, take, used } = await setUp();
      await take('a1', { have: 4 });
      await slots.free('a1', clock.now() + 300_000);
      expect(await take('a2', { have: 4 })).toBe('taken');
      expect(await used()).toBe(4);
      await slots.free('a1', clock.now()); // told twice: it is another's by now
      expect(await used()).toBe(4);
    });

    it('are freed once: a second call, later or longer, changes nothing', async () => {
      const { clock, slots, take, used } = await setUp();
      await take('a1');
      await slots.free('a1', clock.now() + 10_000);
      await slots.free('a1', clock.now() + 500_000);
      clock.advance(10);
      expect(await used()).toBe(0);
    });

    it('are free again where nobody freed them, once their time is over', async () => {
      const { clock, take } = await setUp();
      await take('a1', { have: 4, until: clock.now() + 60_000 });
      clock.advance(59);
      expect(await take('b1', { have: 4 })).toBe('full');
      clock.advance(1);
      expect(await take('b1', { have: 4 })).toBe('taken');
    });

    it('go to the job that has less, as soon as one is free', async () => {
      const { clock, slots, take } = await setUp();
      await take('a1');
      await take('a2');
      expect(await take('b1')).toBe('full');
      await slots.free('a1', clock.now());
      clock.advance(1);
      expect(await take('a3')).toBe('yield');
      expect(await take('b1')).toBe('taken');
      expect(await take('a3')).toBe('full');
    });

    it('are no longer kept for a job that has not come back for ten minutes', async () => {
      const { clock, slots, take } = await setUp();
      await take('a1');
      await take('a2');
      await take('b1');
      await slots.free('a1', clock.now());
      clock.advance(599);
      expect(await take('a3')).toBe('yield');
      clock.advance(1);
      expect(await take('a3')).toBe('taken');
    });

    it('are no longer kept for an attempt that left the line: it has one of another quota', async () => {
      const { clock, slots, take, used } = await setUp();
      await take('a1');
      await take('a2');
      await take('b1');
      await slots.free('a1', clock.now());
      clock.advance(1);
      expect(await take('a3')).toBe('yield');
      await slots.leave('L-3819A6DF', 'b1');
      await slots.leave('L-3819A6DF', 'b1');
      await slots.leave('unknown', 'a2');
      expect(await take('a3')).toBe('taken');
      expect(await used()).toBe(8);
    });

    it('tell of the instances that idle, and who takes one over that it is paid for so long', async () => {
      const { clock, slots, ask } = await setUp();
      await ask('a1');
      await slots.free('a1', clock.now() + 300_000);
      clock.advance(100);
      expect((await slots.held()).idle).toEqual([{ pool: 'use1-az4/g6.xlarge/spot', secondsLeft: 200 }]);
      expect(await ask('b1')).toMatchObject({ answer: 'taken', reused: { idleSecondsPaid: 200, ageSeconds: 100 } });
      clock.advance(50);
      expect(await ask('b1')).toMatchObject({ answer: 'taken', reused: { idleSecondsPaid: 200, ageSeconds: 100 } });
      expect((await slots.held()).idle).toEqual([]);
    });

    it('are granted to no more of many parallel attempts than fit', async () => {
      const { take, used } = await setUp();
      const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => take(`a${index}`, { have: 12 })));
      expect(answers.filter((answer) => answer === 'taken')).toHaveLength(3);
      expect(await used()).toBe(12);
    });
  });
}
