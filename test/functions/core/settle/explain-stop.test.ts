import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainStop, type TriedPool } from '../../../../functions/core/settle/explain-stop.ts';

const a = 'use1-az1/g6.xlarge/spot';
const b = 'use1-az2/g6.xlarge/spot';
const end = (pool: string, outcome: TriedPool['outcome'], endedAt?: string): TriedPool => ({ pool, outcome, endedAt });

describe('explainStop', () => {
  it('lists what was tried, when, and with which end, in the order of the attempts', () => {
    const tried = [
      end(b, 'SpotInterrupted', '2026-11-23T22:10:59.123Z'),
      end(a, 'NoSpotCapacity', '2026-11-23T22:20:00.000Z'),
    ];
    expect(explainStop('No capacity for shard 0.', tried)).toBe(
      `No capacity for shard 0. Tried: ${b}: SpotInterrupted 2026-11-23T22:10Z; ${a}: NoSpotCapacity 2026-11-23T22:20Z.`,
    );
  });

  it('puts the ends of a pool together, with the first and the last time', () => {
    const tried = [
      end(a, 'NoSpotCapacity', '2026-11-24T01:00:00Z'),
      end(a, 'WorkerLost', '2026-11-24T02:00:00Z'),
      end(a, 'NoSpotCapacity', '2026-11-23T23:00:00Z'),
      end(a, 'NoSpotCapacity', '2026-11-23T23:30:00Z'),
    ];
    expect(explainStop('No capacity', tried)).toBe(
      `No capacity. Tried: ${a}: 3x NoSpotCapacity 2026-11-23T23:00Z to 2026-11-24T01:00Z; ${a}: WorkerLost 2026-11-24T02:00Z.`,
    );
  });

  it('says one time where first and last are the same minute, and none where nobody knows', () => {
    const tried = [
      end(a, 'WorkerLost', '2026-11-24T01:00:01Z'),
      end(a, 'WorkerLost', '2026-11-24T01:00:50Z'),
      end(b, 'WorkerLost'),
    ];
    expect(explainStop('x!', tried)).toBe(`x! Tried: ${a}: 2x WorkerLost 2026-11-24T01:00Z; ${b}: WorkerLost.`);
  });

  it('is what was said where nothing was tried', () => {
    expect(explainStop('No capacity\nfor shard 0', [])).toBe('No capacity for shard 0');
  });

  it('says that the deadline ended the wait', () => {
    expect(explainStop('No capacity.', [], { late: '2026-11-24T07:00:00.000Z' })).toBe(
      'No capacity. `readyBy` 2026-11-24T07:00Z has passed: it waits no longer.',
    );
  });

  it('says that the events of the execution are used up', () => {
    expect(explainStop('No capacity.', [], { isSpent: true })).toBe(
      'No capacity. Its execution has no events left to try again: send the requeue file.',
    );
  });

  it('counts what does not fit, and never grows beyond 900 characters', () => {
    const pools = Array.from({ length: 50 }, (_, index) => end(`use1-az${index}/g6.xlarge/spot`, 'NoSpotCapacity'));
    const text = explainStop('w'.repeat(2000), pools);
    expect(text).toMatch(
      /^w{500}\. Tried: use1-az0\/g6\.xlarge\/spot: NoSpotCapacity; .*; and \d+ more in the receipt\.$/,
    );
    const shown = text.match(/NoSpotCapacity/g)?.length ?? 0;
    expect(text).toContain(`and ${50 - shown} more`);
    expect(text.length).toBeGreaterThan(840);
    const any = fc.record({
      pool: fc.string({ maxLength: 2000 }),
      outcome: fc.constantFrom<TriedPool['outcome']>('WorkerLost'),
    });
    fc.assert(
      fc.property(fc.string({ maxLength: 3000 }), fc.array(any, { maxLength: 200 }), (why, tried) => {
        expect(explainStop(why, tried, { late: '2026-11-24T07:00:00Z' }).length).toBeLessThanOrEqual(900);
      }),
    );
  });

  it('ends what was said with one stop', () => {
    const [one] = [end(a, 'WorkerLost')];
    expect(one && explainStop('Is it e.g. full?', [one])).toBe(`Is it e.g. full? Tried: ${a}: WorkerLost.`);
    expect(one && explainStop('It is 1.5 full', [one])).toBe(`It is 1.5 full. Tried: ${a}: WorkerLost.`);
  });

  it('says that all of it is in the receipt where not even one fits', () => {
    expect(explainStop('x', [end('p'.repeat(1000), 'WorkerLost')])).toBe('x. Tried: 1 in the receipt.');
  });
});
