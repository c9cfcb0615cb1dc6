import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { terminateBatchJobs } from '../../../cli/teardown/stop-jobs.ts';
import { aBatchFloor, type BatchFloor } from '../../local/batch/batch-floor.ts';
import { aClient } from '../../local/harness.ts';

let floor: BatchFloor;
beforeAll(async () => {
  floor = await aBatchFloor();
});
afterAll(() => floor.end());

describe('Batch jobs that no job waits for any more', () => {
  it('are ended, those that run and those that wait, and none that is over', async () => {
    await floor.finish(await floor.submit({ IMAGES: '1' }));
    const jobs = [];
    for (let n = 0; n < 3; n++) jobs.push(await floor.submit({ IMAGES: 'endless' }));
    expect(jobs.map(({ status }) => status)).toEqual(['RUNNING', 'RUNNING', 'RUNNABLE']);
    const config = aClient(floor.endpoint);
    expect(await terminateBatchJobs(config)).toBe(3);
    for (const job of jobs) {
      expect(await floor.finish(job)).toMatchObject({
        status: 'FAILED',
        statusReason: 'Stopped by `npm start -- teardown`.',
      });
    }
    expect(await terminateBatchJobs(config)).toBe(0);
  });
});
