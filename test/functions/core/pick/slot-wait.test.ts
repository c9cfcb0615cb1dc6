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

  it('is now where there never was one: it waited in vain, and cost nothing', () => {
    const outcome = 'WorkerNeverStarted';
    expect(goneAt({ outcome, usd: 0 }, 7000, 1)).toBe(7000);
    expect(goneAt({ outcome, usd: 0, hostSeconds: 0 }, 7000, 1)).toBe(7000);
  });

  it('comes later where one boots, or was there before', () => {
    expect(goneAt({ outcome: 'JobCanceled', usd: 0 }, 7000, 1)).toBe(307_000);
    expect(goneAt({ outcome: 'WorkerNeverStarted', usd: 0, hostSeconds: 600 }, 7000, 1)).toBe(307_000);
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
