import { describe, expect, it } from 'vitest';
import { setUp } from './cleaning.ts';

describe('what clean-up-job tells', () => {
  it('says nothing a second time', async () => {
    const { notifier, queue, cleanUp } = await setUp();
    await cleanUp();
    expect(await cleanUp()).toMatchObject({ terminated: 0, closed: { closedNow: false } });
    expect(notifier.sent).toHaveLength(1);
    expect(queue.asked).toHaveLength(2);
  });

  it.each([{ status: 'ABORTED' }, { status: 'FAILED', error: 'States.Runtime', cause: 'x' }, { status: 'TIMED_OUT' }])(
    'tells once of a job that closed itself and was ended before its message: %j',
    async (detail) => {
      const { notifier, cleanUp, closeJob } = await setUp({ jobs: [] });
      await closeJob({ jobId: 'job-1', startedAt: '2026-11-23T21:00:00Z', failures: [] });
      expect(await cleanUp(detail)).toMatchObject({ closed: { closedNow: false } });
      await cleanUp(detail);
      expect(notifier.sent).toHaveLength(1);
    },
  );

  it('tells once where the event is delivered twice at the same time', async () => {
    const { notifier, cleanUp } = await setUp();
    await Promise.allSettled([cleanUp(), cleanUp()]);
    expect(notifier.sent).toHaveLength(1);
  });

  it('tells of it where the call before was cut off while it told, and not while it may still do so', async () => {
    const { bucket, clock, notifier, cleanUp } = await setUp();
    await bucket.write('jobs/job-1/told.json', JSON.stringify({ at: clock.now() }));
    await expect(cleanUp()).rejects.toThrow('another call is sending it');
    expect(notifier.sent).toEqual([]);
    clock.advance(61);
    await cleanUp();
    await cleanUp();
    expect(notifier.sent).toHaveLength(1);
  });

  it('says nothing after a job that closed itself', async () => {
    const { notifier, cleanUp, closeJob } = await setUp({ jobs: [] });
    await closeJob({ jobId: 'job-1', startedAt: '2026-11-23T21:00:00Z', failures: [] });
    expect(await cleanUp({ status: 'FAILED', error: 'GenerationFailed', cause: 'x' })).toMatchObject({
      closed: { closedNow: false },
    });
    expect(notifier.sent).toEqual([]);
  });
});
