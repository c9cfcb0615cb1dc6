import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { toMoments } from '../../../cli/follow/moments.ts';

const anEvent = (over: Partial<HistoryEvent>): HistoryEvent => ({
  id: 1,
  timestamp: new Date(0),
  type: undefined,
  ...over,
});
const entered = (name: string, input: object) =>
  toMoments(anEvent({ stateEnteredEventDetails: { name, input: JSON.stringify(input) } }));
const exited = (name: string, output: object) =>
  toMoments(anEvent({ stateExitedEventDetails: { name, output: JSON.stringify(output) } }));
const step = { action: 'done', waitSeconds: 0, outcome: 'Succeeded', reason: '', pool: 'a/b/spot', seconds: 3 };
const pick = { pool: 'a/b/spot', ranked: [], timeoutSeconds: 60 };

describe('the moments of an execution', () => {
  it('begin with a state and its shard, or the part that it runs', () => {
    expect(entered('Pick spot pool', { shard: 2, attempt: 1 })).toEqual([
      { kind: 'entered', state: 'Pick spot pool', shard: 2 },
    ]);
    expect(entered('Run part', { part: 3 })).toEqual([{ kind: 'entered', state: 'Run part', part: 3 }]);
    expect(entered('Plan job', {})).toEqual([{ kind: 'entered', state: 'Plan job' }]);
  });

  it.each([
    ['Find missing images', { shard: 0, images: 5, missing: 2 }, 'found'],
    ['Pick spot pool', { shard: 0, attempt: 1, pick }, 'picked'],
    ['Settle attempt', { shard: 0, step }, 'settled'],
  ])('are told by what %s answers', (state, output, kind) => {
    expect(exited(state, output)).toEqual([{ kind, ...output }]);
  });

  it('are none where a state answers something else, or is of no interest', () => {
    expect(exited('Pick spot pool', { shard: 0 })).toEqual([]);
    expect(exited('Make thumbnails', { shard: 0 })).toEqual([]);
    expect(toMoments(anEvent({ type: 'TaskScheduled' }))).toEqual([]);
  });

  it.each([
    [{ type: 'ExecutionSucceeded' as const }, { status: 'SUCCEEDED' }],
    [
      { type: 'ExecutionFailed' as const, executionFailedEventDetails: { error: 'InvalidJob', cause: 'why' } },
      { status: 'FAILED', error: 'InvalidJob', cause: 'why' },
    ],
    [{ type: 'ExecutionAborted' as const, executionAbortedEventDetails: {} }, { status: 'ABORTED' }],
    [{ type: 'ExecutionTimedOut' as const }, { status: 'TIMED_OUT' }],
  ])('end with %j', (event, end) => {
    expect(toMoments(anEvent(event))).toEqual([{ kind: 'ended', ...end }]);
  });
});
