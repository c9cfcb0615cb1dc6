import { describe, expect, it } from 'vitest';
import type { EndedJob } from '../../../cli/status/ended-job.ts';
import type { RunningJob } from '../../../cli/status/running-job.ts';
import { endedLines, runningLines, statusLines } from '../../../cli/status/status-lines.ts';
import { aReceipt } from '../../fakes/builders.ts';

const pool = 'use1-az1/g6.xlarge/spot';
const aJob = (over: Partial<RunningJob> = {}): RunningJob => ({
  jobId: 'night',
  images: 400,
  done: 120,
  atLeast: false,
  spentUsd: 0.42,
  reservedUsd: 0.1,
  maxUsd: 2,
  secondsLeft: 840,
  rendering: 1,
  waiting: 2,
  unknown: 0,
  sentence: '2 shards wait 7 min: the quota is full',
  attempts: [{ stage: 'rendering', pool, sentence: `20 of 40 images in ${pool}`, waits: false, seconds: 60 }],
  ...over,
});
const anEnd = (over: Partial<EndedJob> = {}): EndedJob => ({
  jobId: 'yesterday',
  status: 'delivered',
  endedAt: '2026-11-29T23:00:00Z',
  receipt: aReceipt({ jobId: 'yesterday', images: 8, delivered: 8, usd: 0.25 }),
  ...over,
});

describe('the status of all jobs', () => {
  it('is a line for each and a sentence for each that waits', () => {
    const failing = [{ name: 'night', times: 2, lastJobId: 'n-2', failure: { error: 'InvalidPrompt', cause: 'No.' } }];
    const running = [
      aJob(),
      aJob({ jobId: 'new', images: undefined, secondsLeft: undefined, maxUsd: undefined, sentence: undefined }),
    ];
    expect(statusLines({ running, ended: [anEnd()], failing })).toEqual([
      'job        state      images            spent           ready in',
      'night      running    120/400           $0.42 of $2.00  14 min',
      'new        running    checking prompts  $0.42',
      'yesterday  delivered  8/8               $0.25',
      'night: 2 shards wait 7 min: the quota is full.',
      'Schedule night failed twice in a row, last as job n-2: InvalidPrompt: No.',
    ]);
  });

  it('says that there is none', () => {
    expect(statusLines({ running: [], ended: [], failing: [] })).toEqual(['No job runs, none ended.']);
  });

  it('counts reasons that are unknown, and says of a large job what the workers told', () => {
    const lines = statusLines({ running: [aJob({ unknown: 2, atLeast: true })], ended: [], failing: [] });
    expect(lines[1]).toContain('at least 120/400');
    expect(lines.at(-1)).toBe('night: 2 shards wait 7 min: the quota is full. Reasons unknown to us: 2.');
  });
});

describe('the status of one job', () => {
  it('lists its attempts while it runs', () => {
    expect(runningLines(aJob()).slice(-2)).toEqual([
      '1 shard renders, 2 wait.',
      `  rendering, 60 s: 20 of 40 images in ${pool}`,
    ]);
  });

  it('says why it failed and how it goes on', () => {
    const failure = { error: 'NoSpotCapacity', cause: 'All pools refused.' };
    const receipt = aReceipt({ images: 8, delivered: 5, failed: 3, status: 'failed', failure });
    expect(endedLines(anEnd({ status: 'failed', receipt }), ' --stack mine').slice(-3)).toEqual([
      'It ended 2026-11-29T23:00:00Z.',
      'NoSpotCapacity: All pools refused.',
      'Left: 3; `npm start -- resume yesterday --stack mine` renders them.',
    ]);
  });

  it('has a line without figures for what has no receipt', () => {
    expect(endedLines({ jobId: 'plan', status: 'SUCCEEDED' }, '')[1]?.split(/ +/)).toEqual(['plan', 'succeeded']);
  });
});
