import { describe, expect, it } from 'vitest';
import { aPick, aRecord, aSettlement, aTried } from '../fakes/builders.ts';
import { makeFakeClock } from '../fakes/clock.ts';
import { causeOf, interrupted, setUp } from './settling.ts';

const refused = { stage: 'pick', error: 'NoSpotCapacity', cause: '{"errorMessage":"No capacity for shard 0."}' };
const patient = aTried({ waits: 64 });
const now = makeFakeClock().now();
const at = (seconds: number) => new Date(now + seconds * 1000).toISOString();
const key = (shard: number, attempt: number) => `jobs/job-1/attempts/0000${shard}-${attempt}.settled.json`;
const minute = (iso: string) => `${iso.slice(0, 16)}Z`;

/** Attempts of the shard, and of another one, that were settled before. */
async function setUpWith(...before: readonly Parameters<typeof aSettlement>[0][]) {
  const setting = await setUp();
  for (const [index, over] of before.entries()) {
    const settlement = aSettlement({ attempt: index + 1, outcome: 'NoSpotCapacity', ...over });
    await setting.bucket.write(key(settlement.shard, settlement.attempt), JSON.stringify(settlement));
  }
  return setting;
}

describe('a shard that stops for want of a pool', () => {
  it('says in its failure what was tried, when and why, of all its attempts', async () => {
    const { settle } = await setUpWith(
      { pool: 'a/g6.xlarge/spot', endedAt: at(-7200) },
      { pool: 'b/g6.xlarge/spot', endedAt: at(-3600), outcome: 'SpotInterrupted' },
      { pool: 'other/g6.xlarge/spot', shard: 1 },
      { pool: 'good/g6.xlarge/spot', outcome: 'Succeeded' },
    );
    const { step, failures } = await settle(refused, { pick: undefined, attempt: 5, tried: patient });
    expect(step).toMatchObject({ action: 'stop', outcome: 'NoSpotCapacity', reason: 'No capacity for shard 0.' });
    expect(failures).toEqual([
      {
        error: 'NoSpotCapacity',
        cause:
          `No capacity for shard 0. Tried: a/g6.xlarge/spot: NoSpotCapacity ${minute(at(-7200))}; ` +
          `b/g6.xlarge/spot: SpotInterrupted ${minute(at(-3600))}.`,
      },
    ]);
  });

  it('says so after a loss too many, the last attempt included, in the order of the attempts', async () => {
    const { settle } = await setUpWith({}, ...Array.from({ length: 10 }, (_, index) => ({ attempt: 12 - index })));
    const { failures } = await settle(interrupted, { attempt: 13, tried: aTried({ counts: { SpotInterrupted: 10 } }) });
    expect(failures).toMatchObject([
      {
        error: 'SpotInterrupted',
        cause: expect.stringMatching(
          /^Host EC2 .* terminated\. Tried: .*11x NoSpotCapacity; .*: SpotInterrupted 20.*Z\.$/,
        ),
      },
    ]);
  });

  it('stops with that reason once the job has used up the events of an execution', async () => {
    const { bucket, settle } = await setUpWith();
    const waits = Array.from({ length: 665 }, (_, index) => `jobs/job-1/attempts/00007-${index + 1}.pause.json`);
    for (const pause of waits) await bucket.write(pause, '{}');
    expect((await settle(refused, { pick: undefined })).step.action).toBe('wait');
    const { failures } = await settle(refused, { pick: undefined, tried: aTried({ waits: 1 }) });
    expect(failures[0]?.cause).toContain('no events left');
  });

  it('has nothing to list where no pool took it, and for a fault of the job', async () => {
    const { settle } = await setUpWith();
    const { failures } = await settle(refused, { pick: undefined, tried: patient });
    expect(failures).toEqual([{ error: 'NoSpotCapacity', cause: 'No capacity for shard 0.' }]);
    const end = { stage: 'run', error: 'States.TaskFailed', cause: causeOf({ Container: { ExitCode: 83 } }) };
    expect((await settle(end)).failures).toEqual([{ error: 'GenerationFailed', cause: 'worker exit code 83' }]);
  });

  it('asks for nothing of the kind while it goes on', async () => {
    const { bucket, settle } = await setUpWith({});
    const list = bucket.list;
    const asked: string[] = [];
    Object.assign(bucket, {
      list: async (prefix: string) => {
        asked.push(prefix);
        return list(prefix);
      },
    });
    const ofShard = 'jobs/job-1/attempts/00000-';
    await settle(refused, { pick: undefined });
    expect(asked).not.toContain(ofShard);
    await settle(refused, { pick: undefined, tried: patient });
    expect(asked).toContain(ofShard);
  });
});

describe('a shard that waits towards `readyBy`', () => {
  it('waits no longer than to the deadline', async () => {
    const { settle } = await setUp({ random: 1 });
    const wait = async (readyBy?: string | null) => (await settle(refused, { pick: undefined, readyBy })).step;
    expect(await wait()).toMatchObject({ action: 'wait', waitSeconds: 60 });
    expect(await wait(null)).toMatchObject({ action: 'wait', waitSeconds: 60 });
    expect(await wait(at(3600))).toMatchObject({ action: 'wait', waitSeconds: 60 });
    expect(await wait(at(25))).toMatchObject({ action: 'wait', waitSeconds: 25 });
  });

  it('stops at the deadline, and says that it is the reason', async () => {
    const { settle } = await setUpWith({ pool: 'a/g6.xlarge/spot', endedAt: at(-60) });
    const { step, failures } = await settle(refused, { pick: undefined, readyBy: at(0), attempt: 2 });
    expect(step.action).toBe('stop');
    expect(failures[0]?.cause).toBe(
      `No capacity for shard 0. \`readyBy\` ${minute(at(0))} has passed: it waits no longer. ` +
        `Tried: a/g6.xlarge/spot: NoSpotCapacity ${minute(at(-60))}.`,
    );
  });

  it('goes on elsewhere after a loss: what renders late is still delivered', async () => {
    const { settle } = await setUp();
    expect((await settle(interrupted, { readyBy: at(-60) })).step.action).toBe('sideways');
  });
});

describe('the words on an attempt', () => {
  const end = (over: object) => ({ stage: 'run', error: 'States.TaskFailed', cause: causeOf(over) });

  it("are Batch's and the worker's where they know of different ends", async () => {
    const record = JSON.stringify(aRecord({ outcome: 'JobCanceled', message: 'SIGTERM after 3 images.' }));
    const { settle } = await setUp({ record });
    const { step } = await settle(end({ StatusReason: 'Job attempt duration exceeded timeout' }));
    expect(step).toMatchObject({
      outcome: 'WorkerLost',
      reason: 'Job attempt duration exceeded timeout; the worker: SIGTERM after 3 images.',
    });
  });

  it('are one line without control characters, whoever wrote them', async () => {
    const { settle, settlement } = await setUp();
    const { step } = await settle(end({ StatusReason: 'x\u001b[2J\r\n{"level":"ERROR"}\u202e' }), { pick: aPick() });
    expect(step.reason).toBe('unknown end: x [2J {"level":"ERROR"} (no exit code)');
    expect((await settlement()).reason).toBe(step.reason);
  });
});
