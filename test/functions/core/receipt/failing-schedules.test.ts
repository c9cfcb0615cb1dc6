import { describe, expect, it } from 'vitest';
import { findFailing, type ScheduledEnd } from '../../../../functions/core/receipt/failing-schedules.ts';

const failure = { error: 'InvalidPrompt', cause: 'Expected a prompt' };
const anEnd = (name: string, day: number, status: ScheduledEnd['status']): ScheduledEnd => ({
  jobId: `${name}-${day}`,
  schedule: { name, time: `2026-11-0${day}T22:00:00Z` },
  status,
  ...(status === 'failed' ? { failure } : {}),
});

describe('a schedule', () => {
  it('is told of when its last two jobs failed, whatever was before', () => {
    const ends = [anEnd('night', 1, 'delivered'), anEnd('night', 3, 'failed'), anEnd('night', 2, 'failed')];
    expect(findFailing(ends)).toEqual([{ name: 'night', times: 2, lastJobId: 'night-3', failure }]);
  });

  it('is not told of after one failure, nor once a job was delivered again', () => {
    expect(findFailing([anEnd('night', 1, 'failed')])).toEqual([]);
    expect(
      findFailing([anEnd('night', 1, 'failed'), anEnd('night', 2, 'failed'), anEnd('night', 3, 'delivered')]),
    ).toEqual([]);
    expect(findFailing([anEnd('night', 1, 'delivered'), anEnd('night', 2, 'failed')])).toEqual([]);
  });

  it('is judged by itself', () => {
    const ends = [anEnd('a', 1, 'failed'), anEnd('b', 2, 'failed'), anEnd('b', 3, 'failed'), anEnd('b', 4, 'failed')];
    expect(findFailing(ends).map(({ name, times }) => [name, times])).toEqual([['b', 3]]);
  });
});
