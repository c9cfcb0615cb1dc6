import { describe, expect, it } from 'vitest';
import { isQuotaFull } from '../../functions/core/market/quota-advice.ts';
import { requestsUsdPerImage } from '../../functions/core/pick/cost-model.ts';
import { aRecord, aRecordOf, aTried, images } from '../fakes/builders.ts';
import { causeOf, interrupted, settlementKey, setUp, succeeded } from './settling.ts';

const refused = { stage: 'pick', error: 'NoSpotCapacity', cause: '{"errorMessage":"No capacity"}' };

describe('settle-attempt', () => {
  it('settles an attempt that succeeded', async () => {
    const { bucket, ledger, queue, settle } = await setUp();
    const job = JSON.parse(causeOf({ Status: 'SUCCEEDED' }));
    expect(await settle({ stage: 'run', job })).toEqual({
      attempt: 2,
      tried: aTried(),
      step: {
        outcome: 'Succeeded',
        pool: 'use1-az1/g6.xlarge/spot',
        images: 0,
        seconds: 390,
        usd: 0.06,
        reason: '',
        action: 'done',
        waitSeconds: 0,
        batchJob: 'https://eu-west-1.console.aws.amazon.com/batch/home?region=eu-west-1#jobs/ec2/detail/b-1',
      },
      failures: [],
    });
    expect(JSON.parse((await bucket.read(settlementKey)) ?? '')).toMatchObject({
      outcome: 'Succeeded',
      batchJobId: 'b-1',
    });
    expect(ledger.settled).toEqual([{ jobName: 'job-1-s0-a1', usd: expect.closeTo(0.06, 9) }]);
    expect(queue.asked).toEqual([]);
  });

  it('links to the log of the attempt, however it ended', async () => {
    const container = { LogStreamName: 'worker/default/0a1b' };
    const log =
      'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1' +
      '#logsV2:log-groups/log-group/$252Fspot-diffusion$252Fworker/log-events/worker$252Fdefault$252F0a1b';
    for (const end of [
      succeeded({ Container: container }),
      {
        ...interrupted,
        cause: causeOf({ StatusReason: 'Host EC2 (instance i-0abc) terminated.', Container: container }),
      },
    ]) {
      const { settle } = await setUp();
      expect((await settle(end)).step.log).toBe(log);
    }
  });

  it('links to no console for a job of this machine', async () => {
    const { settle } = await setUp({ simulated: true });
    const { step } = await settle(succeeded({ Container: { LogStreamName: 'a.log' } }));
    expect(step).not.toHaveProperty('log');
    expect(step).not.toHaveProperty('batchJob');
  });

  it('goes sideways after an interruption, never to the pool just lost', async () => {
    const { settle } = await setUp();
    expect(await settle(interrupted)).toMatchObject({
      attempt: 2,
      tried: { closedPools: ['use1-az1/g6.xlarge/spot'], counts: { SpotInterrupted: 1 } },
      step: { action: 'sideways', outcome: 'SpotInterrupted', reason: 'Host EC2 (instance i-0abc) terminated.' },
      failures: [],
    });
  });

  it('writes what the attempt cost, settles the ledger, frees the slot and learns, in this order', async () => {
    const { bucket, ledger, slots, learned, settle } = await setUp();
    const order: string[] = [];
    const spy = <T extends object>(on: T, method: keyof T & string) => {
      const call = on[method] as (...given: unknown[]) => unknown;
      Object.assign(on, {
        [method]: async (...given: unknown[]) => {
          order.push(method);
          return call(...given);
        },
      });
    };
    spy(bucket, 'writeOnce');
    spy(ledger, 'settle');
    spy(slots, 'free');
    spy(learned, 'add');
    await settle(interrupted);
    expect(order).toEqual(['writeOnce', 'settle', 'free', 'add']);
    expect(await ledger.open('job-1')).toEqual([]);
  });

  it("takes the worker's own words over its exit code, on one line and cut", async () => {
    const record = JSON.stringify(aRecord({ outcome: 'WeightsUnavailable', message: `no\n  file ${'x'.repeat(700)}` }));
    const { settle } = await setUp({ record });
    const end = { stage: 'run', error: 'States.TaskFailed', cause: causeOf({ Container: { ExitCode: 82 } }) };
    const { step } = await settle(end, { tried: aTried({ counts: { WeightsUnavailable: 1 } }) });
    expect(step).toMatchObject({ outcome: 'WeightsUnavailable', action: 'stop' });
    expect(step.reason).toMatch(/^no file x+$/);
    expect(step.reason).toHaveLength(600);
  });

  it.each(['{"version":1}', JSON.stringify(aRecord({ message: '' }))])(
    'keeps its own words over the record %j',
    async (record) => {
      const { settle } = await setUp({ record });
      expect((await settle(interrupted)).step.reason).toBe('Host EC2 (instance i-0abc) terminated.');
    },
  );

  it('keeps its own words over a record that is no JSON', async () => {
    const { settle } = await setUp({ record: '{"version":' });
    expect((await settle(interrupted)).step.reason).toBe('Host EC2 (instance i-0abc) terminated.');
  });

  it('has no words of a worker after success', async () => {
    const { settle } = await setUp({ record: JSON.stringify(aRecord({ message: 'left over' })) });
    expect((await settle({ stage: 'run', job: JSON.parse(causeOf({})) })).step.reason).toBe('');
  });

  it('stops with the name and the cause where the job is at fault', async () => {
    const { settle } = await setUp();
    const end = { stage: 'run', error: 'States.TaskFailed', cause: causeOf({ Container: { ExitCode: 83 } }) };
    expect(await settle(end)).toMatchObject({
      step: { action: 'stop' },
      failures: [{ error: 'GenerationFailed', cause: 'worker exit code 83' }],
    });
  });

  it('counts the requests of the images that the worker tells of', async () => {
    const { settle, settlement } = await setUp({ record: JSON.stringify(aRecordOf(images(3))) });
    const { step } = await settle(succeeded());
    // 390 s and a boot of 210 s at $0.344 and $0.016 an hour
    expect(step.usd).toBeCloseTo(0.06 + 3 * requestsUsdPerImage, 9);
    expect(await settlement()).toMatchObject({ images: 3, usd: step.usd });
  });

  it('fails for an event that is none', async () => {
    await expect((await setUp()).settle({ stage: 'other' })).rejects.toThrow();
  });
});

describe('settle-attempt after a pick that was refused', () => {
  const none = { pick: undefined };

  it('waits and opens all pools again, without a new attempt, without a settlement', async () => {
    const { bucket, ledger, slots, learned, queue, settle } = await setUp();
    expect(await settle(refused, { ...none, attempt: 4, tried: aTried({ closedPools: ['a'] }) })).toEqual({
      attempt: 4,
      tried: aTried({ waits: 1, counts: { NoSpotCapacity: 1 } }),
      step: {
        action: 'wait',
        waitSeconds: 30,
        outcome: 'NoSpotCapacity',
        reason: 'No capacity',
        pool: 'none',
        images: 0,
        seconds: 0,
        usd: 0,
      },
      failures: [],
    });
    expect(bucket.written).toEqual(['jobs/job-1/attempts/00000-1.pause.json']);
    expect(ledger.settled).toEqual([]);
    expect(slots.freed).toEqual([]);
    expect(learned.lessons).toEqual([]);
    expect(queue.asked).toEqual([]);
  });

  it.each([
    [1, 1, 60],
    [0, 0.02, 1],
    [0.5, 0.1, 5],
  ])('waits by chance %f and time scale %f for %i s: never less than one', async (random, timeScale, seconds) => {
    const { settle } = await setUp({ random, timeScale });
    expect((await settle(refused, none)).step.waitSeconds).toBe(seconds);
  });

  it('takes null for no pick', async () => {
    const { settle } = await setUp();
    expect((await settle(refused, { pick: null })).step.action).toBe('wait');
  });

  it('waits for a full quota without opening pools: none is at fault', async () => {
    const { settle } = await setUp({ random: 1 });
    const reason = 'The vCPU quota is full for shard 0: quota X (Y): have 4 vCPUs, 4 used, need 4.';
    expect(isQuotaFull(reason)).toBe(true);
    const end = { ...refused, cause: JSON.stringify({ errorMessage: reason }) };
    expect(await settle(end, { ...none, tried: aTried({ closedPools: ['a'] }) })).toMatchObject({
      tried: aTried({ closedPools: ['a'], counts: { WaitsForSlot: 1 } }),
      step: { action: 'wait', waitSeconds: 60, reason },
    });
  });

  it('stops when the budget does not allow the attempt', async () => {
    const { settle } = await setUp();
    const end = { stage: 'pick', error: 'BudgetExceeded', cause: '{"errorMessage":"too dear"}' };
    expect(await settle(end, none)).toMatchObject({
      step: { action: 'stop', pool: 'none' },
      failures: [{ error: 'BudgetExceeded', cause: 'too dear' }],
    });
  });
});
