import { describe, expect, it } from 'vitest';
import { classifyEnd } from '../../../../functions/core/shard/classify-end.ts';
import {
  cancelReason,
  closedForAll,
  closeUntil,
  isClosedForAll,
} from '../../../../functions/core/wait/closed-pools.ts';

const closed = { pool: 'use1-az1/g6.xlarge/spot', until: '2026-11-23T22:10:00.000Z' };

describe('a pool that refused', () => {
  it('is closed for ten minutes', () => {
    expect(closeUntil(Date.parse('2026-11-23T22:00:00.000Z'))).toBe(closed.until);
  });

  it('is left out of a ranking with a reason that is known again', () => {
    const reason = closedForAll(closed);
    expect(reason).toBe('closed for all jobs until 22:10 UTC: no capacity');
    expect(isClosedForAll(reason)).toBe(true);
    expect(['', 'too dear', `not ${reason}`, 'closed for all job'].filter(isClosedForAll)).toEqual([]);
  });

  it('ends the jobs that wait in it as jobs without capacity', () => {
    const reason = cancelReason(closed);
    expect(reason).toContain(`pool ${closed.pool} closed for all jobs until 22:10 UTC`);
    const cause = JSON.stringify({ JobId: 'a', Status: 'FAILED', StatusReason: reason });
    expect(classifyEnd({ stage: 'run', error: 'States.TaskFailed', cause }).outcome).toBe('NoSpotCapacity');
  });
});
