import { describe, expect, it } from 'vitest';
import { lookName, nextLookAt, nextWaitAction } from '../../../../functions/core/wait/look-again.ts';
import { readStatusReason } from '../../../../functions/core/wait/wait-verdict.ts';

const look = {
  batchJobId: 'b',
  jobId: 'job-1',
  jobName: 'job-1-s0-a1',
  pool: 'any/g6.xlarge/spot',
  verdict: 'undetermined',
  at: '2026-11-23T22:00:00.000Z',
};

describe('a look', () => {
  it('has one name per job, verdict and time of the verdict', () => {
    const others = [{ batchJobId: 'c' }, { verdict: 'scaling' }, { at: '2026-11-23T22:10:00.000Z' }];
    const names = [look, ...others.map((other) => ({ ...look, ...other }))].map(lookName);
    expect(new Set(names).size).toBe(4);
    expect(lookName({ ...look })).toBe(names[0]);
    expect(names.every((name) => /^look-again-[0-9a-f]{32}$/.test(name))).toBe(true);
  });

  it('counts its successors from the time of the verdict, not from its own', () => {
    expect(nextLookAt('2026-11-23T22:00:00Z')).toBe('2026-11-23T22:10:00.000Z');
  });
});

describe('what follows from a verdict', () => {
  it.each([
    ['CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY', 'close-pool', 'close-pool'],
    ['', 'look-again', 'look-again'],
    ['UNDETERMINED', 'look-again', 'give-up'],
    ['MISCONFIGURATION:X', 'look-again', 'give-up'],
    ['else', 'look-again', 'give-up'],
  ])('%j: %s at first, %s the second time', (reason, first, second) => {
    const verdict = readStatusReason(reason);
    expect([nextWaitAction(verdict, false), nextWaitAction(verdict, true)]).toEqual([first, second]);
  });

  it('of a quota: zero ends a job the second time, a full one never does', () => {
    const of = (kind: 'quota-zero' | 'quota-full', twice: boolean) =>
      nextWaitAction({ kind, name: kind, said: '' }, twice);
    expect([of('quota-zero', false), of('quota-zero', true)]).toEqual(['look-again', 'give-up']);
    expect([of('quota-full', false), of('quota-full', true)]).toEqual(['look-again', 'look-again']);
  });
});
