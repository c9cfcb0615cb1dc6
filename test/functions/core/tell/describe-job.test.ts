import { describe, expect, it } from 'vitest';
import type { Pause } from '../../../../functions/core/shard/pause.ts';
import type { AttemptView, Stage } from '../../../../functions/core/tell/describe-attempt.ts';
import { describeJob } from '../../../../functions/core/tell/describe-job.ts';

const now = Date.parse('2026-11-30T12:00:00Z');
const aView = (stage: Stage, over: Partial<AttemptView> = {}): AttemptView => ({
  stage,
  pool: 'use1-az1/g6.xlarge/spot',
  sentence: `because of ${stage}`,
  waits: stage !== 'rendering' && stage !== 'settling',
  seconds: 60,
  ...over,
});
const aPause = (from: string, seconds: number): Pause => ({
  version: 1,
  shard: 1,
  from,
  seconds,
  reason: 'All refused.',
});

describe('a running job in one sentence', () => {
  it('says nothing while everything renders', () => {
    expect(describeJob([aView('rendering'), aView('settling')], { pauses: [], refusals: [] }, now)).toEqual({
      rendering: 1,
      waiting: 0,
      unknown: 0,
    });
  });

  it('counts the shards that wait for the same, and says how long the longest does', () => {
    const views = [aView('quota-full'), aView('quota-full', { seconds: 420, sentence: 'the quota is full' })];
    expect(describeJob(views, { pauses: [], refusals: [] }, now).sentence).toBe(
      '2 shards wait 7 min: the quota is full',
    );
  });

  it('names first what a person can change, and counts the rest by its kind', () => {
    const views = [aView('scaling', { seconds: 600 }), aView('quota-zero'), aView('loading')];
    expect(describeJob(views, { pauses: [], refusals: [] }, now).sentence).toBe(
      '1 shard waits 60 s: because of quota-zero. 2 more for other reasons (scaling, loading)',
    );
  });

  it('counts reasons that are unknown as unknown', () => {
    const { unknown, waiting, sentence } = describeJob(
      [aView('unknown'), aView('undetermined'), aView('scaling')],
      { pauses: [], refusals: [] },
      now,
    );
    expect({ unknown, waiting }).toEqual({ unknown: 2, waiting: 3 });
    expect(sentence).toMatch(/^1 shard waits 60 s: because of unknown\./);
  });

  it('tells of a shard without a pool until it looks again, and not after', () => {
    const { sentence, waiting } = describeJob([], { pauses: [aPause('2026-11-30T11:59:00Z', 240)], refusals: [] }, now);
    expect(sentence).toBe('1 shard waits 60 s: All refused; it looks again in 3 min');
    expect(waiting).toBe(1);
    expect(describeJob([], { pauses: [aPause('2026-11-30T11:50:00Z', 600)], refusals: [] }, now)).toEqual({
      rendering: 0,
      waiting: 0,
      unknown: 0,
    });
  });

  it('names the pools that had no capacity, and since when', () => {
    const refusals = ['a', 'b', 'a', 'c', 'd'].map((pool, index) => ({ pool, endedAt: `2026-11-30T11:5${index}:30Z` }));
    expect(describeJob([aView('scaling')], { pauses: [], refusals }, now).sentence).toBe(
      '1 shard waits 60 s: because of scaling. No capacity so far since 11:50Z: a, b, c and 1 more',
    );
    expect(describeJob([aView('rendering')], { pauses: [], refusals }, now).sentence).toBeUndefined();
  });
});

it('counts what renders, and what nobody can explain', () => {
  const views = [
    ...['rendering', 'loading'].map((stage) => ({ stage, waits: false })),
    ...['unknown', 'undetermined', 'scaling'].map((stage) => ({ stage, waits: true })),
  ].map((view) => ({ pool: 'p', sentence: 's', seconds: 1, ...view }) as AttemptView);
  expect(describeJob(views, { pauses: [], refusals: [] }, 0)).toMatchObject({ rendering: 1, waiting: 3, unknown: 2 });
});
