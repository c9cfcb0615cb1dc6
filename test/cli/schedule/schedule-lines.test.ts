import { describe, expect, it } from 'vitest';
import { scheduleLines } from '../../../cli/schedule/list.ts';

describe('the list of schedules', () => {
  it('says when, what, how much at most, and how the last two ended', () => {
    const row = { timeZone: 'UTC', byHand: true };
    expect(
      scheduleLines([
        {
          ...{ ...row, name: 'night', expression: 'cron(0 2 * * ? *)', enabled: true, prompts: '2 prompts', maxUsd: 2 },
          last: [
            { jobId: 'b', status: 'failed' },
            { jobId: 'a', status: 'delivered' },
          ],
        },
        { ...row, name: 'off', expression: 'rate(1 day)', enabled: false, prompts: '1 prompt', maxUsd: null, last: [] },
      ]),
    ).toEqual([
      'schedule  when               time zone  prompts    limit  last',
      'night     cron(0 2 * * ? *)  UTC        2 prompts  $2.00  failed, before: delivered',
      'off       rate(1 day) (off)  UTC        1 prompt   none   none of the last 100 jobs',
    ]);
    expect(scheduleLines([])).toEqual(['No schedules.']);
  });
});
