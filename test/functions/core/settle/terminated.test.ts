import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { usdForSeconds } from '../../../../functions/core/pick/cost-model.ts';
import { terminatedUse } from '../../../../functions/core/settle/terminated.ts';
import { aQueuedJob } from '../../../fakes/builders.ts';

const now = 1e12;
const pick = { usdPerHour: 0.344, bootSeconds: 100, idleSeconds: 200, worstUsd: 1 };
const none = { seconds: 0, startSeconds: 0, idleSeconds: 0 };
const running = (seconds: number) => aQueuedJob({ status: 'RUNNING', startedAt: now - seconds * 1000 });

describe('an attempt that is ended from outside', () => {
  it.each(['SUBMITTED', 'PENDING', 'RUNNABLE'])('used nothing while it was %s', (status) => {
    expect(terminatedUse(pick, aQueuedJob({ status }), now)).toEqual({ ...none, usd: 0 });
  });

  it('used nothing where it was over and never started', () => {
    const job = aQueuedJob({ status: 'FAILED', stoppedAt: now - 1000 });
    expect(terminatedUse(pick, job, now)).toEqual({ ...none, usd: 0 });
  });

  it('used a boot and the idle tail where it had a host and no container yet', () => {
    expect(terminatedUse(pick, aQueuedJob({ status: 'STARTING' }), now)).toEqual({
      seconds: 0,
      startSeconds: 100,
      idleSeconds: 200,
      usd: usdForSeconds(0.344, 300),
    });
  });

  it('runs for 30 s more: SIGTERM, then SIGKILL', () => {
    expect(terminatedUse(pick, running(60), now)).toEqual({
      seconds: 90,
      startSeconds: 100,
      idleSeconds: 200,
      usd: usdForSeconds(0.344, 90 + 100 + 200),
    });
  });

  it('used its own time where it was over already', () => {
    const job = { ...running(500), status: 'SUCCEEDED', stoppedAt: now - 400_000 };
    expect(terminatedUse(pick, job, now)).toMatchObject({ seconds: 100, usd: usdForSeconds(0.344, 400) });
  });

  it('used no negative time by clocks that differ', () => {
    const job = { ...running(0), status: 'FAILED', stoppedAt: now - 50_000 };
    expect(terminatedUse(pick, job, now).seconds).toBe(0);
  });

  it('used its whole reservation where Batch knows no such job', () => {
    expect(terminatedUse(pick, undefined, now)).toEqual({ ...none, usd: 1 });
  });

  it('used the boot that is assumed and no tail where an older version picked it', () => {
    const old = { usdPerHour: 0.344, worstUsd: 1 };
    expect(terminatedUse(old, running(60), now)).toMatchObject({ startSeconds: 210, idleSeconds: 0 });
  });

  it('used its whole reservation where it ran and its price is not known', () => {
    const old = { usdPerHour: Number.POSITIVE_INFINITY, worstUsd: 0.7 };
    expect(terminatedUse(old, running(60), now).usd).toBe(0.7);
    expect(terminatedUse(old, aQueuedJob(), now).usd).toBe(0);
  });

  it('costs at most its reservation, and more the longer it ran', () => {
    const seconds = fc.integer({ min: 0, max: 100_000 });
    fc.assert(
      fc.property(seconds, seconds, fc.double({ min: 0, max: 5, noNaN: true }), (a, b, worstUsd) => {
        const usd = (ran: number) => terminatedUse({ ...pick, worstUsd }, running(ran), now).usd;
        expect(usd(a)).toBeLessThanOrEqual(worstUsd);
        expect(usd(Math.min(a, b))).toBeLessThanOrEqual(usd(Math.max(a, b)));
      }),
    );
  });
});
