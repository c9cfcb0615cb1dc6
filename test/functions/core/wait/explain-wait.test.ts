import { describe, expect, it } from 'vitest';
import { explainEnd, explainWait } from '../../../../functions/core/wait/explain-wait.ts';
import { readStatusReason } from '../../../../functions/core/wait/wait-verdict.ts';

const pool = 'use1-az4/g6.xlarge/spot';
const facts = (minutes: number) => ({ pool, minutes });

describe('the sentence of a wait', () => {
  it('calls a start normal for ten minutes', () => {
    const scaling = readStatusReason('');
    expect(explainWait(scaling, facts(9))).toBe(`an instance starts in ${pool}, usually in 3 to 6 minutes`);
    expect(explainWait(scaling, facts(10))).toMatch(/^no instance in .+ after 10 minutes and no reason given/);
  });

  it('keeps the words of AWS where they say what is wrong', () => {
    const said = 'MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - too high';
    expect(explainWait(readStatusReason(said), facts(1))).toBe(`AWS Batch can't place it in ${pool}: ${said}`);
  });

  const quota = { code: 'L-1', name: 'All G', counts: ['g*'] };

  it('names the quota, what the account has and uses of it, and what would help', () => {
    const full = { kind: 'quota-full', name: 'quota-full: L-1', said: '' } as const;
    const zero = { kind: 'quota-zero', name: 'quota-zero: L-1', said: '' } as const;
    const known = (use: { have: number; used?: number }) => ({ ...facts(1), quota: { quota, need: 4, ...use } });
    expect(explainWait(full, known({ have: 8, used: 6 }))).toBe(
      `quota L-1 (All G): have 8 vCPUs, 6 used, need 4 for ${pool}; it starts when another instance ends`,
    );
    expect(explainWait(zero, known({ have: 0 }))).toBe(
      `quota L-1 (All G): have 0 vCPUs, need 4 for ${pool}; nothing of it can start until the quota is raised`,
    );
    expect(explainWait(full, facts(1))).toBe(`a quota of ${pool}; it starts when another instance ends`);
  });

  it('reads after "waited 7 min: "', () => {
    const capacity = readStatusReason('CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY');
    expect(`waited 7 min: ${explainWait(capacity, facts(7))}`).toBe(`waited 7 min: no capacity in ${pool}`);
  });
});

describe('the end of a job that never started', () => {
  it('says why, where Batch cancelled it for capacity or a misconfiguration', () => {
    const canceled = 'Canceled by JobStateTimeLimit action due to reason: ';
    expect(explainEnd(`${canceled}CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY`, pool)).toEqual({
      verdict: 'capacity',
      sentence: `no capacity in ${pool}`,
    });
    expect(explainEnd(`${canceled}MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT`, pool)?.verdict).toBe(
      'MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT',
    );
  });

  it.each([
    '',
    'JobCanceled: stopped',
    'Host EC2 (instance i-1) terminated.',
    'WorkerNeverStarted: MISCONFIGURATION:X',
  ])('adds nothing to what was said: %j', (reason) => {
    expect(explainEnd(reason, pool)).toBeUndefined();
  });
});
