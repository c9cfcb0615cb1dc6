import { describe, expect, it } from 'vitest';
import {
  isDoubtful,
  kindOfVerdict,
  mayBeQuota,
  readStatusReason,
  withQuota,
} from '../../../../functions/core/wait/wait-verdict.ts';

const read = (text: string) => {
  const { kind, name } = readStatusReason(text);
  return [kind, name];
};

describe('a status reason of AWS Batch', () => {
  it.each([
    ['', 'scaling', 'scaling'],
    ['  ', 'scaling', 'scaling'],
    ['CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - Service cannot fulfill', 'capacity', 'capacity'],
    [
      'Canceled by JobStateTimeLimit action due to reason: CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY',
      'capacity',
      'capacity',
    ],
    [
      'MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE - CE(s) associated',
      'misconfiguration',
      'MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE',
    ],
    ['MISCONFIGURATION:SERVICE_ROLE_PERMISSIONS - x', 'misconfiguration', 'MISCONFIGURATION:SERVICE_ROLE_PERMISSIONS'],
    ['ACTION_REQUIRED - CE(s) associated with the job queue are invalid.', 'misconfiguration', 'ACTION_REQUIRED'],
    ['UNDETERMINED - Batch job is blocked, root cause is undetermined.', 'undetermined', 'undetermined'],
    ['blocked-reason', 'unknown', 'unknown: blocked-reason'],
    ['no ACTION_REQUIRED', 'unknown', 'unknown: no ACTION_REQUIRED'],
    ['CAPACITY:OTHER', 'unknown', 'unknown: CAPACITY:OTHER'],
  ])('%j is %s', (text, kind, name) => {
    expect(read(text)).toEqual([kind, name]);
  });

  it('hides a quota where it names no fault of the configuration', () => {
    const kinds = ['', 'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY', 'UNDETERMINED', 'ACTION_REQUIRED', 'else'];
    expect(kinds.map((text) => mayBeQuota(readStatusReason(text)))).toEqual([true, true, true, false, false]);
  });

  it('gives way to a quota that is zero or full, and to no other', () => {
    const quota = { code: 'L-1', name: 'n', counts: [] };
    const capacity = readStatusReason('CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY');
    expect(withQuota(capacity, { quota, need: 4, have: 0 })).toMatchObject({
      kind: 'quota-zero',
      name: 'quota-zero: L-1',
    });
    expect(withQuota(capacity, { quota, need: 4, have: 4, used: 4 })).toMatchObject({ kind: 'quota-full' });
    expect(withQuota(capacity, { quota, need: 4, have: 8, used: 4 })).toBe(capacity);
    expect(withQuota(capacity, undefined)).toBe(capacity);
    const misfit = readStatusReason('MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT');
    expect(withQuota(misfit, { quota, need: 4, have: 0 })).toBe(misfit);
  });
});

describe('the kind of a verdict that the ledger keeps by its name', () => {
  it.each([
    ['capacity', 'capacity'],
    ['quota-zero: L-3819A6DF', 'quota-zero'],
    ['quota-full: L-3819A6DF', 'quota-full'],
    ['undetermined', 'undetermined'],
    ['scaling', 'scaling'],
    ['unknown: something new', 'unknown'],
    ['MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT', 'misconfiguration'],
    ['ACTION_REQUIRED', 'misconfiguration'],
  ])('of %s is %s', (name, kind) => {
    expect(kindOfVerdict(name)).toBe(kind);
  });

  it.each(['misconfiguration', 'undetermined', 'unknown'] as const)("%s is Batch's word alone", (kind) => {
    expect(isDoubtful(kind)).toBe(true);
  });

  it.each(['capacity', 'quota-zero', 'quota-full', 'scaling'] as const)('%s is no doubt', (kind) => {
    expect(isDoubtful(kind)).toBe(false);
  });
});
