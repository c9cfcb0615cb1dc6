import { beforeAll, describe, expect, it } from 'vitest';
import type { FairShareFigures } from '../../bench/scale/fair-figures.ts';
import { toNodeFlags } from '../../bench/scale/validate-memory.ts';
import { isWithinBounds, measureScale, type ScaleFigures } from '../../bench/scale.ts';

const fairShare: FairShareFigures = {
  batchShards: 8,
  smallImages: 10,
  slotAfterBatchAttempts: 2,
  endedWhileInLine: 1,
  batchSlotsMeanwhile: 0,
  batchAttemptsAfterSlot: 6,
  smallWaitSeconds: 2,
  smallSeconds: 9,
  batchSeconds: 23,
};

describe('a job of 300 prompts', () => {
  let figures: ScaleFigures;
  beforeAll(async () => {
    figures = await measureScale({ prompts: 300, workers: 2, memoryMib: 1024, makesThumbnails: false });
  }, 120_000);

  it('is delivered, in one execution', () => {
    expect(figures).toMatchObject({ prompts: 300, delivered: 300, executions: 1 });
    expect(figures.tenth).toMatchObject({ prompts: 30, delivered: 30, executions: 1 });
  });

  it('stays below what AWS allows', () => {
    // One shard: less than 50 events, and what the job has once.
    expect(figures.historyEvents).toBeGreaterThan(40);
    expect(figures.historyEvents).toBeLessThan(100);
    expect(figures.largestPayloadBytes).toBeGreaterThan(500);
    expect(figures.largestPayloadBytes).toBeLessThan(8 * 1024);
    expect(figures.lambdaInvocations).toBeGreaterThanOrEqual(7);
    expect(figures.lambdaInvocations).toBeLessThan(12);
    expect(figures.transitions).toBeGreaterThan(figures.lambdaInvocations);
    expect(figures.transitionsUsd).toBeCloseTo((figures.transitions * 0.000025) / 0.3, 6);
  });

  it('tells the time of the two functions that see every prompt, and the memory of the first', () => {
    expect(figures.validateSeconds).toBeGreaterThan(0);
    expect(figures.closeSeconds).toBeGreaterThan(0);
    expect(figures.validateMemoryMiB).toBeGreaterThan(40);
    expect(figures.validateMemoryMiB).toBeLessThan(512);
    expect(figures.linearity).toBeGreaterThan(0);
  });

  it('asks for no image one by one in a bucket that is mostly its own', () => {
    const asked = Object.entries(figures.s3).filter(([name]) => name.includes('HEAD images'));
    expect(asked.reduce((sum, [, count]) => sum + count, 0)).toBeLessThan(60);
    expect(figures.s3['worker PUT images']).toBe(300);
  });

  it('says what stands in for S3', () => {
    expect(figures.store).toContain('in memory');
    expect(figures.thumbnails).toContain('only looks');
  });

  it('is out of bounds by any of them', () => {
    const good = { ...figures, transitionsUsd: 0.0002, linearity: 1, fairShare };
    expect(isWithinBounds(good)).toBe(true);
    const bad = [
      { historyEvents: 10_000 },
      { largestPayloadBytes: 65_536 },
      { transitionsUsd: 0.001 },
      { validateMemoryMiB: 512 },
      { linearity: 1.3 },
      { fairShare: { ...fairShare, batchSlotsMeanwhile: 1 } },
    ];
    for (const one of bad) expect(isWithinBounds({ ...good, ...one })).toBe(false);
  });
});

it('gives Node the heap that Lambda gives it', () => {
  expect(toNodeFlags(1024)).toEqual(['--expose-gc', '--max-semi-space-size=51', '--max-old-space-size=922']);
});
