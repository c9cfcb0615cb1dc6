import { describe, expect, it } from 'vitest';
import { errorTable } from '../../../../functions/core/errors.ts';
import { forSlots, goneAt, slotUntil } from '../../../../functions/core/pick/slot-wait.ts';
import type { Verdict } from '../../../../functions/core/shard/classify-end.ts';
import machine from '../../../../statemachine/spot-diffusion.asl.json' with { type: 'json' };

const outcomes: readonly Verdict['outcome'][] = ['Succeeded', ...errorTable.map(({ name }) => name)];

describe('how long a slot is held at most', () => {
  it('covers the whole state of the machine and the idle tail after it', () => {
    const run = machine.States['Generate images'].ItemProcessor.States['Run GPU job'];
    expect(run.TimeoutSeconds).toBe('{% $states.input.pick.timeoutSeconds + 2400 %}');
    expect(slotUntil(5000, 1000)).toBe(5000 + (1000 + 2400 + 300) * 1000);
  });
});

describe('when the instance of an attempt is gone', () => {
  it.each(outcomes)('after %s', (outcome) => {
    const gone = ['SpotInterrupted', 'NoSpotCapacity'].includes(outcome);
    expect(goneAt({ outcome, usd: 0.01 }, 7000, 1)).toBe(gone ? 7000 : 7000 + 300_000);
  });

  it.each(outcomes)('is now after %s where there was none: it cost nothing', (outcome) => {
    expect(goneAt({ outcome, usd: 0 }, 7000, 1)).toBe(7000);
  });

  it('comes sooner where the local mode shortens the times', () => {
    expect(goneAt({ outcome: 'Succeeded', usd: 0.01 }, 7000, 0.02)).toBe(7000 + 6000);
  });
});

describe('the vCPUs that slots may hold', () => {
  it.each([
    [{ have: 16, others: 4 }, 12],
    [{ have: 16 }, 16],
    [{ have: 4, others: 8 }, 0],
    [{ others: 8 }, undefined],
    [{}, undefined],
  ])('of %j are %s', (room, vcpus) => {
    expect(forSlots(room)).toBe(vcpus);
  });
});
