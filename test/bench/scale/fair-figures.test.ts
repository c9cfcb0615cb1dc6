import { describe, expect, it } from 'vitest';
import { toFairShare } from '../../../bench/scale/fair-figures.ts';
import { anHistory, entered, exited, iteration } from './events.ts';

const at = (second: number) => new Date(Date.parse('2026-11-30T22:00:00Z') + second * 1000);
const run = 'Run GPU job';

const batch = anHistory(
  { ...iteration(0), timestamp: at(0) },
  { ...iteration(1), timestamp: at(0) },
  { ...entered(run), timestamp: at(1) },
  { ...exited(run), timestamp: at(4) },
  { ...entered(run), timestamp: at(5) },
  { ...exited(run), timestamp: at(11) },
  { ...entered(run), timestamp: at(20) },
  { ...exited(run), timestamp: at(30) },
);
const smallFrom = (slot: number) =>
  anHistory(
    { ...entered('Validate prompts'), timestamp: at(8) },
    { ...entered('Pick spot pool'), timestamp: at(10) },
    { ...entered(run), timestamp: at(slot) },
    { ...exited(run), timestamp: at(slot + 2) },
  );

describe('a small job beside a batch', () => {
  it('had its slot after the next attempt of the batch that ended', () => {
    expect(toFairShare(batch, smallFrom(12), 10)).toEqual({
      batchShards: 2,
      smallImages: 10,
      slotAfterBatchAttempts: 2,
      endedWhileWaiting: 1,
      batchSlotsMeanwhile: 0,
      batchAttemptsAfterSlot: 1,
      smallWaitSeconds: 2,
      smallSeconds: 6,
      batchSeconds: 30,
    });
  });

  it('shows it where the batch took a slot before it', () => {
    const late = toFairShare(batch, smallFrom(25), 10);
    expect(late).toMatchObject({ batchSlotsMeanwhile: 1, batchAttemptsAfterSlot: 0, smallWaitSeconds: 15 });
  });

  it('is no figure where it never ran', () => {
    expect(() => toFairShare(batch, anHistory(entered('Pick spot pool')), 10)).toThrow(TypeError);
  });
});
