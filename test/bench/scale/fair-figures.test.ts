import { describe, expect, it } from 'vitest';
import { isFair, toFairShare } from '../../../bench/scale/fair-figures.ts';
import { anHistory, entered, exited, failed, iteration } from './events.ts';

const at = (second: number) => ({ timestamp: new Date(Date.parse('2026-11-30T22:00:00Z') + second * 1000) });
const [pick, run, settle] = ['Pick spot pool', 'Run GPU job', 'Settle attempt'];

const batch = anHistory(
  { ...iteration(0), ...at(0) },
  { ...iteration(1), ...at(0) },
  { ...entered(pick), ...at(1) },
  { ...entered(run), ...at(2) },
  { ...exited(run), ...at(4) },
  { ...entered(settle), ...at(4) },
  { ...exited(settle), ...at(5) },
  { ...entered(pick), ...at(5) },
  { ...entered(run), ...at(12) },
  { ...exited(run), ...at(14) },
  { ...entered(settle), ...at(14) },
  { ...exited(settle), ...at(15) },
  { ...entered(pick), ...at(16) },
  { ...failed, ...at(16) },
  { ...entered(settle), ...at(16) },
  { ...exited(settle), ...at(17) },
  { ...entered(pick), ...at(18) },
  { ...entered(run), ...at(20) },
  { ...exited(run), ...at(29) },
  { ...entered(settle), ...at(29) },
  { ...exited(settle), ...at(30) },
);
const smallFrom = (slot: number) =>
  anHistory(
    { ...entered('Validate prompts'), ...at(8) },
    { ...entered(pick), ...at(10) },
    { ...failed, ...at(11) },
    { ...entered(pick), ...at(slot - 1) },
    { ...entered(run), ...at(slot) },
    { ...exited(run), ...at(slot + 2) },
  );

describe('a small job beside a batch', () => {
  it('had its slot after the next attempt of the batch that gave one back', () => {
    expect(toFairShare(batch, smallFrom(17), 10)).toEqual({
      batchShards: 2,
      smallImages: 10,
      slotAfterBatchAttempts: 2,
      endedWhileInLine: 1,
      // The second asked before the small job was refused: it may have had its slot by then.
      batchSlotsMeanwhile: 0,
      batchAttemptsAfterSlot: 1,
      smallWaitSeconds: 7,
      smallSeconds: 11,
      batchSeconds: 30,
    });
  });

  it('shows it where the batch asked later and was served first', () => {
    const late = toFairShare(batch, smallFrom(25), 10);
    expect(late).toMatchObject({ batchSlotsMeanwhile: 1, batchAttemptsAfterSlot: 0, smallWaitSeconds: 15 });
    expect(isFair(late)).toBe(false);
  });

  it('may have the slot of an attempt that had run before it stood in line, and was settled then', () => {
    const settledLate = anHistory(
      { ...entered(pick), ...at(1) },
      { ...entered(run), ...at(2) },
      { ...exited(run), ...at(9) },
      { ...entered(settle), ...at(9) },
      { ...exited(settle), ...at(12) },
      { ...entered(pick), ...at(13) },
      { ...entered(run), ...at(14) },
    );
    const other = anHistory(
      { ...entered(pick), ...at(1) },
      { ...entered(run), ...at(2) },
      { ...exited(run), ...at(12) },
      { ...entered(settle), ...at(12) },
      { ...exited(settle), ...at(18) },
    ).map((event) => ({ ...event, id: Number(event.id) + 100, previousEventId: Number(event.previousEventId) + 100 }));
    const both = toFairShare([...settledLate, ...other], smallFrom(17), 10);
    expect(both).toMatchObject({ endedWhileInLine: 2, batchSlotsMeanwhile: 1 });
    expect(isFair(both)).toBe(true);
  });

  it('stands in line by its own refusal, not by a task that failed before', () => {
    const small = anHistory(
      { ...failed, ...at(3) },
      { ...entered(pick), ...at(10) },
      { ...failed, ...at(19) },
      { ...entered(run), ...at(25) },
    );
    expect(toFairShare(batch, small, 10)).toMatchObject({ batchSlotsMeanwhile: 0 });
  });

  it('stood in no line where it was never refused', () => {
    const small = anHistory({ ...entered(pick), ...at(10) }, { ...entered(run), ...at(25) });
    expect(toFairShare(batch, small, 10)).toMatchObject({ batchSlotsMeanwhile: 0, endedWhileInLine: 0 });
  });

  it('is no figure where it never ran', () => {
    expect(() => toFairShare(batch, anHistory(entered(pick)), 10)).toThrow(TypeError);
  });
});
