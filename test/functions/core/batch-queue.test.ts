import { describe, expect, it } from 'vitest';
import { isOver, isWaiting } from '../../../functions/core/batch-queue.ts';

describe('the status of a job', () => {
  it.each([
    ['SUBMITTED', true, false],
    ['PENDING', true, false],
    ['RUNNABLE', true, false],
    ['STARTING', false, false],
    ['RUNNING', false, false],
    ['SUCCEEDED', false, true],
    ['FAILED', false, true],
  ])('%s: it waits for a host %s, it is over %s', (status, waits, over) => {
    expect([isWaiting({ status }), isOver({ status })]).toEqual([waits, over]);
  });
});
