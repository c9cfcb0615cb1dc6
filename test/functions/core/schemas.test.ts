import { describe, expect, it } from 'vitest';
import { closeRequestSchema, longestCause } from '../../../functions/core/close/closing.ts';
import { toJob } from '../../../functions/core/input/job.ts';
import { parseJobInput } from '../../../functions/core/input/job-input.ts';
import { jobSchema } from '../../../functions/core/input/job-schema.ts';
import { pickSchema } from '../../../functions/core/pick/pick-schema.ts';
import { parseShard, shardSchema } from '../../../functions/core/plan/shard-schema.ts';
import { triedSchema } from '../../../functions/core/shard/tried-schema.ts';
import { aJob, anImage, aPick, aShard, aTried, startedAt } from '../../fakes/builders.ts';

describe('toJob', () => {
  it('keeps what later states need to know, and no prompt', () => {
    const { input } = parseJobInput({
      ...{
        prompt: 'secret',
        mode: 'plan',
        maxUsd: 2,
        maxUsdPerHour: 0.5,
        onDemand: 'only',
        sameGpu: true,
        notify: 'me',
      },
    });
    if (!input) throw new Error('Expected an input');
    const facts = { jobId: 'j', startedAt, images: 2, duplicates: 1, models: ['tiny'], readyBy: startedAt };
    expect(toJob(input, facts)).toEqual({
      ...facts,
      ...{ mode: 'plan', maxUsd: 2, maxUsdPerHour: 0.5, onDemand: 'only', sameGpu: true, notify: 'me' },
    });
  });
});

describe('jobSchema', () => {
  it('reads a job back from a variable of the machine, where absent fields are null', () => {
    const job = aJob({ maxUsd: 1, maxUsdPerHour: 2, readyBy: startedAt });
    expect(jobSchema.parse(JSON.parse(JSON.stringify(job)))).toEqual(job);
    expect(jobSchema.parse({ ...aJob(), maxUsd: null, maxUsdPerHour: null, readyBy: null })).toEqual(aJob());
  });

  it.each([{ images: 0 }, { jobId: '' }, { mode: 'dry' }, { onDemand: 'yes' }, { duplicates: -1 }, { models: 'tiny' }])(
    'refuses %j',
    (change) => {
      expect(jobSchema.safeParse({ ...aJob(), ...change }).success).toBe(false);
    },
  );
});

describe('triedSchema', () => {
  it('reads what a shard remembers', () => {
    const tried = aTried({ closedPools: ['a'], vramAboveGib: 22, waits: 2, counts: { WorkerLost: 1 } });
    expect(triedSchema.parse(tried)).toEqual(tried);
  });

  it.each([{ closedPools: 'a' }, { vramAboveGib: '22' }, { waits: -1 }, { counts: { WorkerLost: 0.5 } }])(
    'refuses %j',
    (change) => {
      expect(triedSchema.safeParse({ ...aTried(), ...change }).success).toBe(false);
    },
  );
});

describe('pickSchema', () => {
  it('keeps the part of a pick that is needed to settle it', () => {
    expect(pickSchema.parse({ ...aPick(), ranked: [], timeoutSeconds: 60 })).toEqual({ ...aPick(), ranked: [] });
  });

  it.each(Object.keys(aPick()))('asks for %s', (field) => {
    expect(pickSchema.safeParse({ ...aPick(), [field]: undefined }).success).toBe(false);
  });
});

describe('parseShard', () => {
  it('reads a shard file', () => {
    expect(parseShard(JSON.stringify(aShard()))).toEqual(aShard());
  });

  it.each([
    { version: 2 },
    { images: [] },
    { images: [{ ...anImage(), hash: 'F'.repeat(64) }] },
    { images: [{ ...anImage(), hash: 'f'.repeat(63) }] },
    { extra: 1 },
    { shard: 0.5 },
    { jobId: '' },
  ])('refuses %j', (change) => {
    expect(shardSchema.safeParse({ ...aShard(), ...change }).success).toBe(false);
  });
});

describe('closeRequestSchema', () => {
  const request = { jobId: 'j', startedAt, failures: [] };

  it("takes the sentence out of a Lambda's cause", () => {
    const failures = [
      { error: 'InvalidJob', cause: '{"errorMessage":"wrong"}' },
      { error: 'X', cause: 'plain' },
    ];
    expect(closeRequestSchema.parse({ ...request, failures }).failures).toEqual([
      { error: 'InvalidJob', cause: 'wrong' },
      { error: 'X', cause: 'plain' },
    ]);
  });

  it('takes a job without a plan and without a word on notifications', () => {
    expect(closeRequestSchema.parse({ ...request, plannedUsd: null, notify: null })).toMatchObject({
      plannedUsd: null,
    });
    expect(closeRequestSchema.safeParse(request).success).toBe(true);
  });

  it.each([{ jobId: '' }, { failures: undefined }, { startedAt: 3 }, { plannedUsd: { p50: 1 } }])(
    'refuses %j',
    (change) => {
      expect(closeRequestSchema.safeParse({ ...request, ...change }).success).toBe(false);
    },
  );

  it('takes a failure without a cause: Step Functions gives none after some timeouts', () => {
    expect(closeRequestSchema.safeParse({ ...request, failures: [{ error: 'States.Timeout' }] }).success).toBe(true);
  });

  it("knows AWS's limit for a cause", () => {
    expect(longestCause).toBe(32_768);
  });
});
