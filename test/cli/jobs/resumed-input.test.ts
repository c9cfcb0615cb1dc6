import { describe, expect, it } from 'vitest';
import { PlainProblem } from '../../../cli/grammar/plain-problem.ts';
import type { JobFiles } from '../../../cli/jobs/job-files.ts';
import { toResumedInput } from '../../../cli/jobs/resumed-input.ts';
import { aJob } from '../../fakes/builders.ts';

const now = Date.parse('2026-11-24T08:00:00Z');
const someFiles = (over: Partial<JobFiles> = {}): JobFiles => ({
  jobId: 'night',
  resumedBy: [],
  manifest: [],
  spentUsd: 0,
  job: aJob(),
  ...over,
});
const resumed = (files: JobFiles, input: Readonly<Record<string, unknown>> = {}) =>
  toResumedInput(files, input, { bucket: 'b', now });

describe('the input of a job that goes on', () => {
  it('names the requeue file and keeps what the first was told', () => {
    const job = aJob({ maxUsdPerHour: 0.5, onDemand: 'fallback', sameGpu: true, notify: 'me' });
    expect(resumed(someFiles({ job }))).toEqual({
      promptsFile: 's3://b/jobs/night/requeue.jsonl',
      maxUsdPerHour: 0.5,
      onDemand: 'fallback',
      sameGpu: true,
      notify: 'me',
    });
  });

  it('may spend what the job and those that resumed it left of its limit', () => {
    expect(resumed(someFiles({ job: aJob({ maxUsd: 2 }), spentUsd: 1.2345678 }))).toMatchObject({ maxUsd: 0.765432 });
  });

  it('does not begin where the limit is spent, unless told how much more it may', () => {
    const files = someFiles({ job: aJob({ maxUsd: 2 }), spentUsd: 2 });
    expect(() => resumed(files)).toThrow(PlainProblem);
    expect(() => resumed(files)).toThrow('has spent $2.00 of its `maxUsd` of $2.00. To fix: ');
    expect(resumed(files, { maxUsd: 1 })).toMatchObject({ maxUsd: 1 });
  });

  it('keeps a deadline that is still to come, and no other', () => {
    const due = (readyBy: string) => resumed(someFiles({ job: aJob({ readyBy }) }));
    expect(due('2026-11-24T09:00:00.000Z')).toMatchObject({ readyBy: '2026-11-24T09:00:00.000Z' });
    expect(due('2026-11-24T07:00:00.000Z')).not.toHaveProperty('readyBy');
  });
});
